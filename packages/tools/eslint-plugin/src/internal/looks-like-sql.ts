import { hole } from './shape.js';

/** Statements and parts of statements in capitals, as nobody writes prose. */
const capitals: readonly RegExp[] = [
  /^[\s(]*SELECT\s/,
  /\bSELECT\s[\s\S]*\sFROM\s/,
  /\b(?:INSERT|REPLACE|MERGE)\s+INTO\s/,
  /\bUPDATE\s[\s\S]*\sSET\s/,
  /\bDELETE\s+FROM\s/,
  /^\s*(?:CREATE|DROP|ALTER|TRUNCATE)\s[\s\S]*\b(?:TABLE|INDEX|VIEW|SCHEMA|DATABASE|USER|ROLE|FUNCTION|PROCEDURE|TRIGGER|EXTENSION|SEQUENCE|POLICY|TYPE)\b/,
  /^\s*(?:GRANT|REVOKE)\s[\s\S]*\s(?:ON|TO|FROM)\s/,
  /^\s*SET\s+[\w.]+\s*(?:=|TO)\s/,
  /^\s*(?:PRAGMA|TRUNCATE|VACUUM|CALL|SAVEPOINT)\s+[\w".(]*\0/,
  /\bWHERE\s+[\w."`\0]+\s*(?:[=<>~!]|LIKE\b|ILIKE\b|IN\b|IS\b|NOT\b|BETWEEN\b)/,
  /\b(?:ORDER|GROUP)\s+BY\s[\s\S]*\0/,
  /\b(?:AND|OR|HAVING|ON)\s+[\w."`]+\s*(?:[=<>~!]+|LIKE|ILIKE|IN)\s*['"%(]*\0/,
  /\bVALUES\s*\([\s\S]*\0/,
  /\bJOIN\s+\S+\s+ON\s/,
  /\bLIMIT\s+\S+\s+OFFSET\s/,
];

/** Statements in any case, with a sign in them that prose hasn't: `Select an item from ${list}` is none. */
const anyCase: readonly RegExp[] = [
  /^[\s(]*select\s+(?:distinct\s+)?(?:[\w"`]+\.)?\*\s*(?:,[\s\S]*)?\sfrom\s/i,
  /^[\s(]*select\s[\s\S]*\sfrom\s[\s\S]*\swhere\s+[\w."`\0]+\s*(?:[=<>~!]|like\s|ilike\s|in\s*\(|is\s+(?:not\s+)?null\b|between\s)/i,
  /^[\s(]*select\s[\s\S]*\sfrom\s+[\w."`\0]+\s+(?:\w+\s+)?(?:order\s+by|group\s+by|limit\s+[\d\0]|(?:left\s+|inner\s+)?join\s)/i,
  /^[\s(]*select\s+[\w."`]+(?:\s*,\s*[\w."`]+)+\s+from\s/,
  /\binsert\s+into\s+[\w."`\0]+\s*(?:\(|values\b|select\b|default\b)/i,
  /\bupdate\s+[\w."`\0]+\s+set\s+[\w."`\0]+\s*=/i,
  /\bdelete\s+from\s+[\w."`\0]+\s+where\s+[\w."`\0]+\s*(?:[=<>~!]|like\s|in\s*\(|is\s)/i,
  /\bwhere\s+[\w."`]+\s*(?:=|i?like)\s*'%?\0/i,
];

/** A file may hold a text of any length, and these patterns look at all of it again and again. */
const longest = 4_000;

/** Whether a text is SQL wherever it stands, passed to a database or not. */
export function looksLikeSql(text: string): boolean {
  const start = text.slice(0, longest);
  return capitals.some((pattern) => pattern.test(start)) || anyCase.some((pattern) => pattern.test(start));
}

const verbs = [
  ...[
    'select',
    'insert',
    'update',
    'delete',
    'create',
    'drop',
    'alter',
    'truncate',
    'with',
    'replace',
    'merge',
  ],
  ...['grant', 'revoke', 'pragma', 'vacuum', 'savepoint', 'explain', 'attach', 'analyze', 'reindex'],
];
/** Those that programs have as well, whose names are passed to functions called `exec`. */
const others = [
  ...[
    'call',
    'exec',
    'execute',
    'begin',
    'start',
    'set',
    'reset',
    'copy',
    'values',
    'rollback',
    'release',
    'commit',
  ],
  ...[
    'lock',
    'listen',
    'notify',
    'use',
    'show',
    'describe',
    'refresh',
    'do',
    'declare',
    'fetch',
    'comment',
    'table',
  ],
];
const statement = new RegExp(`^[\\s(]*(?:${verbs.join('|')})\\s`, 'i');
const anyStatement = new RegExp(`^[\\s(]*(?:${[...verbs, ...others].join('|')})[\\s\\0]`, 'i');

/** How sure it is that what a function takes is SQL. */
export type Sureness = 'fragment' | 'statement' | 'perhaps';

/** Whether a text that is passed to a function of databases can be the SQL that it takes. */
export function canBeSql(text: string, sureness: Sureness): boolean {
  if (looksLikeSql(text)) return true;
  if (sureness === 'perhaps') return statement.test(text);
  if (sureness === 'statement') return anyStatement.test(text) || text.trimStart().startsWith(hole);
  // Markup, paths, selectors, addresses and JSON are no conditions.
  return !/^\s*(?:[<{[/#.]|\w+:\/\/)/.test(text);
}
