import build, { join as joinFragments, Sql as LibrarySql } from 'sql-template-tag';
import { misuse } from './errors.js';

declare const made: unique symbol;

/** What may stand for a placeholder. An object for a JSON column is passed as `JSON.stringify(object)`. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly SqlValue[];

/** A query or a part of one. Only {@link sql} and its companions make it: nothing else has its type, and nothing else passes at run time. */
export interface Sql {
  /** With numbered placeholders, `$1`, for PostgreSQL. */
  readonly text: string;
  /** With `?` as placeholders, for MySQL and SQLite. */
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly [made]: true;
}

const genuine = new WeakSet<object>();
const checkedTemplates = new WeakSet<object>();

/**
 * A query as a template: every `${value}` becomes a placeholder, every `${fragment}` a part of the text (ASVS v5.0.0-1.2.4).
 *
 * @throws SecapiError `SQL_NOT_A_TEMPLATE` when called with a string, `SQL_VALUE_TYPE` for a value such as `undefined` or a plain object,
 * `SQL_UNKNOWN_FRAGMENT` for a fragment that others made, `SQL_PLACEHOLDER_IN_TEXT` for a `$1` written by hand
 *
 * @example
 * ```ts
 * const query = sql`SELECT id, title FROM posts WHERE title ILIKE ${like.contains(text)} LIMIT ${limit}`;
 * ```
 */
export function sql(strings: TemplateStringsArray, ...values: readonly (SqlValue | Sql)[]): Sql {
  if (!checkedTemplates.has(strings)) checkTemplate(strings);
  for (const value of values) checkValue(value);
  return adopt(build(strings, ...values));
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
  if (parts.length === 0)
    misuse('SQL_EMPTY_LIST', 'there is nothing to join: decide before what an empty list means');
  for (const part of parts) checkValue(part);
  return adopt(joinFragments(parts, separator));
}

/** Whether a value was made by {@link sql} or its companions, and not merely looks like it. */
export function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && genuine.has(value);
}

/** A text that is known to be SQL, as a fragment: for this package's own use. */
export function trusted(text: string): Sql {
  return adopt(new LibrarySql([text], []));
}

function adopt(query: LibrarySql): Sql {
  Object.freeze(query.strings);
  Object.freeze(query.values);
  genuine.add(query);
  return query as unknown as Sql; // the brand has no run-time part: the set above is it
}

function checkTemplate(strings: TemplateStringsArray): void {
  // a template's strings are frozen and know their raw form: no JSON text and no plain call can look like that
  if (!Array.isArray(strings) || !Array.isArray(strings.raw) || !Object.isFrozen(strings)) {
    misuse(
      'SQL_NOT_A_TEMPLATE',
      'sql is not called with a string: write it as a tag, sql`…`, with each value in its place',
    );
  }
  for (const text of strings) {
    if (typeof text !== 'string') misuse('SQL_NOT_A_TEMPLATE', 'the template has a broken escape sequence');
    if (/\$\d/.test(text)) {
      misuse(
        'SQL_PLACEHOLDER_IN_TEXT',
        'placeholders are numbered by themselves: put the value where $1 stands',
      );
    }
  }
  checkedTemplates.add(strings);
}

function checkValue(value: unknown): void {
  if (value === null || plainTypes.includes(typeof value)) return;
  if (isSql(value) || value instanceof Date || value instanceof Uint8Array) return;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (isSql(item)) misuse('SQL_UNKNOWN_FRAGMENT', 'a list of fragments is put together by join(…)');
      checkValue(item);
    }
    return;
  }
  if (value instanceof LibrarySql) {
    misuse(
      'SQL_UNKNOWN_FRAGMENT',
      'a fragment was not made by @secapi/sql: raw text has no way into a query',
    );
  }
  misuse(
    'SQL_VALUE_TYPE',
    `a value of type ${typeof value} has no place in a query: pass null for nothing, JSON.stringify(…) for an object`,
  );
}

const plainTypes: readonly string[] = ['string', 'number', 'bigint', 'boolean'];
