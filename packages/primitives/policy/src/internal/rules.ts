import { type Decision, decision } from '../decision.js';
import type { Condition, ConditionTest, PolicyPrincipal } from '../types.js';
import type { Conditions } from './roles.js';

/** One way for a role to have a permission under a condition, with its outcomes made beforehand. */
export interface ConditionalRule {
  readonly role: string;
  readonly name: string;
  readonly needsResource: boolean;
  readonly test: ConditionTest;
  readonly granted: Decision;
  readonly possible: Decision;
  readonly failed: Decision;
  readonly error: Decision;
  readonly missing: Decision;
}

/** What one role has of one permission. */
export interface RoleRule {
  /** The decision when the role has it in any case. */
  readonly always: Decision | undefined;
  readonly conditional: readonly ConditionalRule[];
}

/** One permission with the roles that have it. */
export interface PermissionRule {
  readonly byRole: Map<string, RoleRule>;
  readonly noGrant: Decision;
  readonly invalid: Decision;
}

/** Turns roles with their permissions round: permission first, then role, each a single look-up. */
export function compileRules(
  permissions: ReadonlySet<string>,
  roles: ReadonlyMap<string, ReadonlyMap<string, Conditions>>,
  conditions: ReadonlyMap<string, Condition>,
): Map<string, PermissionRule> {
  const rules = new Map<string, PermissionRule>();
  for (const permission of permissions) {
    rules.set(permission, {
      byRole: new Map(),
      noGrant: decision(permission, 'no_grant'),
      invalid: decision(permission, 'invalid_principal'),
    });
  }
  for (const [role, granted] of roles) {
    for (const [permission, names] of granted) {
      const always = names.has(undefined) ? decision(permission, 'granted', role) : undefined;
      const conditional: ConditionalRule[] = [];
      for (const name of always ? [] : names) {
        const condition = name === undefined ? undefined : conditions.get(name);
        if (name !== undefined && condition)
          conditional.push(conditionalRule(permission, role, name, condition));
      }
      rules.get(permission)?.byRole.set(role, { always, conditional });
    }
  }
  return rules;
}

function conditionalRule(
  permission: string,
  role: string,
  name: string,
  condition: Condition,
): ConditionalRule {
  return {
    role,
    name,
    needsResource: typeof condition === 'function',
    test:
      typeof condition === 'function'
        ? condition
        : (principal: PolicyPrincipal) => condition.principal(principal),
    granted: decision(permission, 'granted', role, name),
    possible: decision(permission, 'conditional', role, name),
    failed: decision(permission, 'condition_failed', role, name),
    error: decision(permission, 'condition_error', role, name),
    missing: decision(permission, 'resource_missing', role, name),
  };
}
