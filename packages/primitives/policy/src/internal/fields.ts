import { checkName, entriesOf, undeclared } from './names.js';

/** The fields of each resource that has rules, each with the permission that it takes, or none. */
export type Fields = ReadonlyMap<
  string,
  readonly (readonly [field: string, permission: string | undefined])[]
>;

type Declared = ReadonlyMap<string, unknown>;

/** Reads `readable` or `writable`. @throws ConfigError for unknown resources and permissions, and names that objects inherit */
export function readFields(
  option: string,
  value: unknown,
  resources: Declared,
  permissions: Declared,
): Fields {
  const fields = new Map<string, (readonly [string, string | undefined])[]>();
  for (const [name, rules] of entriesOf(option, value ?? {})) {
    const at = `${option}.${name}`;
    if (!resources.has(name)) undeclared(at, 'resource', 'resources', resources.keys());
    const list = entriesOf(at, rules).map(([field, demand]) => {
      checkName(at, field);
      if (demand === true) return [field, undefined] as const;
      if (typeof demand === 'string' && permissions.has(demand)) return [field, demand] as const;
      return undeclared(`${at}.${field}`, 'permission and not true', 'resources', permissions.keys());
    });
    fields.set(name, list);
  }
  return fields;
}
