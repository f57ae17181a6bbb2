import type { Scope, SourceCode } from 'eslint';
import type * as ESTree from 'estree';
import { bare, dottedName, type Node, propertyName, variableOf } from './ast.js';
import { constant, either, harmless, type Shape, together, unknown } from './shape.js';
import { traceCall } from './trace-call.js';
import { traceVariable } from './trace-variable.js';

/** Follows texts through a file. */
export interface Tracer {
  readonly shapeOf: (node: Node) => Shape;
  /** The variable behind a name. */
  readonly variable: (node: ESTree.Identifier) => Scope.Variable | undefined;
  readonly shapes: Map<Scope.Variable, Shape>;
}

/** Follows texts through a file: what they are made of, through constants, variables, lists and the methods of strings. */
export function createTracer(source: SourceCode, plainTags: ReadonlySet<string>): Tracer {
  const tracer: Tracer = {
    shapeOf: (node) => shapeOf(bare(node)),
    variable: (node) => variableOf(node.name, source.getScope(node)),
    shapes: new Map(),
  };
  const { shapeOf: trace } = tracer;

  function shapeOf(node: Node): Shape {
    switch (node.type) {
      case 'Literal':
        return constant('regex' in node ? '' : String(node.value));
      case 'TemplateLiteral':
        return template(node, node);
      case 'TaggedTemplateExpression':
        // Other tags get text and values apart, and do with them what they do.
        return plainTags.has(dottedName(node.tag)) ? template(node.quasi, node) : unknown;
      case 'BinaryExpression':
        return node.operator === '+'
          ? together(
              [node.left, node.right].map((side) => trace(side as Node)),
              node,
            )
          : harmless;
      case 'UnaryExpression':
      case 'UpdateExpression':
        return harmless;
      case 'AssignmentExpression':
        return node.operator === '='
          ? trace(node.right)
          : node.operator === '+='
            ? trace(node.left as Node)
            : harmless;
      case 'ConditionalExpression':
        return either([trace(node.consequent), trace(node.alternate)]);
      case 'LogicalExpression':
        return either([trace(node.left), trace(node.right)]);
      case 'SequenceExpression':
        return trace(node.expressions.at(-1) as Node);
      case 'CallExpression':
        return traceCall(tracer, node);
      case 'MemberExpression':
        return member(node);
      case 'Identifier':
        return node.name === 'undefined' || node.name === 'NaN' ? harmless : traceVariable(tracer, node);
      default:
        return unknown;
    }
  }

  function template({ quasis, expressions }: ESTree.TemplateLiteral, at: Node): Shape {
    const parts = quasis.flatMap((quasi, index) => {
      const value = expressions[index];
      const text = constant(quasi.value.cooked ?? quasi.value.raw);
      return value ? [text, trace(value as Node)] : [text];
    });
    return together(parts, at);
  }

  /** A length, or an entry of a table of constants. */
  function member(node: ESTree.MemberExpression): Shape {
    const name = propertyName(node);
    if (name === 'length') return harmless;
    const object = bare(node.object as Node);
    if (object.type !== 'Identifier') return unknown;
    const [definition] = tracer.variable(object)?.defs ?? [];
    if ((definition?.type as string | undefined) === 'TSEnumName') return harmless;
    const table =
      definition?.type === 'Variable' && definition.node.init
        ? bare(definition.node.init as Node)
        : undefined;
    const entries = table ? entriesOf(table) : [];
    const chosen = name === undefined ? entries : entries.filter(([key]) => key === name);
    const shapes = chosen.map(([, value]) => trace(value));
    return shapes.length > 0 && shapes.every(({ kind }) => kind === 'constant') ? either(shapes) : unknown;
  }

  return tracer;
}

function entriesOf(table: Node): [string | undefined, Node][] {
  if (table.type === 'ArrayExpression')
    return table.elements.map((element) => [undefined, (element ?? table) as Node]);
  if (table.type !== 'ObjectExpression') return [];
  return table.properties.map((property) => {
    if (property.type !== 'Property' || property.computed) return [undefined, property as Node];
    const { key } = property;
    const name =
      key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
    return [name, property.value as Node];
  });
}
