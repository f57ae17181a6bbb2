/**
 * Why a decision is what it is.
 *
 * Allowed: `granted`; or `conditional`, only from `allowsSome`: it depends on the resource.
 * Denied: `no_grant`, nothing grants it; `forbidden`, a rule forbids it; `other_tenant`, the resource or the principal
 * is of another tenant or of none; `out_of_scope`, the principal's token or key is not good for it; `not_in_force`, it
 * is granted at another time; `condition_failed`; `condition_error`, a condition threw or didn't return a boolean;
 * `resource_missing`, `context_missing` and `facts_missing`, a rule needs what wasn't given; `unknown_permission`;
 * `invalid_principal`, no principal with an id and a list of roles.
 */
export type DecisionReason =
  | 'granted'
  | 'conditional'
  | 'no_grant'
  | 'forbidden'
  | 'other_tenant'
  | 'out_of_scope'
  | 'not_in_force'
  | 'condition_failed'
  | 'condition_error'
  | 'resource_missing'
  | 'context_missing'
  | 'facts_missing'
  | 'unknown_permission'
  | 'invalid_principal';

/** A decision, frozen: the same value feeds the answer, the metric and the audit trail. */
export interface Decision {
  readonly allowed: boolean;
  readonly permission: string;
  readonly reason: DecisionReason;
  /** The principal's role that decided, where one did. */
  readonly role?: string;
  /** The condition that decided, where one did; of several that must all hold, joined by `+`. */
  readonly condition?: string;
  /** The places of the rules that determined it, such as `roles.user.grants[1]`, where there are any. */
  readonly rules?: readonly string[];
  /** On a denial that is to look as if there were nothing: 404 and not 403. */
  readonly conceal?: true;
  /** The id of who acts, where that is for somebody else. */
  readonly actor?: string;
  /** The id of whom it acts for. */
  readonly actingFor?: string;
}

/** What a decision is about and which rule made it. */
export interface DecidingRule {
  readonly permission: string;
  readonly role?: string | undefined;
  readonly condition?: string | undefined;
  readonly rule?: string | undefined;
}

/** Makes a decision. */
export function decision(of: DecidingRule, reason: DecisionReason, conceal?: boolean): Decision {
  const { permission, role, condition, rule } = of;
  const allowed = reason === 'granted' || reason === 'conditional';
  return Object.freeze({
    allowed,
    permission,
    reason,
    ...(role !== undefined && { role }),
    ...(condition !== undefined && { condition }),
    ...(rule !== undefined && { rules: Object.freeze([rule]) }),
    ...(conceal === true && !allowed && { conceal }),
  });
}
