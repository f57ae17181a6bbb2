import { ConfigError, checkOptions } from '@secapi/kernel';
import type { Concealment } from '../types.js';
import { readConditions } from './conditions.js';
import { type Fields, readFields } from './fields.js';
import type { TenantMembers } from './judge.js';
import { checkField, checkName, entriesOf, listOf, undeclared } from './names.js';
import { expand, type Lineages, type Names, readRoles, readRules } from './roles.js';
import { compileRules, type PermissionRule } from './rules.js';

/** A policy's options, checked and compiled. */
export interface Read {
  readonly readable: Fields;
  readonly writable: Fields;
  readonly rules: ReadonlyMap<string, PermissionRule>;
  readonly lineages: Lineages;
  readonly tenant: TenantMembers | undefined;
  /** The resources that belong to tenants. */
  readonly inTenants: ReadonlySet<string>;
}

const concealments: readonly unknown[] = ['always', 'resource', 'never'] satisfies Concealment[];

/** Checks and compiles a policy's options, but for who is told of errors. */
export function readPolicy(options: Readonly<Record<string, unknown>>): Read {
  const actions = readResources(options.resources);
  const names: Names = { actions, conditions: readConditions(options.conditions ?? {}) };
  const { rules: declared, lineages } = readRoles(options.roles, names);
  const tenant = readTenant(options.tenant, actions);
  const conceal = readConcealment(options.conceal ?? {}, actions);
  const inTenants = tenant?.of ?? new Set();
  const rules = compileRules({
    permissions: permissionsOf(actions),
    rules: declared,
    lineages,
    forbids: readRules('forbids', 'forbid', options.forbids, names),
    conceal,
    inTenants,
    withoutResource: tenant?.withoutResource ?? new Set(),
  });
  const fields = (use: 'readable' | 'writable') => readFields(`policy.${use}`, options[use], actions, rules);
  return {
    readable: fields('readable'),
    writable: fields('writable'),
    rules,
    lineages,
    tenant: tenant?.members,
    inTenants,
  };
}

function permissionsOf(actions: Names['actions']): string[] {
  return [...actions].flatMap(([name, list]) => list.map((action) => `${name}:${action}`));
}

function readResources(resources: unknown): Map<string, readonly string[]> {
  const actions = new Map<string, readonly string[]>();
  for (const [name, list] of entriesOf('policy.resources', resources)) {
    const option = `policy.resources.${checkName('policy.resources', name)}`;
    const names = listOf(option, list).map((action, i) => checkName(`${option}[${i}]`, action));
    if (names.length === 0) throw new ConfigError(option, 'has no action', "write some, such as ['read']");
    if (new Set(names).size < names.length)
      throw new ConfigError(option, 'names an action twice', 'write each once');
    actions.set(name, names);
  }
  return actions;
}

function readTenant(option: unknown, actions: Names['actions']) {
  if (option === undefined) return undefined;
  checkOptions('policy.tenant', option, ['principal', 'resource', 'of', 'withoutResource']);
  const given = option as Partial<Record<string, unknown>>; // by the line above
  const of = new Set(
    given.of === undefined
      ? actions.keys()
      : listOf('policy.tenant.of', given.of).map((name, i) => {
          if (typeof name === 'string' && actions.has(name)) return name;
          return undeclared(`policy.tenant.of[${i}]`, 'resource', 'resources', actions.keys());
        }),
  );
  const withoutResource = new Set(
    listOf('policy.tenant.withoutResource', given.withoutResource).flatMap((name, i) =>
      expand(`policy.tenant.withoutResource[${i}]`, name, actions),
    ),
  );
  const members: TenantMembers = {
    principal: checkField('policy.tenant.principal', given.principal ?? 'tenant'),
    resource: checkField('policy.tenant.resource', given.resource ?? 'tenantId'),
  };
  return { members, of, withoutResource };
}

function readConcealment(option: unknown, actions: Names['actions']): Map<string, Concealment> {
  const read = new Map<string, Concealment>();
  for (const [name, how] of entriesOf('policy.conceal', option)) {
    expand(`policy.conceal.${name}`, name, actions);
    if (!concealments.includes(how)) {
      throw new ConfigError(`policy.conceal.${name}`, 'is not known', "use 'always', 'resource' or 'never'");
    }
    read.set(name, how as Concealment); // one of the three, by the line above
  }
  return read;
}
