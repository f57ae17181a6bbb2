import { ConfigError, checkOptions } from '@secapi/kernel';
import type { FieldLists, FieldRuleSet, FieldRules, FieldScope, FieldUse, Holds } from './field-rules.js';
import { checkField, entriesOf, listOf } from './internal/names.js';

export type { FieldRule, FieldRuleSet, FieldRules, FieldUse } from './field-rules.js';

interface RoleFields {
  readonly always: readonly string[];
  readonly conditional: readonly { readonly fields: readonly string[]; readonly holds: Holds }[];
}

const none: readonly string[] = Object.freeze([]);

/**
 * Which roles may read and write which fields, for the option `fields` of `createPolicy`. A field that no rule names
 * is neither readable nor writable, for nobody.
 *
 * @example
 * ```ts
 * fields: fieldRules({
 *   post: {
 *     read: { user: ['id', 'title', { fields: ['draft'], when: 'owner' }], admin: ['address'] },
 *     write: { user: [{ fields: ['title'], when: 'owner' }] },
 *   },
 * })
 * ```
 */
export function fieldRules<const Declared extends Readonly<Record<string, FieldRules>>>(
  declared: Declared,
): FieldRuleSet<Declared> {
  return Object.freeze({
    declared,
    compile: (scope) => compile(declared, scope),
  } satisfies FieldRuleSet<Declared>);
}

function compile(declared: unknown, scope: FieldScope): FieldLists {
  const lists = new Map<string, ReadonlyMap<string, RoleFields>>();
  for (const [name, rules] of entriesOf('policy.fields', declared)) {
    const place = `fields.${name}`;
    if (!scope.resources.has(name)) {
      throw new ConfigError(`policy.${place}`, 'is not a declared resource', 'use one of policy.resources');
    }
    checkOptions(`policy.${place}`, rules, ['read', 'write']);
    const given = rules as Partial<Record<FieldUse, unknown>>; // by the line above
    for (const use of ['read', 'write'] as const) {
      lists.set(`${use} ${name}`, readRoles(`${place}.${use}`, given[use] ?? {}, scope));
    }
  }

  return function fieldsOf(use, name, roles, principal, resource, context) {
    const byRole = lists.get(`${use} ${name}`);
    if (!byRole) return none;
    const found: (readonly string[])[] = [];
    for (const role of roles) {
      const has = byRole.get(role);
      if (!has) continue;
      found.push(has.always);
      for (const { fields, holds } of has.conditional) {
        if (holds(principal, resource, context)) found.push(fields);
      }
    }
    return found.length === 1 ? (found[0] ?? none) : union(found);
  };
}

function readRoles(place: string, option: unknown, scope: FieldScope): Map<string, RoleFields> {
  const declared = new Map<string, RoleFields>();
  for (const [role, list] of entriesOf(`policy.${place}`, option)) {
    if (!scope.lineages.has(role)) {
      throw new ConfigError(`policy.${place}.${role}`, 'is not a declared role', 'use one of policy.roles');
    }
    declared.set(role, readRole(`${place}.${role}`, list, role, scope));
  }
  const whole = new Map<string, RoleFields>();
  for (const [role, lineage] of scope.lineages) {
    const parts = lineage.flatMap((each) => declared.get(each) ?? []);
    if (parts.length === 0) continue;
    whole.set(role, {
      always: union(parts.map((part) => part.always)),
      conditional: parts.flatMap((part) => part.conditional),
    });
  }
  return whole;
}

function readRole(place: string, list: unknown, role: string, scope: FieldScope): RoleFields {
  const always: string[] = [];
  const conditional: { fields: readonly string[]; holds: Holds }[] = [];
  for (const [i, rule] of listOf(`policy.${place}`, list).entries()) {
    const at = `${place}[${i}]`;
    if (typeof rule === 'string') {
      always.push(checkField(`policy.${at}`, rule));
      continue;
    }
    checkOptions(`policy.${at}`, rule, ['fields', 'when']);
    const given = rule as { fields?: unknown; when?: unknown }; // by the line above
    const fields = listOf(`policy.${at}.fields`, given.fields).map((field, k) =>
      checkField(`policy.${at}.fields[${k}]`, field),
    );
    conditional.push({ fields, holds: scope.holds(at, role, given.when) });
  }
  return { always, conditional };
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return Object.freeze([...new Set(lists.flat())]);
}
