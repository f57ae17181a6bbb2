import { ConfigError, type MaybePromise } from '@secapi/kernel';
import type { Filter, PolicyContext, Relation } from './condition.js';
import type { Decision } from './decision.js';
import { filterOf } from './filter-of.js';
import { isPrincipal } from './internal/asked.js';
import { compiledOf } from './internal/compiled.js';
import { type ContextWithFacts, factsOf, type LoadedFacts } from './internal/conditions.js';
import { createEdges } from './internal/edges.js';
import { own } from './internal/names.js';
import type { PermissionRule } from './internal/rules.js';
import type { Policy } from './policy.js';
import type { PolicyPrincipal } from './types.js';

/**
 * Loads one step of a relation for several ids at once: what each leads to. An id that leads nowhere may be left out.
 *
 * It brings its own bound of time; one that rejects denies what depends on it.
 */
export type FactLoader = (ids: readonly string[]) => MaybePromise<ReadonlyMap<string, readonly string[]>>;

/** A policy with the facts of one request: each is loaded once, and those that are wanted in one turn together. */
export interface FactPolicy<P extends string = string> {
  /** As the policy's `decide`, once what it depends on is loaded. Never rejects. */
  decide(
    principal: PolicyPrincipal,
    permission: P,
    resource?: unknown,
    context?: PolicyContext,
  ): Promise<Decision>;
  /** As `filterOf`, with what the principal is related to. @throws ConfigError as `filterOf`, and for a relation with `up` */
  filter(principal: PolicyPrincipal, permission: P, context?: PolicyContext): Promise<Filter>;
}

type Sets = Map<string, ReadonlySet<string> | Error>;

/**
 * A policy with loaders for its relations, to be made for each request: what it has loaded it keeps.
 *
 * @throws ConfigError when a relation that the policy's conditions name has no loader
 *
 * @example
 * ```ts
 * const asked = withFacts(policy, { memberOf: (ids) => teams.ofMembers(ids) });
 * await asked.decide(principal, 'document:read', document);
 * ```
 */
export function withFacts<P extends string>(
  policy: Policy<P>,
  loaders: Readonly<Record<string, FactLoader>>,
): FactPolicy<P> {
  const { rules } = compiledOf(policy);
  for (const name of namesIn(rules)) {
    if (Object.hasOwn(loaders, name) && typeof loaders[name] === 'function') continue;
    throw new ConfigError(`facts.${name}`, 'is missing', 'pass a loader for every relation of the policy');
  }
  const edges = createEdges(loaders);

  async function load(relations: readonly Relation[], who: readonly PolicyPrincipal[], resource: unknown) {
    const sets: Sets = new Map();
    const into = async (relation: string, from: unknown, depth: number) => {
      const key = keyOf(relation, from, depth);
      if (typeof from !== 'string' || from === '' || sets.has(key)) return;
      sets.set(key, new Error('not loaded')); // the place is taken, so that nobody else asks
      sets.set(key, await edges.reach(relation, from, depth));
    };
    await Promise.all(
      relations.flatMap(({ relation, depth, field, up }) => [
        ...who.map(({ id }) => into(relation, id, depth)),
        ...(up ? [into(up.relation, own(resource, field), up.depth)] : []),
      ]),
    );
    return factsFrom(sets);
  }

  async function decide(
    principal: PolicyPrincipal,
    permission: P,
    resource?: unknown,
    context?: PolicyContext,
  ): Promise<Decision> {
    const decided = policy.decide(principal, permission, resource, context);
    const relations = relationsIn(compiledOf(policy).rules.get(permission));
    // Any other reason stands whatever the facts are; a context that a rule lacks hides that another lacks facts.
    if (decided.reason !== 'facts_missing' && decided.reason !== 'context_missing') return decided;
    const facts = await load(relations, everybody(principal), resource);
    return policy.decide(principal, permission, resource, { ...context, [factsOf]: facts });
  }

  async function filter(principal: PolicyPrincipal, permission: P, context?: PolicyContext): Promise<Filter> {
    const relations = relationsIn(compiledOf(policy).rules.get(permission)).filter(({ up }) => !up);
    if (!isPrincipal(principal)) return 'none';
    const facts = await load(relations, everybody(principal), undefined);
    return filterOf(policy, principal, permission, { ...context, [factsOf]: facts } as ContextWithFacts);
  }

  return Object.freeze({ decide, filter });
}

function everybody(principal: PolicyPrincipal): PolicyPrincipal[] {
  return isPrincipal(principal.actingFor) ? [principal, principal.actingFor] : [principal];
}

function factsFrom(sets: Sets): LoadedFacts {
  const found = (relation: string, from: unknown, depth: number): ReadonlySet<string> => {
    const set = sets.get(keyOf(relation, from, depth));
    if (set instanceof Set) return set;
    throw set ?? new TypeError(`the resource has nothing that ${relation} could lead from`);
  };
  return {
    holds({ relation, depth, field, up }, principal, resource) {
      const mine = found(relation, principal.id, depth);
      const at = own(resource, field);
      if (typeof at === 'string' && mine.has(at)) return true;
      if (at === undefined) throw new TypeError(`the resource has no member ${field} of its own`);
      if (!up || at === null) return false;
      for (const above of found(up.relation, at, up.depth)) if (mine.has(above)) return true;
      return false;
    },
    reached: ({ relation, depth }, principal) => [...found(relation, principal.id, depth)],
  };
}

function keyOf(relation: string, from: unknown, depth: number): string {
  return `${relation} ${depth} ${String(from)}`;
}

const relationsOf = new WeakMap<PermissionRule, readonly Relation[]>();

/** The relations that any rule about a permission asks for. */
function relationsIn(rule: PermissionRule | undefined): readonly Relation[] {
  if (!rule) return [];
  const known = relationsOf.get(rule);
  if (known) return known;
  const sources = [
    ...rule.forbids,
    ...[...rule.byRole.values()].flatMap((role) => [...role.conditional, ...role.forbids]),
  ];
  const found = [...new Set(sources.flatMap(({ tests }) => tests.flatMap(({ related }) => related ?? [])))];
  relationsOf.set(rule, found);
  return found;
}

const namesOf = new WeakMap<object, ReadonlySet<string>>();

function namesIn(rules: ReadonlyMap<string, PermissionRule>): ReadonlySet<string> {
  const known = namesOf.get(rules);
  if (known) return known;
  const names = new Set<string>();
  for (const rule of rules.values()) {
    for (const { relation, up } of relationsIn(rule)) {
      names.add(relation);
      if (up) names.add(up.relation);
    }
  }
  namesOf.set(rules, names);
  return names;
}
