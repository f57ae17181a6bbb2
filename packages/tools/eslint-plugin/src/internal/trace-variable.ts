import type { Scope } from 'eslint';
import type * as ESTree from 'estree';
import { bare, type Node } from './ast.js';
import { listOf } from './lists.js';
import { constant, either, harmless, hole, type Shape, unknown } from './shape.js';
import { receiverOf } from './sinks.js';
import type { Tracer } from './trace.js';

/** What a variable can be: what it begins with, what is assigned to it, and what is added. */
export function traceVariable(tracer: Tracer, node: ESTree.Identifier): Shape {
  const variable = tracer.variable(node);
  if (!variable) return unknown;
  const known = tracer.shapes.get(variable);
  if (known) return known;
  const shape = shapeOf(tracer, variable);
  tracer.shapes.set(variable, shape);
  return shape;
}

function shapeOf(tracer: Tracer, variable: Scope.Variable): Shape {
  const [definition, ...others] = variable.defs;
  if (!definition || others.length > 0) return unknown;
  tracer.shapes.set(variable, constant('')); // where it begins with itself
  const bases = [beginning(tracer, variable, definition)];
  tracer.shapes.set(variable, bases[0] ?? unknown); // for `text = text + more`
  const added: { shape: Shape; at: Node }[] = [];
  for (const { identifier, init, writeExpr } of variable.references) {
    if (init || !writeExpr) continue;
    const write = (identifier as Node).parent;
    if (write?.type === 'UpdateExpression') continue;
    if (write?.type !== 'AssignmentExpression' || write.left !== identifier) bases.push(unknown);
    else if (write.operator === '=') bases.push(tracer.shapeOf(write.right));
    else if (write.operator === '+=') added.push({ shape: tracer.shapeOf(write.right), at: write });
  }
  // What it begins with is rarely more than `''` or a `let` without a value, when something is assigned later.
  const base = either(
    bases.length > 1 ? bases.filter(({ kind, text }) => kind !== 'constant' || text !== '') : bases,
  );
  const text = base.text + added.map(({ shape }) => shape.text).join('');
  if (added.length === 0 || text === hole) return base;
  const [fault] = added.filter(({ shape }) => shape.kind !== 'constant');
  if (!fault && base.kind !== 'unknown') return { ...base, text };
  return { kind: 'built', text, at: base.at ?? fault?.shape.at ?? fault?.at ?? (added[0]?.at as Node) };
}

function beginning(tracer: Tracer, variable: Scope.Variable, definition: Scope.Definition): Shape {
  if (definition.type === 'Parameter') return parameter(tracer, variable, definition.node as Node);
  if (definition.type !== 'Variable' || definition.node.id.type !== 'Identifier') return unknown;
  const declarator = definition.node as ESTree.VariableDeclarator & { parent?: Node | null };
  const loop = declarator.parent?.parent;
  if (loop?.type === 'ForOfStatement' && loop.left === declarator.parent) return entry(tracer, loop.right);
  if (loop?.type === 'ForInStatement' && loop.left === declarator.parent) return unknown;
  return declarator.init ? tracer.shapeOf(declarator.init) : constant('');
}

/** The item or the number that `map` and its like hand to their function. */
function parameter(tracer: Tracer, variable: Scope.Variable, node: Node): Shape {
  const call = node.parent;
  if (call?.type !== 'CallExpression' || call.arguments[0] !== node || !('params' in node)) return unknown;
  const { object, method } = receiverOf(call) ?? {};
  if (!object || !method || !walks.has(method)) return unknown;
  const place = node.params.findIndex((each) => each.type === 'Identifier' && each.name === variable.name);
  if (place === 1) return harmless;
  return place === 0 ? entry(tracer, object) : unknown;
}

const walks: ReadonlySet<string> = new Set(['map', 'flatMap', 'forEach', 'filter', 'some', 'every', 'find']);

/** One of a list. */
function entry(tracer: Tracer, list: Node): Shape {
  const items = listOf(tracer, bare(list));
  if (!items || items.length === 0) return unknown;
  const shapes = items.map((item) => item && tracer.shapeOf(item));
  return shapes.every((shape) => shape?.kind === 'constant') ? either(shapes as Shape[]) : unknown;
}
