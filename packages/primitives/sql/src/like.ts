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
 * The right side of a `LIKE`: the pattern as a value, and its `ESCAPE`, which is the same in every database.
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
  return text.replaceAll(/[!%_]/g, '!$&');
}

function pattern(text: string): Sql {
  return sql`${text} ESCAPE '!'`;
}
