import { ConfigError } from '@secapi/kernel';
import type { Filter, FilterCondition, Scalar } from '../condition.js';

/** How a filter is written in some language. */
export interface Language<Written> {
  readonly always: () => Written;
  readonly never: () => Written;
  readonly and: (parts: readonly Written[]) => Written;
  readonly or: (parts: readonly Written[]) => Written;
  readonly equal: (field: string, value: Exclude<Scalar, null>) => Written;
  /** Not equal, or null: a comparison with null is no answer in a database, and one that denies must not be lost by it. */
  readonly different: (field: string, value: Exclude<Scalar, null>) => Written;
  readonly missing: (field: string) => Written;
  readonly present: (field: string) => Written;
  readonly among: (field: string, values: readonly (string | number)[]) => Written;
  /** Not among them, or null. */
  readonly outside: (field: string, values: readonly (string | number)[]) => Written;
}

/** Writes a filter; `not` is carried down to the comparisons, so that no answer of three values is ever negated. */
export function write<Written>(filter: Filter, language: Language<Written>): Written {
  if (filter === 'all') return language.always();
  if (filter === 'none') return language.never();
  return each(filter, false, language);
}

function each<Written>(node: FilterCondition, negated: boolean, language: Language<Written>): Written {
  if ('not' in node) return each(node.not, !negated, language);
  if ('all' in node || 'any' in node) {
    const [parts, and] = 'all' in node ? [node.all, !negated] : [node.any, negated];
    const written = parts.map((part) => each(part, negated, language));
    return and ? language.and(written) : language.or(written);
  }
  const { field } = node;
  if ('oneOf' in node) {
    if (node.oneOf.length === 0) return negated ? language.always() : language.never();
    return (negated ? language.outside : language.among)(field, node.oneOf);
  }
  const { equals } = node;
  if (equals === null) return (negated ? language.present : language.missing)(field);
  return (negated ? language.different : language.equal)(field, equals);
}

/** What a list of allowed columns holds for a field; a field that isn't listed has no way into a query. */
export function listed<Column>(columns: Readonly<Record<string, Column>>, field: string): Column {
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (column !== undefined) return column;
  throw new ConfigError(
    'filter.columns',
    `lists no ${field}, which the policy's conditions name`,
    'list every field that they name, the tenant and id too',
  );
}
