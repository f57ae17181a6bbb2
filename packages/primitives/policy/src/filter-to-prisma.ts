import type { Filter } from './condition.js';
import { listed, write } from './internal/fold.js';

/** What Prisma takes as `where`. */
export type PrismaWhere = { readonly [key: string]: unknown };

/** A field of a Prisma model: whether it can be null, which its client has to know. */
export type PrismaField = 'required' | 'nullable';

/**
 * A filter as Prisma's `where`. Prisma leaves rows with null out of what is "not" something; this takes them in where
 * the filter does.
 *
 * @param fields which of the model's fields may be named, and whether each can be null
 * @throws ConfigError when a condition names a field that `fields` doesn't list
 *
 * @example
 * ```ts
 * prisma.post.findMany({ where: filterToPrisma(filter, { authorId: 'required', teamId: 'nullable' }) });
 * ```
 */
export function filterToPrisma(filter: Filter, fields: Readonly<Record<string, PrismaField>>): PrismaWhere {
  const orNull = (field: string, where: PrismaWhere): PrismaWhere =>
    listed(fields, field) === 'nullable' ? { OR: [{ [field]: null }, where] } : where;
  const only = (field: string, condition: unknown): PrismaWhere => {
    listed(fields, field);
    return { [field]: condition };
  };
  const nullable = (field: string): boolean => listed(fields, field) === 'nullable';
  const never: PrismaWhere = { OR: [] };
  return write<PrismaWhere>(filter, {
    always: () => ({}),
    never: () => never,
    and: (parts) => ({ AND: [...parts] }),
    or: (parts) => ({ OR: [...parts] }),
    equal: (field, value) => only(field, { equals: value }),
    different: (field, value) => orNull(field, only(field, { not: value })),
    missing: (field) => (nullable(field) ? { [field]: null } : never),
    present: (field) => (nullable(field) ? { [field]: { not: null } } : {}),
    among: (field, values) => only(field, { in: [...values] }),
    outside: (field, values) => orNull(field, only(field, { notIn: [...values] })),
  });
}
