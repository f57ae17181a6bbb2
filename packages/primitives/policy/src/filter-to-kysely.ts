import type { Filter } from './condition.js';
import { listed, write } from './internal/fold.js';

/** What this needs of Kysely's expression builder, whose own types know the columns of a database. */
export interface KyselyBuilder<Expression> {
  (column: never, operator: never, value: never): Expression;
  and(parts: never): Expression;
  or(parts: never): Expression;
}

/**
 * A filter as an expression of Kysely, for `where((eb) => filterToKysely(filter, eb, { authorId: 'post.author_id' }))`.
 *
 * @param columns the column that stands for each field; nothing else gets into the query
 * @throws ConfigError when a condition names a field that `columns` doesn't list
 */
export function filterToKysely<Expression>(
  filter: Filter,
  builder: KyselyBuilder<Expression>,
  columns: Readonly<Record<string, string>>,
): Expression {
  // That the columns are those of the query is the list's writer's part: the database's schema isn't known here.
  const eb = builder as unknown as {
    (column: string, operator: string, value: unknown): Expression;
    and(parts: readonly Expression[]): Expression;
    or(parts: readonly Expression[]): Expression;
  };
  const column = (field: string): string => listed(columns, field);
  const missing = (field: string): Expression => eb(column(field), 'is', null);
  return write<Expression>(filter, {
    always: () => eb.and([]),
    never: () => eb.or([]),
    and: (parts) => eb.and(parts),
    or: (parts) => eb.or(parts),
    equal: (field, value) => eb(column(field), '=', value),
    different: (field, value) => eb(column(field), 'is distinct from', value),
    missing,
    present: (field) => eb(column(field), 'is not', null),
    among: (field, values) => eb(column(field), 'in', values),
    outside: (field, values) => eb.or([missing(field), eb(column(field), 'not in', values)]),
  });
}
