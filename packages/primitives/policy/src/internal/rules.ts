import { type DecidingRule, type Decision, type DecisionReason, decision } from '../decision.js';
import type { Concealment } from '../types.js';
import type { Test } from './conditions.js';
import type { DeclaredRule, Lineages } from './roles.js';

type Said = Partial<Record<DecisionReason, Decision>>;

/** Whatever can decide, with the decisions that it has made so far: each is made once. */
export interface Source extends DecidingRule {
  readonly tests: readonly Test[];
  /** The sum of what its tests need. */
  readonly needs: number;
  readonly granted: Decision;
  readonly said: Said;
  readonly concealed: Said;
}

/** What one role has of one permission. */
export interface RoleRule {
  /** The decision when the role has it in any case. */
  readonly always: Source | undefined;
  readonly conditional: readonly Source[];
  readonly forbids: readonly Source[];
}

/** One permission with the roles that have it. */
export interface PermissionRule {
  readonly permission: string;
  readonly wildcard: string;
  readonly byRole: ReadonlyMap<string, RoleRule>;
  /** What the policy itself forbids. */
  readonly forbids: readonly Source[];
  /** Whether roles are all that it takes: nothing forbids it, and there are no tenants. */
  readonly plain: boolean;
  /** Whether its resources belong to tenants. */
  readonly tenant: boolean;
  /** Whether it makes no sense without a resource. */
  readonly needsResource: boolean;
  readonly conceal: Concealment;
  /** Decides what no rule did. */
  readonly nobody: Source;
  /** Decides about tenants, and about scopes. */
  readonly byTenant: Source;
  readonly byScope: Source;
}

/** What rules are compiled from. */
export interface Declared {
  readonly permissions: Iterable<string>;
  readonly rules: ReadonlyMap<string, readonly DeclaredRule[]>;
  readonly lineages: Lineages;
  readonly forbids: readonly DeclaredRule[];
  /** By permission, and by wildcard for all that isn't named. */
  readonly conceal: ReadonlyMap<string, Concealment>;
  /** The resources that belong to tenants. */
  readonly inTenants: ReadonlySet<string>;
  readonly withoutResource: ReadonlySet<string>;
}

/** Turns roles with their rules round: permission first, then role, each a single look-up. */
export function compileRules(declared: Declared): Map<string, PermissionRule> {
  const rules = new Map<string, PermissionRule & { byRole: Map<string, RoleRule>; plain: boolean }>();
  for (const permission of declared.permissions) {
    const forbids = declared.forbids
      .filter((rule) => rule.permission === permission)
      .map((rule) => sourceOf(rule, undefined));
    const [resource] = permission.split(':', 1) as [string]; // a text has a first part
    const wildcard = `${resource}:*`;
    const tenant = declared.inTenants.has(resource);
    rules.set(permission, {
      permission,
      wildcard,
      byRole: new Map(),
      forbids,
      plain: !tenant && forbids.length === 0,
      tenant,
      needsResource: tenant && !declared.withoutResource.has(permission),
      conceal: declared.conceal.get(permission) ?? declared.conceal.get(wildcard) ?? 'resource',
      nobody: source({ permission }),
      byTenant: source({ permission, rule: 'tenant' }),
      byScope: source({ permission, rule: 'scopes' }),
    });
  }
  for (const [role, lineage] of declared.lineages) {
    for (const [permission, own] of byPermission(lineage.flatMap((each) => declared.rules.get(each) ?? []))) {
      const rule = rules.get(permission);
      if (!rule) continue; // every rule's permission was checked to be declared
      const compiled = roleRule(role, own);
      rule.byRole.set(role, compiled);
      if (compiled.forbids.length > 0) rule.plain = false;
    }
  }
  return rules;
}

function byPermission(rules: readonly DeclaredRule[]): Map<string, DeclaredRule[]> {
  const grouped = new Map<string, DeclaredRule[]>();
  for (const rule of rules) {
    const group = grouped.get(rule.permission);
    if (group) group.push(rule);
    else grouped.set(rule.permission, [rule]);
  }
  return grouped;
}

function roleRule(role: string, rules: readonly DeclaredRule[]): RoleRule {
  const pick = (effect: DeclaredRule['effect']) =>
    rules.filter((rule) => rule.effect === effect).map((rule) => sourceOf(rule, role));
  const grants = pick('grant');
  const always = grants.find(({ tests }) => tests.length === 0);
  // What is granted in any case needs no condition.
  return { always, conditional: always ? [] : grants, forbids: pick('forbid') };
}

function sourceOf({ permission, place, tests }: DeclaredRule, role: string | undefined): Source {
  return source({ permission, role, rule: place }, tests);
}

/** Makes what can decide. */
export function source(about: DecidingRule, tests: readonly Test[] = []): Source {
  let needs = 0;
  for (const test of tests) needs |= test.needs;
  const condition = tests.map(({ name }) => name).join('+') || undefined;
  const of = { ...about, condition };
  return { ...of, tests, needs, granted: decision(of, 'granted'), said: {}, concealed: {} };
}

/** A decision of this source. */
export function say(of: Source, reason: DecisionReason, conceal: boolean): Decision {
  const said = conceal ? of.concealed : of.said;
  said[reason] ??= decision(of, reason, conceal);
  return said[reason];
}
