import type { PolicyContext } from '../condition.js';
import type { PolicyPrincipal } from '../types.js';
import { own } from './names.js';
import type { Outcome } from './outcome.js';
import type { PermissionRule } from './rules.js';

/** What is asked: whether a principal may do something to this resource, or with `some` to any. */
export interface Question {
  readonly principal: PolicyPrincipal;
  readonly resource: unknown;
  readonly context: PolicyContext | undefined;
  readonly some: boolean;
}

/** `undefined` and `null` are no resource. */
export function isAbsent(resource: unknown): resource is undefined | null {
  return resource === undefined || resource === null;
}

/** Whether this is a principal: with an id and a list of roles. */
export function isPrincipal(principal: PolicyPrincipal | undefined | null): principal is PolicyPrincipal {
  return (
    principal !== undefined &&
    principal !== null &&
    typeof principal.id === 'string' &&
    principal.id !== '' &&
    Array.isArray(principal.roles)
  );
}

/** Whether a principal's token or key is good for a permission, where it says what it is good for. */
export function inScope({ permission, wildcard }: PermissionRule, { scopes }: PolicyPrincipal): boolean {
  if (scopes === undefined) return true;
  return Array.isArray(scopes) && (scopes.includes(permission) || scopes.includes(wildcard));
}

/** What comes of a grant of the principal's own. */
export function inForce(grant: unknown, { resource, context, some }: Question): Outcome {
  const one = own(grant, 'resource');
  const from = own(grant, 'from');
  const until = own(grant, 'until');
  if (from !== undefined || until !== undefined) {
    const now = context?.now;
    if (typeof now !== 'number') return 'context_missing';
    // Written so that NaN, and what is no number, is at no time.
    if (from !== undefined && !(typeof from === 'number' && now >= from)) return 'not_in_force';
    if (until !== undefined && !(typeof until === 'number' && now < until)) return 'not_in_force';
  }
  if (one === undefined) return 'granted';
  if (isAbsent(resource)) return some ? 'conditional' : 'resource_missing';
  return textOf(one) !== undefined && own(resource, 'id') === one ? 'granted' : 'condition_failed';
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
