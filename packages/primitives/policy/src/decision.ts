/**
 * Why a decision is what it is.
 *
 * Allowed: `granted`; or `conditional`, only from `allowsSome`: it depends on the resource.
 * Denied: `no_grant`, no role of the principal grants it; `condition_failed`; `condition_error`, a condition threw or
 * didn't return a boolean; `resource_missing`, a condition needs a resource and there is none; `unknown_permission`;
 * `invalid_principal`, no principal with an id and a list of roles.
 */
export type DecisionReason =
  | 'granted'
  | 'conditional'
  | 'no_grant'
  | 'condition_failed'
  | 'condition_error'
  | 'resource_missing'
  | 'unknown_permission'
  | 'invalid_principal';

/** A decision, frozen: the same value feeds the answer, the metric and the audit trail. */
export interface Decision {
  readonly allowed: boolean;
  readonly permission: string;
  readonly reason: DecisionReason;
  /** The principal's role that decided, where one did. */
  readonly role?: string;
  /** The condition that decided, where one did. */
  readonly condition?: string;
}

/** Makes a decision; every one that can be made beforehand is. */
export function decision(
  permission: string,
  reason: DecisionReason,
  role?: string,
  condition?: string,
): Decision {
  return Object.freeze({
    allowed: reason === 'granted' || reason === 'conditional',
    permission,
    reason,
    ...(role === undefined ? {} : { role }),
    ...(condition === undefined ? {} : { condition }),
  });
}
