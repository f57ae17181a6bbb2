import { ConfigError, checkOptions } from '@secapi/kernel';
import { checkName, entriesOf, listOf } from './names.js';

/** The conditions under which a role has a permission; `undefined` stands for none: always. */
export type Conditions = Set<string | undefined>;

interface Role {
  readonly inherits: readonly string[];
  readonly grants: readonly (readonly [permission: string, condition: string | undefined])[];
}

const deepest = 32;

/** Every role with all it grants, its own and what it inherits. */
export function resolveRoles(
  option: unknown,
  actions: ReadonlyMap<string, readonly string[]>,
  conditions: ReadonlySet<string>,
): Map<string, Map<string, Conditions>> {
  const declared = new Map<string, Role>();
  for (const [name, definition] of entriesOf('policy.roles', option)) {
    checkName('policy.roles', name);
    declared.set(name, readRole(`policy.roles.${name}`, definition, actions, conditions));
  }
  const resolved = new Map<string, Map<string, Conditions>>();
  for (const name of declared.keys()) resolve(name, [], declared, resolved);
  return resolved;
}

function readRole(
  option: string,
  definition: unknown,
  actions: ReadonlyMap<string, readonly string[]>,
  conditions: ReadonlySet<string>,
): Role {
  checkOptions(option, definition, ['grants', 'inherits']);
  const role = definition as { grants?: unknown; inherits?: unknown }; // checked just above; its members are below
  const grants = listOf(`${option}.grants`, role.grants).flatMap((grant, i) => {
    const at = `${option}.grants[${i}]`;
    if (typeof grant === 'string') return expand(at, grant, undefined, actions);
    checkOptions(at, grant, ['permission', 'when']);
    const { permission, when } = grant as { permission?: unknown; when?: unknown }; // an object, by the line above
    if (typeof when !== 'string' || !conditions.has(when)) {
      const known = [...conditions].join(', ') || 'none is declared';
      throw new ConfigError(
        `${at}.when`,
        'is not a declared condition',
        `use one of policy.conditions (${known})`,
      );
    }
    return expand(`${at}.permission`, permission, when, actions);
  });
  const inherits = listOf(`${option}.inherits`, role.inherits).map((parent, i) =>
    checkName(`${option}.inherits[${i}]`, parent),
  );
  return { grants, inherits };
}

function expand(
  option: string,
  permission: unknown,
  condition: string | undefined,
  actions: ReadonlyMap<string, readonly string[]>,
): [string, string | undefined][] {
  const [resource = '', action = '', ...rest] = typeof permission === 'string' ? permission.split(':') : [];
  const known = rest.length === 0 ? actions.get(resource) : undefined;
  if (known && action === '*') return known.map((each) => [`${resource}:${each}`, condition]);
  if (known?.includes(action)) return [[`${resource}:${action}`, condition]];
  const names = known
    ? known.map((each) => `${resource}:${each}`)
    : [...actions.keys()].map((each) => `${each}:…`);
  throw new ConfigError(
    option,
    'is not a declared permission',
    `use one of policy.resources (${names.join(', ')})`,
  );
}

function resolve(
  name: string,
  above: readonly string[],
  declared: ReadonlyMap<string, Role>,
  resolved: Map<string, Map<string, Conditions>>,
): ReadonlyMap<string, Conditions> {
  const done = resolved.get(name);
  if (done) return done;
  const role = declared.get(name);
  const option = `policy.roles.${above.at(-1) ?? name}.inherits`;
  if (!role)
    throw new ConfigError(option, `names ${name}, which is not declared`, 'declare the role or leave it out');
  if (above.includes(name)) {
    const circle = [...above.slice(above.indexOf(name)), name].join(' > ');
    throw new ConfigError(option, `goes in a circle (${circle})`, 'take one of these inheritances out');
  }
  if (above.length >= deepest) {
    throw new ConfigError(option, `is more than ${deepest} roles deep`, 'grant to fewer levels of roles');
  }
  const all = new Map<string, Conditions>();
  const add = (permission: string, condition: string | undefined) => {
    const conditions = all.get(permission);
    if (conditions) conditions.add(condition);
    else all.set(permission, new Set([condition]));
  };
  for (const [permission, condition] of role.grants) add(permission, condition);
  for (const parent of role.inherits) {
    for (const [permission, conditions] of resolve(parent, [...above, name], declared, resolved)) {
      for (const condition of conditions) add(permission, condition);
    }
  }
  resolved.set(name, all);
  return all;
}
