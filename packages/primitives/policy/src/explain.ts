import type { PolicyContext } from './condition.js';
import type { Decision, DecisionReason } from './decision.js';
import { isPrincipal } from './internal/asked.js';
import { compiledOf } from './internal/compiled.js';
import { stepsOf } from './internal/steps.js';
import type { Policy } from './policy.js';
import type { PolicyPrincipal } from './types.js';

/** One rule that was looked at. */
export interface Step {
  /** The place of the rule, such as `roles.user.grants[1]`; or `scopes`, `tenant`, `principal.grants[0]`. */
  readonly rule: string;
  readonly effect: 'grant' | 'forbid' | 'bound';
  /** `granted`: it holds; a `forbid` that holds denies. */
  readonly outcome: DecisionReason;
  readonly role?: string;
  readonly condition?: string;
  /** The id of whose rule it is. */
  readonly principal: string;
}

/** A decision with every rule that was looked at. */
export interface Explanation {
  readonly decision: Decision;
  readonly steps: readonly Step[];
}

const because: Readonly<Record<DecisionReason, string>> = {
  granted: 'it is granted',
  conditional: 'it depends on the resource',
  no_grant: 'nothing grants it',
  forbidden: 'it is forbidden',
  other_tenant: 'principal and resource are not of one tenant',
  out_of_scope: 'the token or key is not good for it',
  not_in_force: 'it is granted at another time',
  condition_failed: 'the condition does not hold',
  condition_error: 'the condition could not be answered',
  resource_missing: 'no resource was given',
  context_missing: 'no context was given',
  facts_missing: 'no facts were loaded',
  unknown_permission: 'the policy declares no such permission',
  invalid_principal: 'there is no principal with an id and roles',
};

/** A decision as one plain sentence: permission, verdict, reason, rules, and who acted for whom. Nothing of the resource is in it. */
export function explain(decision: Decision): string {
  const { allowed, reason, role, condition, rules, actor, actingFor } = decision;
  const facts = [
    ...(role === undefined ? [] : [`role ${role}`]),
    ...(condition === undefined ? [] : [`condition ${condition}`]),
    ...(rules === undefined ? [] : [`by ${rules.join(' and ')}`]),
    ...(actor === undefined ? [] : [`${plain(actor)} acting for ${plain(actingFor ?? '')}`]),
  ];
  const detail = facts.length > 0 ? ` (${facts.join(', ')})` : '';
  return `${plain(decision.permission)} is ${allowed ? 'allowed' : 'denied'}: ${because[reason]}${detail}.`;
}

/** The decision of a policy, with every rule that was looked at; none is left out because another decided before. */
export function explainAccess<P extends string>(
  policy: Policy<P>,
  principal: PolicyPrincipal,
  permission: P,
  resource?: unknown,
  context?: PolicyContext,
): Explanation {
  const { rules, judge } = compiledOf(policy);
  const rule = rules.get(permission);
  const steps = [principal, principal?.actingFor].flatMap((each) =>
    rule && isPrincipal(each)
      ? stepsOf(rule, judge, { principal: each, resource, context, some: false })
      : [],
  );
  const decision = policy.decide(principal, permission, resource, context);
  return Object.freeze({ decision, steps: Object.freeze(steps) });
}

/** Permissions and ids can come from elsewhere: a line stays one line, and not a long one. */
function plain(text: string): string {
  return text.slice(0, 128).replace(/[^\x21-\x7e]/g, '?');
}
