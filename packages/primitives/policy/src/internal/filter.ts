import { ConfigError } from '@secapi/kernel';
import type { Filter, FilterCondition, Relation } from '../condition.js';
import { inScope, type Question } from './asked.js';
import {
  type ContextWithFacts,
  factsOf,
  type LoadedFacts,
  needsContext,
  needsFacts,
  needsResource,
} from './conditions.js';
import { bind } from './data.js';
import type { Judge, TenantMembers } from './judge.js';
import type { PermissionRule, Source } from './rules.js';

/** The resources for which one principal has a permission, as a condition on their members. */
export function filterFor(
  rule: PermissionRule,
  judge: Judge,
  tenant: TenantMembers | undefined,
  asked: Question,
): Filter {
  const { principal } = asked;
  const mine = judge.tenantOf(principal);
  if (!inScope(rule, principal) || (rule.tenant && mine === undefined)) return 'none';
  const granted = grants(rule, judge, asked);
  if (granted === 'none') return 'none';
  const parts: Filter[] = [granted];
  for (const of of judge.forbidsOf(rule, principal)) {
    parts.push(not(translate(of, judge, asked, 'forbid')));
  }
  if (rule.tenant && tenant && mine !== undefined) parts.unshift({ field: tenant.resource, equals: mine });
  return all(parts);
}

/** Those that both filters let through. */
export function both(one: Filter, other: Filter): Filter {
  return all([one, other]);
}

function grants(rule: PermissionRule, judge: Judge, asked: Question): Filter {
  const roles = judge.rolesOf(rule, asked.principal);
  if (roles.some((role) => role.always)) return 'all';
  const parts: Filter[] = [];
  for (const { outcome, resource } of judge.grantsOf(rule, asked)) {
    if (outcome === 'granted') return 'all';
    if (outcome === 'conditional' && resource !== undefined) parts.push({ field: 'id', equals: resource });
  }
  for (const { conditional } of roles) {
    for (const of of conditional) parts.push(translate(of, judge, asked, 'grant'));
  }
  return any(parts);
}

/** What one rule's conditions say of resources, asked in the order in which a decision asks them. */
function translate(of: Source, judge: Judge, asked: Question, effect: 'grant' | 'forbid'): Filter {
  const facts = (asked.context as ContextWithFacts | undefined)?.[factsOf];
  const parts: Filter[] = [];
  // What can't be known grants nothing, and forbids all that came so far.
  const unknown = () => (effect === 'grant' ? 'none' : all(parts));
  if ((of.needs & needsContext) !== 0 && asked.context === undefined) return unknown();
  if ((of.needs & needsFacts) !== 0 && facts === undefined) return unknown();
  for (const test of of.tests) {
    const { data, related } = test;
    if (data || (related && !related.up && facts)) {
      try {
        parts.push(data ? bind(data, asked.principal) : within(related, facts, asked));
      } catch {
        return unknown();
      }
      continue;
    }
    if ((test.needs & needsResource) !== 0) {
      throw new ConfigError(
        `policy.conditions.${test.name}`,
        `stands in the way of a filter for ${of.permission}`,
        related
          ? 'leave its `up` out, or decide row by row'
          : "write it as data, such as { field: 'published', equals: true }, or decide row by row",
      );
    }
    // It says the same of every resource.
    const outcome = judge.ask(
      { ...of, tests: [test], needs: test.needs },
      asked.principal,
      undefined,
      asked.context,
      true,
    );
    if (outcome === 'condition_failed') return 'none';
    if (outcome !== 'granted') return unknown();
  }
  return all(parts);
}

function within(
  related: Relation | undefined,
  facts: LoadedFacts | undefined,
  { principal }: Question,
): FilterCondition {
  if (!related || !facts) throw new TypeError('no facts were loaded');
  return { field: related.field, oneOf: facts.reached(related, principal) };
}

function all(parts: readonly Filter[]): Filter {
  if (parts.includes('none')) return 'none';
  const nodes = parts.flatMap((part) => (typeof part === 'string' ? [] : 'all' in part ? part.all : [part]));
  const [only] = nodes;
  if (only === undefined) return 'all';
  return nodes.length === 1 ? only : { all: nodes };
}

function any(parts: readonly Filter[]): Filter {
  if (parts.includes('all')) return 'all';
  const nodes = parts.flatMap((part) => (typeof part === 'string' ? [] : 'any' in part ? part.any : [part]));
  const [only] = nodes;
  if (only === undefined) return 'none';
  return nodes.length === 1 ? only : { any: nodes };
}

function not(filter: Filter): Filter {
  if (filter === 'all') return 'none';
  if (filter === 'none') return 'all';
  return 'not' in filter ? filter.not : { not: filter };
}
