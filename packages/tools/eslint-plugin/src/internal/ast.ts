import type { Scope } from 'eslint';
import type * as ESTree from 'estree';

/** A node as ESLint hands it out, TypeScript's own among them. */
export type Node = ESTree.Node & { readonly parent?: Node | null };

const wrappers: ReadonlySet<string> = new Set([
  'ChainExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
]);

/** The expression within `x as T`, `x!`, `x?.y` and the like. */
export function bare(node: Node): Node {
  let inner = node;
  while (wrappers.has(inner.type)) inner = (inner as unknown as { expression: Node }).expression; // all of them have one
  return inner;
}

/** The name of a property that is written out: `a.b`, `a['b']`. */
export function propertyName(node: ESTree.MemberExpression): string | undefined {
  const { property } = node;
  if (!node.computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** The last name of what is called: `query` of `db.query(…)`, of `db?.query(…)` and of `query(…)`. */
export function calledName(node: ESTree.SimpleCallExpression): string | undefined {
  const callee = bare(node.callee as Node);
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? propertyName(callee) : undefined;
}

/** A tag or a callee as it is written: `String.raw`, `sql`. */
export function dottedName(expression: ESTree.Expression | ESTree.Super): string {
  const node = bare(expression as Node);
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression') return '';
  return `${dottedName(node.object)}.${propertyName(node) ?? ''}`;
}

/** The variable that a name stands for, where it is used. */
export function variableOf(name: string, scope: Scope.Scope): Scope.Variable | undefined {
  for (let at: Scope.Scope | null = scope; at; at = at.upper) {
    const found = at.set.get(name);
    if (found) return found;
  }
  return undefined;
}

/** What a function gives when it is no more than one expression. */
export function resultOf(node: Node | undefined): Node | undefined {
  if (node?.type !== 'ArrowFunctionExpression' && node?.type !== 'FunctionExpression') return undefined;
  if (node.body.type !== 'BlockStatement') return node.body as Node;
  const [only, ...more] = node.body.body;
  return only?.type === 'ReturnStatement' && more.length === 0
    ? ((only.argument as Node) ?? undefined)
    : undefined;
}
