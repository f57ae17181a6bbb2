import type * as ESTree from 'estree';
import { bare, calledName, type Node, propertyName } from './ast.js';
import type { Sureness } from './looks-like-sql.js';

/** Functions of drivers and query builders that take SQL as a text. */
const known: ReadonlyMap<string, Sureness> = new Map<string, Sureness>([
  ...['query', 'queryRaw', 'executeQuery', 'runQuery', 'executeSql', 'execSql', 'execSQL'].map(
    takes('statement'),
  ),
  ...['$queryRaw', '$executeRaw', '$queryRawUnsafe', '$executeRawUnsafe', 'sql'].map(takes('statement')),
  ...['raw', 'unsafe', 'rawQuery', 'whereRaw', 'orWhereRaw', 'andWhereRaw', 'havingRaw'].map(
    takes('fragment'),
  ),
  ...['orderByRaw', 'groupByRaw', 'joinRaw', 'selectRaw', 'fromRaw'].map(takes('fragment')),
  ...['execute', 'exec', 'prepare', 'run', 'all', 'get', 'each', 'iterate'].map(takes('perhaps')),
]);

function takes(sureness: Sureness): (name: string) => [string, Sureness] {
  return (name) => [name, sureness];
}

/** What a call passes to a database, where it does. */
export interface Passed {
  readonly to: string;
  readonly sureness: Sureness;
  readonly texts: readonly Node[];
}

/** The texts that a call hands to a function that takes SQL. */
export function passedBy(node: ESTree.SimpleCallExpression, more: ReadonlySet<string>): Passed | undefined {
  const to = calledName(node);
  if (to === undefined) return undefined;
  const sureness = more.has(to) ? 'fragment' : known.get(to);
  const [first] = node.arguments;
  if (sureness === undefined || first === undefined || first.type === 'SpreadElement') return undefined;
  return { to, sureness, texts: textsOf(bare(first as Node)) };
}

const keys: ReadonlySet<string> = new Set(['text', 'sql', 'query', 'statement']);

/** The text itself, or that of `{ text, values }`. */
function textsOf(argument: Node): Node[] {
  if (argument.type !== 'ObjectExpression') return [argument];
  return argument.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.computed) return [];
    const { key } = property;
    const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? key.value : undefined;
    return typeof name === 'string' && keys.has(name) ? [property.value as Node] : [];
  });
}

/** The object of a method call: `a` of `a.join()`. */
export function receiverOf(node: ESTree.SimpleCallExpression): { object: Node; method: string } | undefined {
  const callee = bare(node.callee as Node);
  if (callee.type !== 'MemberExpression') return undefined;
  const method = propertyName(callee);
  return method === undefined ? undefined : { object: bare(callee.object as Node), method };
}
