import type { Filter, Scalar } from './condition.js';
import { type Language, listed, write } from './internal/fold.js';

/** The functions of `@secapi/sql`, or others like them: values become parameters, fragments parts of the text. */
export interface SqlTools<Fragment> {
  sql(
    strings: TemplateStringsArray,
    ...values: readonly (Exclude<Scalar, null> | readonly (string | number)[] | Fragment)[]
  ): Fragment;
  join(parts: readonly Fragment[], separator: ' AND ' | ' OR '): Fragment;
}

/**
 * A filter as a condition for PostgreSQL, for `WHERE`: never null, with every value as a parameter.
 *
 * Columns have to come back from the driver as the types that conditions compare with: `text`, `uuid`, `boolean`,
 * `integer` and `double precision` do; `numeric` comes as a text.
 *
 * @param columns what stands for each field, as the code writes it; nothing else gets into the query
 * @throws ConfigError when a condition names a field that `columns` doesn't list
 *
 * @example
 * ```ts
 * import { join, sql } from '@secapi/sql';
 * const mine = filterToSql(filterOf(policy, principal, 'post:read'), { sql, join }, { authorId: sql`p.author_id` });
 * db.query(sql`SELECT … FROM post p WHERE ${mine} ORDER BY …`);
 * ```
 */
export function filterToSql<Fragment>(
  filter: Filter,
  { sql, join }: SqlTools<Fragment>,
  columns: Readonly<Record<string, Fragment>>,
): Fragment {
  const column = (field: string): Fragment => listed(columns, field);
  const group =
    (separator: ' AND ' | ' OR '): Language<Fragment>['and'] =>
    (parts) =>
      sql`(${join(parts, separator)})`;
  return write<Fragment>(filter, {
    always: () => sql`TRUE`,
    never: () => sql`FALSE`,
    and: group(' AND '),
    or: group(' OR '),
    equal: (field, value) => sql`${column(field)} = ${value}`,
    different: (field, value) => sql`${column(field)} IS DISTINCT FROM ${value}`,
    missing: (field) => sql`${column(field)} IS NULL`,
    present: (field) => sql`${column(field)} IS NOT NULL`,
    among: (field, values) => sql`${column(field)} = ANY(${values})`,
    outside: (field, values) => sql`(${column(field)} IS NULL OR ${column(field)} <> ALL(${values}))`,
  });
}
