import type * as ESTree from 'estree';
import { bare, dottedName, type Node, resultOf } from './ast.js';
import { listOf } from './lists.js';
import { either, harmless, hole, type Shape, together, unknown } from './shape.js';
import { receiverOf } from './sinks.js';
import type { Tracer } from './trace.js';

/** Methods of strings that leave of them what could be SQL. */
const passing: ReadonlySet<string> = new Set([
  ...['trim', 'trimStart', 'trimEnd', 'toString', 'valueOf', 'toLowerCase', 'toUpperCase', 'normalize'],
  ...['slice', 'substring', 'substr', 'padStart', 'padEnd', 'repeat'],
]);
/** What gives a number, or another thing that is nobody's SQL. */
const numeric =
  /^(?:Number|parseInt|parseFloat|BigInt|Boolean|Number\.\w+|Math\.\w+|Date\.now|performance\.now|(?:\w+\.)*randomUUID)$/;

/** What a call gives, where it is one that puts strings together. */
export function traceCall(tracer: Tracer, node: ESTree.SimpleCallExpression): Shape {
  const name = dottedName(node.callee);
  const args = node.arguments.map((argument) =>
    argument.type === 'SpreadElement' ? unknown : (argument as Node),
  );
  if (numeric.test(name)) return harmless;
  if (name === 'String') return args.length > 0 ? shape(tracer, args[0]) : harmless;
  if (isFormat(tracer, node))
    return together(
      args.map((each) => shape(tracer, each)),
      node,
      ' ',
    );
  const { object, method = '' } = receiverOf(node) ?? {};
  if (!object) return unknown;
  if (method === 'join') return joined(tracer, object, args[0], node);
  if (passing.has(method)) return tracer.shapeOf(object);
  if (method === 'concat') {
    const base = tracer.shapeOf(object);
    return together([base, ...args.map((each) => shape(tracer, each))], node);
  }
  if (method === 'replace' || method === 'replaceAll') return replaced(tracer, object, args[1], node);
  return unknown;
}

function shape(tracer: Tracer, argument: Node | Shape | undefined): Shape {
  if (argument === undefined) return harmless;
  return 'type' in argument ? tracer.shapeOf(argument) : argument;
}

/** A list, put together with something between. */
function joined(tracer: Tracer, object: Node, separator: Node | Shape | undefined, at: Node): Shape {
  const items = listOf(tracer, object);
  if (!items) return unknown;
  const between = separator ? shape(tracer, separator) : undefined;
  const shapes = items.map((item) => (item ? tracer.shapeOf(item) : unknown));
  const all = between && between.kind !== 'constant' ? [...shapes, between] : shapes;
  return together(all, at, between?.kind === 'constant' ? between.text : ',');
}

function replaced(tracer: Tracer, object: Node, by: Node | Shape | undefined, at: Node): Shape {
  const base = tracer.shapeOf(object);
  if (base.kind === 'unknown') return unknown;
  const made = by && 'type' in by ? resultOf(bare(by)) : undefined;
  const put = made ? tracer.shapeOf(made) : shape(tracer, by);
  if (put.kind === 'constant') return base;
  const { text } = either([put, unknown]);
  return { kind: 'built', text: `${base.text}${text === hole ? hole : ` ${text}`}`, at: base.at ?? at };
}

/** Node's `util.format`; others of that name escape what they put in. */
function isFormat(tracer: Tracer, node: ESTree.SimpleCallExpression): boolean {
  const callee = bare(node.callee as Node);
  const root = callee.type === 'MemberExpression' ? bare(callee.object as Node) : callee;
  if (root.type !== 'Identifier') return false;
  const [definition] = tracer.variable(root)?.defs ?? [];
  if (definition?.type === 'ImportBinding') {
    const { node: binding, parent } = definition;
    const imported = binding.type === 'ImportSpecifier' ? binding.imported : undefined;
    const name = imported?.type === 'Identifier' ? imported.name : dottedName(node.callee).split('.')[1];
    return name === 'format' && isUtil(parent?.source?.value);
  }
  if (!/(?:^|\.)format$/.test(dottedName(node.callee))) return false;
  const init = definition?.type === 'Variable' ? definition.node.init : undefined;
  if (init?.type !== 'CallExpression' || dottedName(init.callee) !== 'require') return false;
  const [from] = init.arguments;
  return from?.type === 'Literal' && isUtil(from.value);
}

function isUtil(name: unknown): boolean {
  return name === 'util' || name === 'node:util';
}
