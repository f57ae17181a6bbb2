import type { Filter, PolicyContext } from './condition.js';
import { isPrincipal } from './internal/asked.js';
import { compiledOf } from './internal/compiled.js';
import { compileData } from './internal/data.js';
import { both, filterFor } from './internal/filter.js';
import type { Policy } from './policy.js';
import type { PolicyPrincipal } from './types.js';

/**
 * The resources for which a principal has a permission, for lists: what it lets through is what `decide` allows, for
 * resources that have all members that the conditions name.
 *
 * @throws ConfigError when a condition that is a function of the resource, and not data, stands in the way
 */
export function filterOf<P extends string>(
  policy: Policy<P>,
  principal: PolicyPrincipal,
  permission: P,
  context?: PolicyContext,
): Filter {
  const { rules, tenant, judge } = compiledOf(policy);
  const rule = rules.get(permission);
  if (rule === undefined || !isPrincipal(principal)) return 'none';
  const of = (each: PolicyPrincipal): Filter =>
    filterFor(rule, judge, tenant, { principal: each, resource: undefined, context, some: true });
  const { actingFor } = principal;
  if (actingFor === undefined) return of(principal);
  if (!isPrincipal(actingFor) || actingFor.actingFor !== undefined) return 'none';
  return both(of(principal), of(actingFor));
}

/** A filter as a plain test of resources; one that lacks a member that the filter names doesn't pass. */
export function predicateOf(filter: Filter): (resource: unknown) => boolean {
  if (filter === 'all') return () => true;
  if (filter === 'none') return () => false;
  const test = compileData(filter);
  return function passes(resource) {
    try {
      return test(undefined, resource);
    } catch {
      return false;
    }
  };
}
