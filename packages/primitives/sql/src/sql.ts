import build, { join as joinParts, Sql as Parts } from 'sql-template-tag';
import { misuse } from './errors.js';
import { type Name, Query, render } from './internal/query.js';
import { checkTemplate } from './internal/template.js';
import { checkedValue } from './internal/value.js';

declare const made: unique symbol;

/** The databases that a query can be written for. */
export type Dialect = 'postgres' | 'mysql' | 'sqlite';

/** What may stand for a placeholder. An object for a JSON column is passed as `JSON.stringify(object)`. Lists are PostgreSQL's arrays. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly SqlValue[];

/** A query or a part of one. Only {@link sql} and its companions make it: nothing else has its type, and nothing else passes at run time. */
export interface Sql {
  /** For PostgreSQL, with `$1` and so on for the values; for others see {@link toDialect}. */
  readonly text: string;
  readonly values: readonly unknown[];
  readonly [made]: true;
}

/**
 * A query as a template: every `${value}` becomes a placeholder, every `${fragment}` a part of the text (ASVS v5.0.0-1.2.4).
 *
 * @throws SecapiError `SQL_NOT_A_TEMPLATE` when called with a string; `SQL_VALUE_TYPE` for a value such as `undefined` or a plain object and
 * `SQL_VALUE_NOT_STORABLE` for one such as `NaN` or a text with NUL; `SQL_UNKNOWN_FRAGMENT` for a fragment that others made;
 * `SQL_VALUE_IN_QUOTES` for `'${value}'`, `SQL_PLACEHOLDER_IN_TEXT` for a `$1` written by hand, `SQL_MANY_STATEMENTS` for a `;`,
 * `SQL_TEXT_UNCLOSED` and `SQL_TEXT_AMBIGUOUS` for quotes and comments that are open, or that databases read in different ways
 *
 * @example
 * ```ts
 * const query = sql`SELECT id, title FROM posts WHERE title ILIKE ${like.contains(text)} LIMIT ${limit}`;
 * ```
 */
export function sql(strings: TemplateStringsArray, ...values: readonly (SqlValue | Sql)[]): Sql {
  checkTemplate(strings);
  return adopt(build(strings, ...values.map(partOf)));
}

/** Nothing: for a part of a query that is left out. */
export const empty: Sql = adopt(build``);

/** What may stand between the parts that {@link join} puts together. */
export type Separator = ', ' | ' AND ' | ' OR ' | ' UNION ALL ' | ' ';
const separators: readonly string[] = [', ', ' AND ', ' OR ', ' UNION ALL ', ' '] satisfies Separator[];

/**
 * Values or fragments with a separator between them, as in `` sql`id IN (${join(ids)})` ``.
 *
 * @throws SecapiError `SQL_EMPTY_LIST` for none, since `IN ()` is not SQL: decide before what an empty list means
 */
export function join(parts: readonly (SqlValue | Sql)[], separator: Separator = ', '): Sql {
  if (!separators.includes(separator))
    misuse('SQL_UNKNOWN_FRAGMENT', 'the separator is not one of those listed');
  if (!Array.isArray(parts)) misuse('SQL_VALUE_TYPE', 'join takes a list');
  if (parts.length === 0)
    misuse('SQL_EMPTY_LIST', 'there is nothing to join: decide before what an empty list means');
  return adopt(joinParts(parts.map(partOf), separator));
}

/**
 * Rows of values for an `INSERT`, as in `` sql`INSERT INTO tag (post, name) VALUES ${rows(tags)}` ``: `($1, $2), ($3, $4)`.
 *
 * @throws SecapiError `SQL_EMPTY_LIST` for no row or no value, `SQL_RAGGED_ROWS` when one row is longer than another
 */
export function rows(lists: readonly (readonly (SqlValue | Sql)[])[]): Sql {
  if (!Array.isArray(lists) || !lists.every(Array.isArray))
    misuse('SQL_VALUE_TYPE', 'rows takes a list of lists');
  if (lists.some((list) => list.length !== lists[0]?.length))
    misuse('SQL_RAGGED_ROWS', 'one row has more values than another');
  return join(lists.map((list) => sql`(${join(list)})`));
}

/** Whether a value was made by {@link sql} or its companions, and not merely looks like it. */
export function isSql(value: unknown): value is Sql {
  return Query.is(value);
}

/**
 * A query as a database and its drivers take it: `$1` or `?`, names in the quotes of that database.
 *
 * With MySQL use a driver's `execute`, which sends values apart: `query` puts them into the text by itself, and does it wrong
 * where the server runs with `NO_BACKSLASH_ESCAPES`. {@link createRunner} does.
 *
 * @throws SecapiError `SQL_VALUE_TYPE` for a list, which PostgreSQL alone has, or a date for SQLite; `SQL_TEXT_AMBIGUOUS` for a text that means
 * another thing in that database, such as `?`; `SQL_TOO_MANY_VALUES`; `SQL_VALUE_TOUCHES_TEXT` for a value right beside a word
 */
export function toDialect(
  query: Sql,
  dialect: Dialect,
): { readonly text: string; readonly values: readonly unknown[] } {
  if (!Query.is(query))
    misuse('SQL_NOT_A_QUERY', 'only what sql`…` made is a query: a plain string never is');
  return render(query, dialect);
}

/** A name as a fragment: for this package's own use. */
export function nameFragment(name: Name): Sql {
  return adopt(new Parts(['', ''], [name]));
}

/** Its parts, or what is left of a value when it was checked. */
function partOf(value: unknown): unknown {
  if (Query.is(value)) return Query.partsOf(value);
  if (value instanceof Parts) {
    misuse(
      'SQL_UNKNOWN_FRAGMENT',
      'a fragment was not made by @secapi/sql: raw text has no way into a query',
    );
  }
  return checkedValue(value);
}

function adopt(parts: Parts): Sql {
  return new Query(parts) as unknown as Sql; // the brand has no run-time part: the query's private field is it
}
