const verbs =
  'select|insert|update|delete|create|drop|alter|truncate|with|replace|merge|grant|revoke|pragma|vacuum|savepoint|explain|attach|analyze|reindex';
const signs: readonly RegExp[] = [
  new RegExp(`['"\`][\\s(]*(?:${verbs})\\s`, 'i'),
  /\b(?:SELECT|INSERT|REPLACE|MERGE|UPDATE|DELETE|CREATE|DROP|ALTER|TRUNCATE|GRANT|REVOKE|SET|PRAGMA|VACUUM|CALL|SAVEPOINT|WHERE|BY|AND|OR|HAVING|VALUES|JOIN|LIMIT)\s/,
  /insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|\bwhere\s+[\w."`]+\s*(?:=|i?like)\s*'/i,
  /\b(?:\$?query\w*|\$?execute\w*|raw\w*|unsafe|\w+Raw\w*|runQuery|execS\w*|sql)\s*(?:<[^()]*>)?\(/,
];
const building = /\$\{|\+|\.join\(|\.concat\(|\.replace|format\(|\bf\(/;

/** Whether a file can hold what the rule finds. Most don't, and to parse them all takes many times as long as all the rest. */
export function mayHoldBuiltSql(text: string): boolean {
  return building.test(text) && signs.some((sign) => sign.test(text));
}
