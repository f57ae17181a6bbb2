import type * as ESTree from 'estree';
import { bare, dottedName, type Node, resultOf } from './ast.js';
import { receiverOf } from './sinks.js';
import type { Tracer } from './trace.js';

/** What keeps the items of a list as they are. */
const keeping: ReadonlySet<string> = new Set([
  ...['filter', 'slice', 'reverse', 'toReversed', 'sort', 'toSorted', 'concat', 'flat'],
]);

/** The items of a list that is written out, `undefined` for each that isn't; nothing where none is known. */
export function listOf(tracer: Tracer, node: Node): (Node | undefined)[] | undefined {
  if (node.type === 'ArrayExpression')
    return node.elements.map((item) => (item && item.type !== 'SpreadElement' ? (item as Node) : undefined));
  if (node.type === 'Identifier') return ofVariable(tracer, node);
  if (node.type !== 'CallExpression') return undefined;
  if (dottedName(node.callee) === 'Array.from') return one(resultOf(node.arguments[1] as Node));
  const { object, method = '' } = receiverOf(node) ?? {};
  if (!object) return undefined;
  if (method === 'map') return one(resultOf(node.arguments[0] as Node));
  if (method === 'fill') return one(node.arguments[0] as Node);
  return keeping.has(method) ? listOf(tracer, object) : undefined;
}

function one(item: Node | undefined): Node[] | undefined {
  return item && [item];
}

/** What a list begins with, and what is pushed to it later. */
function ofVariable(tracer: Tracer, node: ESTree.Identifier): (Node | undefined)[] | undefined {
  const variable = tracer.variable(node);
  const [definition] = variable?.defs ?? [];
  if (!variable || definition?.type !== 'Variable' || !definition.node.init) return undefined;
  const init = bare(definition.node.init as Node);
  if (init.type === 'Identifier' && init.name === node.name) return undefined;
  const items = listOf(tracer, init);
  const pushed = variable.references.flatMap(({ identifier }) => {
    const call = (identifier as Node).parent?.parent;
    if (call?.type !== 'CallExpression') return [];
    const { object, method } = receiverOf(call) ?? {};
    if (object !== identifier || (method !== 'push' && method !== 'unshift')) return [];
    return call.arguments.map((item) => (item.type === 'SpreadElement' ? undefined : (item as Node)));
  });
  return items && [...items, ...pushed];
}
