import { ConfigError } from '@secapi/kernel';
import type { Decision } from '../decision.js';
import type { PolicyPrincipal } from '../types.js';
import { checkName, entriesOf } from './names.js';

/** The fields of each resource that has rules, each with the permission that it takes, or none. */
type Readable = ReadonlyMap<string, readonly (readonly [field: string, permission: string | undefined])[]>;

/** Reads `readable`. @throws ConfigError for unknown resources and permissions, and names that objects inherit */
export function readReadable(
  option: unknown,
  resources: { has(name: string): boolean },
  permissions: ReadonlySet<string>,
): Readable {
  const readable = new Map<string, [string, string | undefined][]>();
  for (const [name, rules] of entriesOf('policy.readable', option)) {
    const at = `policy.readable.${name}`;
    if (!resources.has(name)) throw new ConfigError(at, 'is no resource', 'name one of policy.resources');
    const fields = entriesOf(at, rules).map(([field, demand]): [string, string | undefined] => {
      checkName(at, field);
      if (demand === true) return [field, undefined];
      if (typeof demand === 'string' && permissions.has(demand)) return [field, demand];
      throw new ConfigError(
        `${at}.${field}`,
        'is neither true nor a permission',
        `write true, or one of ${[...permissions].join(', ')}`,
      );
    });
    readable.set(name, fields);
  }
  return readable;
}

/** A new object with the fields of a record that somebody may read, of those that it has itself. */
export function viewOf(
  fields: readonly (readonly [string, string | undefined])[],
  principal: PolicyPrincipal | undefined,
  record: object,
  decide: (principal: PolicyPrincipal, permission: string, record: object) => Decision,
): object {
  const decided = new Map<string, boolean>();
  const may = (permission: string): boolean => {
    if (!principal) return false;
    const known = decided.get(permission) ?? decide(principal, permission, record).allowed;
    decided.set(permission, known);
    return known;
  };
  return Object.fromEntries(
    fields.flatMap(([field, permission]) =>
      Object.hasOwn(record, field) && (permission === undefined || may(permission))
        ? [[field, (record as Record<string, unknown>)[field]]] // its own member
        : [],
    ),
  );
}
