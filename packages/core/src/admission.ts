import { andThen, ConfigError, type MaybePromise, type Size, toBytes } from '@secapi/kernel';
import type { Decision, Policy, PolicyContext } from '@secapi/policy';
import type { FactPolicy } from '@secapi/policy/facts';
import type { JsonLimits } from '@secapi/validation';
import type { Exchange } from './exchange.js';
import type { Refusal } from './guard.js';
import { compileInput } from './input.js';
import type { LimitDesk } from './limits/desk.js';
import type { Limit } from './limits/limit.js';
import { compileRouteLimits } from './limits/route-limits.js';
import type { Principal } from './principal.js';
import { checkReads } from './reads.js';
import type { AccessCondition, HandlerContext, Permission, RouteSecurity } from './route.js';
import { compileStepUp } from './step-up.js';
import { compileWrites, contextOf } from './writes.js';

/** What admission needs besides the route. */
export interface AdmissionOptions {
  readonly policy?: Policy<Permission> | undefined;
  /** Makes the policy with its facts for one request, where its conditions have relations: `() => withFacts(policy, loaders)`. */
  readonly facts?: ((exchange: Exchange) => FactPolicy<Permission>) | undefined;
  readonly desk: LimitDesk;
  readonly limits: readonly Limit[];
  /** Bytes of a body at most. @default '100kb' */
  readonly bodyLimit?: Size | undefined;
  readonly json?: JsonLimits | undefined;
}

/** A route whose security was checked and compiled for one shield. */
export interface DeclaredRoute<R extends RouteSecurity = RouteSecurity> {
  readonly route: R;
  /** Decides in order: access, step-up, limit, input, ownership; the first refusal ends it. */
  admit(
    exchange: Exchange,
    params: Readonly<Record<string, string>>,
  ): MaybePromise<{ refusal: Refusal } | { context: HandlerContext }>;
}

const keys = [
  'access',
  'signedInWithin',
  'params',
  'query',
  'headers',
  'cookies',
  'body',
  'files',
  'owner',
  'limit',
  'returns',
  'reads',
  'writes',
  'audit',
];

/**
 * Compiles a route's security.
 *
 * @throws ConfigError when it declares no access, a permission that the policy doesn't know, a limit that isn't there, input that can't be read
 */
export function declareRoute<R extends RouteSecurity>(route: R, options: AdmissionOptions): DeclaredRoute<R> {
  for (const key of Object.keys(route)) {
    if (!keys.includes(key))
      throw new ConfigError(`route.${key}`, 'is not an option', `use one of ${keys.join(', ')}`);
  }
  checkReads(route.reads, options.policy);
  const checkWrites = compileWrites(route, options.policy);
  const demands = compileAccess(route, options);
  const stepUp = compileStepUp(route);
  const reserve = compileRouteLimits(route, options.limits, options.desk);
  const bodyLimit = toBytes('bodyLimit', options.bodyLimit ?? '100kb');
  const readInput = compileInput(route, { bodyLimit, json: options.json });

  function admit(
    exchange: Exchange,
    pathParams: Readonly<Record<string, string>>,
  ): ReturnType<DeclaredRoute['admit']> {
    const before = andThen(demands.before(exchange), (refusal) => refusal ?? stepUp(exchange));
    return chain(before, () =>
      chain(reserve(exchange), () =>
        andThen(readInput(exchange, pathParams), (input) => {
          if ('refusal' in input) return input;
          const read = input.value;
          // Who may not matter is not shown: a public handler can't come to depend on somebody being signed in.
          const principal = route.access === 'public' ? undefined : exchange.principal;
          const context = { ...read, principal, resource: undefined as unknown, exchange };
          const settle = (refusal: Refusal | undefined) =>
            refusal ? { refusal } : { context: context as HandlerContext };
          if (!route.owner || !principal) return settle(checkWrites(exchange, read.body, undefined));
          return andThen(route.owner({ ...read, principal }), (resource) => {
            context.resource = resource;
            return andThen(demands.about(exchange, resource), (refusal) =>
              settle(refusal ?? checkWrites(exchange, read.body, resource)),
            );
          });
        }),
      ),
    );
  }

  return { route, admit };
}

function chain<T>(
  outcome: MaybePromise<Refusal | undefined>,
  next: () => MaybePromise<{ refusal: Refusal } | T>,
): MaybePromise<{ refusal: Refusal } | T> {
  return andThen(outcome, (refusal) => (refusal ? { refusal } : next()));
}

interface Demands {
  /** What can be decided without input. */
  before(exchange: Exchange): MaybePromise<Refusal | undefined>;
  /** What the policy says of the loaded resource. */
  about(exchange: Exchange, resource: unknown): MaybePromise<Refusal | undefined>;
}

function compileAccess(route: RouteSecurity, { policy, facts }: AdmissionOptions): Demands {
  const { access } = route;
  const open = access === 'public' || access === 'optional';
  // As unknown: a user without types can have written anything here.
  const rules: unknown = typeof access === 'string' ? [access] : access;
  if (!Array.isArray(rules) || rules.length === 0) {
    throw new ConfigError(
      'route.access',
      'is missing',
      "declare 'public', 'optional', 'signed-in', a permission or a list of conditions",
    );
  }
  const permissions: Permission[] = [];
  const conditions: AccessCondition[] = [];
  for (const rule of rules as readonly unknown[]) {
    if (isCondition(rule)) conditions.push(rule);
    else if (typeof rule === 'string' && rule.includes(':'))
      permissions.push(known(rule as Permission, policy));
    else if (rule !== 'signed-in' && !(open && rule === access)) {
      throw new ConfigError(
        'route.access',
        'is not known',
        "use 'public', 'optional', 'signed-in', a permission or a list of conditions",
      );
    }
  }
  if (route.owner && permissions.length === 0) {
    throw new ConfigError(
      'route.owner',
      'has no permission to decide about',
      "give access a permission, like 'post:delete'",
    );
  }

  function denial(
    exchange: Exchange,
    decide: (
      policy: Policy<Permission>,
      principal: Principal,
      permission: Permission,
      context: PolicyContext,
    ) => Decision,
  ): Decision | undefined {
    const { principal } = exchange;
    if (!policy || !principal || permissions.length === 0) return undefined;
    const context = contextOf(exchange);
    for (const permission of permissions) {
      const decision = decide(policy, principal, permission, context);
      if (!decision.allowed) return decision;
    }
    return undefined;
  }

  function before(exchange: Exchange): MaybePromise<Refusal | undefined> {
    if (open) return undefined;
    const { principal } = exchange;
    if (!principal)
      return {
        code: 'UNAUTHENTICATED',
        headers: [['www-authenticate', 'Bearer']],
        event: {
          event: 'authz_fail',
          outcome: 'denied',
          trail: false,
          details: { reason: 'unauthenticated' },
        },
      };
    const denied = denial(exchange, (rules, who, permission, context) =>
      route.owner
        ? rules.allowsSome(who, permission, context)
        : rules.decide(who, permission, undefined, context),
    );
    if (denied) return refusalOf(exchange, denied);
    return conditions.length > 0 ? checkAll(conditions, principal, exchange) : undefined;
  }

  function about(exchange: Exchange, resource: unknown): MaybePromise<Refusal | undefined> {
    if (resource === undefined || resource === null) return { code: 'NOT_FOUND' };
    if (facts) return aboutFacts(facts(exchange), exchange, resource);
    const denied = denial(exchange, (rules, who, permission, context) =>
      rules.decide(who, permission, resource, context),
    );
    return denied && refusalOf(exchange, denied);
  }

  async function aboutFacts(
    asked: FactPolicy<Permission>,
    exchange: Exchange,
    resource: unknown,
  ): Promise<Refusal | undefined> {
    const { principal } = exchange;
    if (!principal) return undefined; // `before` has demanded one
    const context = contextOf(exchange);
    const decided = await Promise.all(
      permissions.map((permission) => asked.decide(principal, permission, resource, context)),
    );
    const denied = decided.find(({ allowed }) => !allowed);
    return denied && refusalOf(exchange, denied);
  }

  return { before, about };
}

function isCondition(rule: unknown): rule is AccessCondition {
  return (
    typeof rule === 'object' && rule !== null && typeof (rule as { check?: unknown }).check === 'function'
  );
}

async function checkAll(
  conditions: readonly AccessCondition[],
  principal: Principal,
  exchange: Exchange,
): Promise<Refusal | undefined> {
  for (const condition of conditions) {
    if ((await condition.check({ principal, exchange })) !== true) {
      return { code: 'FORBIDDEN', event: authzFail(exchange, condition.name, 'condition_failed') };
    }
  }
  return undefined;
}

/** 403, or where the policy says so the 404 of what isn't there; the rules that determined it are for the trail. */
function refusalOf(exchange: Exchange, decision: Decision): Refusal {
  const { permission, reason, role, condition, rules } = decision;
  const event = authzFail(exchange, permission, reason, {
    ...(role !== undefined && { role }),
    ...(condition !== undefined && { condition }),
    ...(rules !== undefined && { rules: rules.join(' ') }),
  });
  return { code: decision.conceal ? 'NOT_FOUND' : 'FORBIDDEN', event };
}

function authzFail(
  exchange: Exchange,
  permission: string,
  reason: string,
  more: NonNullable<Refusal['event']>['details'] = {},
): NonNullable<Refusal['event']> {
  const details = { permission, reason, ...more };
  return { event: 'authz_fail', outcome: 'denied', target: exchange.path, details };
}

function known(permission: Permission, policy: Policy<Permission> | undefined): Permission {
  if (!policy)
    throw new ConfigError(
      'policy',
      'is missing',
      `a route demands '${permission}'; give the shield a policy`,
    );
  if (!policy.permissions.has(permission)) {
    throw new ConfigError(
      'route.access',
      `demands '${permission}', which the policy doesn't know`,
      `use one of ${[...policy.permissions].join(', ')}`,
    );
  }
  return permission;
}
