import { ConfigError } from '@secapi/kernel';
import { misuse } from './errors.js';
import { Name } from './internal/query.js';
import { isSql, nameFragment, type Sql } from './sql.js';

const pattern = /^[A-Za-z_][A-Za-z0-9_]{0,62}(?:\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/;

/**
 * The name of a column or table as a quoted fragment, one of those that the code itself lists; `table.column` becomes `"table"."column"`,
 * in MySQL with its own quotes. Quoted names keep their case.
 *
 * @param name may come from a request
 * @param allowed never comes from a request
 * @throws ConfigError when a listed name isn't an identifier or nothing is listed
 * @throws SecapiError `SQL_IDENTIFIER_NOT_ALLOWED` when `name` is not listed; the message doesn't hold it
 *
 * @example
 * ```ts
 * sql`SELECT id FROM posts ORDER BY ${identifier(sort, ['created_at', 'title'])}`;
 * ```
 */
export function identifier<const Listed extends string>(name: string, allowed: readonly Listed[]): Sql {
  if (!Array.isArray(allowed) || allowed.length === 0) {
    throw new ConfigError(
      'identifier.allowed',
      'lists nothing',
      "list the names, for example ['created_at']",
    );
  }
  for (const [index, listed] of allowed.entries()) {
    if (typeof listed !== 'string' || !pattern.test(listed)) {
      throw new ConfigError(
        `identifier.allowed[${index}]`,
        'is not an identifier',
        'use letters, digits and _, at most 63, with one dot at most',
      );
    }
  }
  const listed = allowed.find((candidate) => candidate === name);
  if (listed === undefined) misuse('SQL_IDENTIFIER_NOT_ALLOWED', 'the identifier is not one of those listed');
  return nameFragment(new Name(listed.split('.')));
}

/**
 * One of several fragments, by a key that may come from a request: for what is neither a value nor a name, such as a direction.
 *
 * @throws ConfigError when a fragment was not made by `sql`
 * @throws SecapiError `SQL_CHOICE_NOT_ALLOWED` when there is no such key; the message doesn't hold it
 *
 * @example
 * ```ts
 * sql`SELECT id FROM posts ORDER BY ${choose(order, { newest: sql`created_at DESC`, title: sql`title ASC` })}`;
 * ```
 */
export function choose(key: string, fragments: Readonly<Record<string, Sql>>): Sql {
  for (const [name, fragment] of Object.entries(fragments)) {
    if (!isSql(fragment)) throw new ConfigError(`choose.${name}`, 'is not a fragment', 'write it as sql`…`');
  }
  // Not what every object inherits: `constructor` is no choice.
  const chosen = typeof key === 'string' && Object.hasOwn(fragments, key) ? fragments[key] : undefined;
  if (chosen === undefined) misuse('SQL_CHOICE_NOT_ALLOWED', 'the choice is not one of those listed');
  return chosen;
}
