import { misuse } from './errors.js';
import { type Sql, sql } from './sql.js';

/** Patterns for `LIKE` and `ILIKE` in which `%` and `_` of the text stand for themselves. */
export interface Like {
  /** The text somewhere. */
  readonly contains: (text: string) => Sql;
  /** The text at the beginning. */
  readonly startsWith: (text: string) => Sql;
  /** The text at the end. */
  readonly endsWith: (text: string) => Sql;
}

/**
 * The right side of a `LIKE`: the pattern as a value, and its `ESCAPE`, which is the same in every database: a backslash, their default, is a sign
 * like others in it, so that neither MySQL's second meaning of it nor `NO_BACKSLASH_ESCAPES` matters.
 *
 * @example
 * ```ts
 * sql`SELECT id FROM posts WHERE title ILIKE ${like.contains(text)}`;
 * ```
 */
export const like: Like = {
  contains: (text) => pattern(`%${escaped(text)}%`),
  startsWith: (text) => pattern(`${escaped(text)}%`),
  endsWith: (text) => pattern(`%${escaped(text)}`),
};

function escaped(text: string): string {
  if (typeof text !== 'string') misuse('SQL_VALUE_TYPE', 'a pattern is made of a text');
  return text.replaceAll(/[!%_]/g, '!$&');
}

function pattern(text: string): Sql {
  return sql`${text} ESCAPE '!'`;
}
