import type { PolicyContext } from '../condition.js';
import type { Decision, DecisionReason } from '../decision.js';
import type { ConditionFailure, PolicyPrincipal, RoleInTenant } from '../types.js';
import { inForce, inScope, isAbsent, type Question, textOf } from './asked.js';
import {
  type ContextWithFacts,
  factsOf,
  needsContext,
  needsFacts,
  needsResource,
  type Test,
} from './conditions.js';
import { own } from './names.js';
import { moreTelling, type Outcome } from './outcome.js';
import { type PermissionRule, type RoleRule, type Source, say, source } from './rules.js';

/** The members that hold tenants. */
export interface TenantMembers {
  readonly principal: string;
  readonly resource: string;
}

/** Decides about a resource, or with `some` whether there could be one. */
type Weigh = (
  rule: PermissionRule,
  principal: PolicyPrincipal,
  resource: unknown,
  context: PolicyContext | undefined,
  some: boolean,
) => Decision;

/** Weighs rules. */
export interface Judge {
  /** Decides for one principal, without whom it acts for. */
  readonly decide: Weigh;
  /** Decides by what is granted alone. */
  readonly grant: Weigh;
  /** Asks the conditions of one rule; `granted` says that they hold. */
  ask(
    of: Source,
    principal: PolicyPrincipal,
    resource: unknown,
    context: PolicyContext | undefined,
    some: boolean,
  ): Outcome;
  /** The principal's roles that count, with what they have of a permission. */
  rolesOf(rule: PermissionRule, principal: PolicyPrincipal): RoleRule[];
  /** The names of the principal's roles that count, where resources belong to tenants or where they don't. */
  namesOf(principal: PolicyPrincipal, inTenant: boolean): string[];
  /** What forbids a permission to the principal. */
  forbidsOf(rule: PermissionRule, principal: PolicyPrincipal): Source[];
  /** The principal's own grants of a permission. */
  grantsOf(rule: PermissionRule, asked: Question): OwnGrant[];
  /** The principal's tenant. */
  tenantOf(principal: PolicyPrincipal): string | undefined;
  /** Whether resource and principal are of one tenant, as far as there is a resource. */
  sameTenant(principal: PolicyPrincipal, resource: unknown): boolean;
}

/** A grant of the principal's own, with what comes of it and the one resource that it is for. */
export interface OwnGrant {
  readonly of: Source;
  readonly outcome: Outcome;
  readonly resource: string | undefined;
}

/** Makes a judge; it never throws, and never waits. */
export function createJudge(
  tenant: TenantMembers | undefined,
  onConditionError: ((error: unknown, failure: ConditionFailure) => void) | undefined,
): Judge {
  function decide(
    rule: PermissionRule,
    principal: PolicyPrincipal,
    resource: unknown,
    context: PolicyContext | undefined,
    some: boolean,
  ): Decision {
    if (principal.scopes !== undefined && !inScope(rule, principal)) {
      return deny(rule, resource, rule.byScope, 'out_of_scope');
    }
    if (rule.tenant && !sameTenant(principal, resource)) {
      return deny(rule, resource, rule.byTenant, 'other_tenant');
    }
    const missing = rule.needsResource && isAbsent(resource);
    let open = some && missing;
    let doubt: Decision | undefined;
    for (const forbid of forbidsOf(rule, principal)) {
      const outcome = ask(forbid, principal, resource, context, some);
      if (outcome === 'granted') return deny(rule, resource, forbid, 'forbidden');
      if (outcome === 'conditional') open = true;
      // A rule that can't say whether it forbids does.
      else if (outcome !== 'condition_failed') doubt ??= deny(rule, resource, forbid, outcome);
    }
    const decided = grant(rule, principal, resource, context, some);
    if (!decided.allowed) return decided;
    if (doubt) return doubt;
    if (missing && !some) return deny(rule, resource, rule.byTenant, 'resource_missing');
    return open ? Object.freeze({ ...decided, reason: 'conditional' }) : decided;
  }

  // Grants only add up, so one condition that fails leaves the others their say.
  function grant(
    rule: PermissionRule,
    principal: PolicyPrincipal,
    resource: unknown,
    context: PolicyContext | undefined,
    some: boolean,
  ): Decision {
    const { roles } = principal;
    let first: RoleRule | undefined;
    let at = 0;
    for (let i = 0; i < roles.length; i++) {
      const has = roleRule(rule, principal, roles[i]);
      if (has === undefined) continue;
      if (has.always !== undefined) return has.always.granted;
      if (first !== undefined) continue;
      first = has;
      at = i;
    }
    let best: Decision | undefined;
    for (let i = at; first !== undefined && i < roles.length; i++) {
      const has = i === at ? first : roleRule(rule, principal, roles[i]);
      if (has === undefined) continue;
      const { conditional } = has;
      for (let k = 0; k < conditional.length; k++) {
        const of = conditional[k] as Source; // within its length
        const outcome = ask(of, principal, resource, context, some);
        if (outcome === 'granted') return of.granted;
        best = moreTelling(best, deny(rule, resource, of, outcome));
      }
    }
    if (principal.grants !== undefined) {
      for (const { of, outcome } of grantsOf(rule, { principal, resource, context, some })) {
        if (outcome === 'granted') return of.granted;
        best = moreTelling(best, deny(rule, resource, of, outcome));
      }
    }
    return best ?? deny(rule, resource, rule.nobody, 'no_grant');
  }

  function ask(
    of: Source,
    principal: PolicyPrincipal,
    resource: unknown,
    context: PolicyContext | undefined,
    some: boolean,
  ): Outcome {
    const { needs, tests } = of;
    if ((needs & needsResource) !== 0 && isAbsent(resource)) return some ? 'conditional' : 'resource_missing';
    if (needs > needsResource) {
      if ((needs & needsContext) !== 0 && context === undefined) return 'context_missing';
      if ((needs & needsFacts) !== 0 && (context as ContextWithFacts | undefined)?.[factsOf] === undefined)
        return 'facts_missing';
    }
    for (let i = 0; i < tests.length; i++) {
      const test = tests[i] as Test; // within its length
      let problem: unknown;
      try {
        const result: unknown = test.run(principal, resource, context ?? nothing);
        if (result === true) continue;
        if (result === false) return 'condition_failed';
        // A promise is truthy and would pass, and one that rejects unheard ends the process.
        if (result instanceof Promise) result.catch(() => {});
        problem = new TypeError(`condition ${test.name} did not return a boolean`);
      } catch (thrown) {
        problem = thrown;
      }
      tell(problem, of, test.name);
      return 'condition_error';
    }
    return 'granted';
  }

  function tell(problem: unknown, { permission, role }: Source, condition: string): void {
    try {
      onConditionError?.(problem, { permission, ...(role !== undefined && { role }), condition });
    } catch {
      // Whoever listens can't change a denial into an exception.
    }
  }

  function rolesOf(rule: PermissionRule, principal: PolicyPrincipal): RoleRule[] {
    return principal.roles.flatMap((role) => roleRule(rule, principal, role) ?? []);
  }

  function roleRule(
    rule: PermissionRule,
    principal: PolicyPrincipal,
    role: string | RoleInTenant | undefined,
  ): RoleRule | undefined {
    if (typeof role === 'string') return rule.byRole.get(role);
    const name = nameOf(role, principal, rule.tenant);
    return name === undefined ? undefined : rule.byRole.get(name);
  }

  function namesOf(principal: PolicyPrincipal, inTenant: boolean): string[] {
    return principal.roles.flatMap((role) => nameOf(role, principal, inTenant) ?? []);
  }

  /** A role in one tenant counts where resources belong to tenants, and for the principal's own. */
  function nameOf(
    role: string | RoleInTenant | undefined,
    principal: PolicyPrincipal,
    inTenant: boolean,
  ): string | undefined {
    if (typeof role === 'string') return role;
    const where = inTenant ? tenantOf(principal) : undefined;
    return where !== undefined && own(role, 'tenant') === where ? textOf(own(role, 'role')) : undefined;
  }

  function forbidsOf(rule: PermissionRule, principal: PolicyPrincipal): Source[] {
    return [...rule.forbids, ...rolesOf(rule, principal).flatMap((role) => role.forbids)];
  }

  function grantsOf(rule: PermissionRule, asked: Question): OwnGrant[] {
    const grants = own(asked.principal, 'grants'); // own: what every object inherited would be a grant to everybody
    if (!Array.isArray(grants)) return [];
    return grants.flatMap((given: unknown, i) => {
      if (own(given, 'permission') !== rule.permission) return [];
      const of = source({ permission: rule.permission, rule: `principal.grants[${i}]` });
      return [{ of, outcome: inForce(given, asked), resource: textOf(own(given, 'resource')) }];
    });
  }

  function tenantOf(principal: PolicyPrincipal): string | undefined {
    return tenant && textOf(own(principal, tenant.principal));
  }

  function sameTenant(principal: PolicyPrincipal, resource: unknown): boolean {
    const mine = tenantOf(principal);
    if (mine === undefined) return false;
    return isAbsent(resource) || (tenant !== undefined && own(resource, tenant.resource) === mine);
  }

  return { decide, grant, ask, rolesOf, namesOf, forbidsOf, grantsOf, tenantOf, sameTenant };
}

/** A decision of a rule that is no grant; `conditional` is one as well, and nothing to conceal. */
export function deny(
  { conceal }: PermissionRule,
  resource: unknown,
  of: Source,
  reason: DecisionReason,
): Decision {
  return say(of, reason, conceal === 'always' || (conceal === 'resource' && !isAbsent(resource)));
}

const nothing: PolicyContext = Object.freeze({});
