import { ConfigError, checkOptions } from '@secapi/kernel';
import { readWhen, type Test } from './conditions.js';
import { checkName, entriesOf, listOf, undeclared } from './names.js';

/** One rule as it is declared, with its wildcard expanded: a permission, always or under conditions. */
export interface DeclaredRule {
  readonly effect: 'grant' | 'forbid';
  readonly permission: string;
  readonly tests: readonly Test[];
  /** Where it stands, such as `roles.user.grants[1]`. */
  readonly place: string;
}

/** What rules may name. */
export interface Names {
  readonly actions: ReadonlyMap<string, readonly string[]>;
  readonly conditions: ReadonlyMap<string, Test>;
}

/** Every role with the roles whose rules it has: itself first, then what it inherits, each once. */
export type Lineages = ReadonlyMap<string, readonly string[]>;

interface Role {
  readonly inherits: readonly string[];
  readonly rules: readonly DeclaredRule[];
}

const deepest = 32;

/** Reads every role with its own rules, and who inherits from whom. */
export function readRoles(
  option: unknown,
  names: Names,
): { rules: Map<string, readonly DeclaredRule[]>; lineages: Lineages } {
  const declared = new Map<string, Role>();
  for (const [name, definition] of entriesOf('policy.roles', option)) {
    checkName('policy.roles', name);
    declared.set(name, readRole(`roles.${name}`, definition, names));
  }
  const lineages = new Map<string, readonly string[]>();
  for (const name of declared.keys()) resolve(name, [], declared, lineages);
  return { rules: new Map([...declared].map(([name, { rules }]) => [name, rules])), lineages };
}

/** Reads a list of grants or forbids. */
export function readRules(
  place: string,
  effect: DeclaredRule['effect'],
  list: unknown,
  { actions, conditions }: Names,
): DeclaredRule[] {
  return listOf(`policy.${place}`, list).flatMap((rule, i): DeclaredRule[] => {
    const at = `${place}[${i}]`;
    let permission: unknown = rule;
    let tests: readonly Test[] = [];
    if (typeof rule !== 'string') {
      checkOptions(`policy.${at}`, rule, ['permission', 'when']);
      const given = rule as { permission?: unknown; when?: unknown }; // an object, by the line above
      permission = given.permission;
      tests = readWhen(`policy.${at}.when`, given.when, conditions);
    }
    const from = `policy.${at}${typeof rule === 'string' ? '' : '.permission'}`;
    return expand(from, permission, actions).map((each) => ({ effect, permission: each, tests, place: at }));
  });
}

/** The permissions that a text stands for: one, or with `*` all of a resource's. */
export function expand(
  option: string,
  permission: unknown,
  actions: ReadonlyMap<string, readonly string[]>,
): string[] {
  const [resource = '', action = '', ...rest] = typeof permission === 'string' ? permission.split(':') : [];
  const known = rest.length === 0 ? actions.get(resource) : undefined;
  if (known && action === '*') return known.map((each) => `${resource}:${each}`);
  if (known?.includes(action)) return [`${resource}:${action}`];
  const names = known
    ? known.map((each) => `${resource}:${each}`)
    : [...actions.keys()].map((each) => `${each}:…`);
  return undeclared(option, 'permission', 'resources', names);
}

function readRole(place: string, definition: unknown, names: Names): Role {
  checkOptions(`policy.${place}`, definition, ['grants', 'forbids', 'inherits']);
  const role = definition as { grants?: unknown; forbids?: unknown; inherits?: unknown }; // checked just above
  return {
    rules: [
      ...readRules(`${place}.grants`, 'grant', role.grants, names),
      ...readRules(`${place}.forbids`, 'forbid', role.forbids, names),
    ],
    inherits: listOf(`policy.${place}.inherits`, role.inherits).map((parent, i) =>
      checkName(`policy.${place}.inherits[${i}]`, parent),
    ),
  };
}

function resolve(
  name: string,
  above: readonly string[],
  declared: ReadonlyMap<string, Role>,
  lineages: Map<string, readonly string[]>,
): readonly string[] {
  const done = lineages.get(name);
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
  const lineage = new Set([name]);
  for (const parent of role.inherits) {
    for (const each of resolve(parent, [...above, name], declared, lineages)) lineage.add(each);
  }
  const all = [...lineage];
  lineages.set(name, all);
  return all;
}
