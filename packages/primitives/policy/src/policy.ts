import { ConfigError, checkOptions } from '@secapi/kernel';
import type { PolicyContext } from './condition.js';
import { type Decision, decision } from './decision.js';
import type { FieldUse } from './field-rules.js';
import { isPrincipal } from './internal/asked.js';
import { remember } from './internal/compiled.js';
import { readWhen } from './internal/conditions.js';
import { createJudge, deny } from './internal/judge.js';
import { readPolicy } from './internal/read-options.js';
import { source } from './internal/rules.js';
import type { PermissionOf, PolicyOptions, PolicyPrincipal, Resources } from './types.js';

/** Who may do what: deny by default, decided in two look-ups however many rules there are. */
export interface Policy<P extends string = string> {
  /** Every declared permission, as `resource:action`. */
  readonly permissions: ReadonlySet<string>;
  /** Every declared role. */
  readonly roles: ReadonlySet<string>;
  /**
   * Whether a principal may do this, to this resource (ASVS v5.0.0-8.2.1, 8.2.2). Never throws, never waits.
   *
   * @param resource what it is done to; `undefined` and `null` are no resource, and no condition on one passes then
   * @param context what the request knows besides (ASVS v5.0.0-8.2.4); a condition on it doesn't pass without
   */
  decide(principal: PolicyPrincipal, permission: P, resource?: unknown, context?: PolicyContext): Decision;
  /**
   * Whether a principal may do this to some resource: the check before there is one, to refuse early.
   *
   * An allowed decision with the reason `conditional` still needs `decide` with the resource.
   */
  allowsSome(principal: PolicyPrincipal, permission: P, context?: PolicyContext): Decision;
  /** The fields of a resource that a principal may read (ASVS v5.0.0-8.2.3); rules with conditions count when they hold for `resource`. */
  readable(
    principal: PolicyPrincipal,
    name: string,
    resource?: unknown,
    context?: PolicyContext,
  ): readonly string[];
  /** The fields of a resource that a principal may write. */
  writable(
    principal: PolicyPrincipal,
    name: string,
    resource?: unknown,
    context?: PolicyContext,
  ): readonly string[];
}

const known = [
  'resources',
  'conditions',
  'roles',
  'forbids',
  'tenant',
  'fields',
  'conceal',
  'onConditionError',
];
const none: readonly string[] = Object.freeze([]);

/**
 * Compiles a policy. The permission type follows from `resources`.
 *
 * @example
 * ```ts
 * const policy = createPolicy({
 *   resources: { post: ['create', 'update'] },
 *   conditions: { owner: ownedBy('authorId') },
 *   roles: { user: { grants: ['post:create', { permission: 'post:update', when: 'owner' }] } },
 * });
 * policy.decide({ id: 'u1', roles: ['user'] }, 'post:update', post).allowed;
 * ```
 * @throws ConfigError for unknown permissions, conditions and roles, circular inheritance and names that objects inherit
 */
export function createPolicy<
  const R extends Resources,
  ConditionName extends string = never,
  RoleName extends string = string,
>(options: PolicyOptions<R, ConditionName, RoleName>): Policy<PermissionOf<R>> {
  checkOptions('policy', options, known);
  const { onConditionError } = options;
  const check = (option: string, value: unknown, remedy: string) => {
    if (value === undefined || typeof value === 'function') return;
    throw new ConfigError(`policy.${option}`, 'is not a function', remedy);
  };
  check('onConditionError', onConditionError, 'pass (error, failure) => void');
  check('fields.compile', options.fields && (options.fields.compile ?? null), 'pass fieldRules({ … })');
  const { names, rules, lineages, tenant, inTenants } = readPolicy({ ...options });
  const judge = createJudge(tenant, onConditionError);
  const lists = options.fields?.compile({
    resources: names.actions,
    lineages,
    holds(place, role, when) {
      const of = source(
        { permission: place, role, rule: place },
        readWhen(`policy.${place}.when`, when, names.conditions),
      );
      return (principal, resource, context) =>
        judge.ask(of, principal, resource, context, false) === 'granted';
    },
  });

  function decide(
    principal: PolicyPrincipal,
    permission: string,
    resource?: unknown,
    context?: PolicyContext,
  ): Decision {
    return judged(principal, permission, resource, context, false);
  }

  function allowsSome(principal: PolicyPrincipal, permission: string, context?: PolicyContext): Decision {
    return judged(principal, permission, undefined, context, true);
  }

  function judged(
    principal: PolicyPrincipal,
    permission: string,
    resource: unknown,
    context: PolicyContext | undefined,
    some: boolean,
  ): Decision {
    const rule = rules.get(permission);
    if (rule === undefined) return decision({ permission }, 'unknown_permission');
    if (!isPrincipal(principal)) return deny(rule, undefined, rule.nobody, 'invalid_principal');
    const { actingFor, scopes } = principal;
    // Whom nothing but roles concerns, and what nothing forbids: the way of nearly all decisions.
    if (rule.plain && scopes === undefined && actingFor === undefined) {
      return judge.grant(rule, principal, resource, context, some);
    }
    const decided = judge.decide(rule, principal, resource, context, some);
    if (actingFor === undefined) return decided;
    // What both may do: who acts is never lent more than it has, nor more than whom it acts for has.
    const own =
      isPrincipal(actingFor) && actingFor.actingFor === undefined
        ? judge.decide(rule, actingFor, resource, context, some)
        : deny(rule, resource, rule.nobody, 'invalid_principal');
    return jointly(principal, decided, actingFor, own);
  }

  function fieldsOf(
    use: FieldUse,
    principal: PolicyPrincipal,
    name: string,
    resource: unknown,
    context: PolicyContext | undefined,
  ): readonly string[] {
    const inTenant = inTenants.has(name);
    if (!lists || !isPrincipal(principal) || (inTenant && !judge.sameTenant(principal, resource)))
      return none;
    const found = lists(use, name, judge.namesOf(principal, inTenant), principal, resource, context);
    const { actingFor } = principal;
    if (actingFor === undefined) return found;
    if (actingFor?.actingFor !== undefined) return none;
    const theirs = fieldsOf(use, actingFor, name, resource, context);
    return Object.freeze(found.filter((field) => theirs.includes(field)));
  }

  const policy: Policy = Object.freeze({
    permissions: new Set(rules.keys()),
    roles: new Set(lineages.keys()),
    decide,
    allowsSome,
    readable: (principal, name, resource, context) => fieldsOf('read', principal, name, resource, context),
    writable: (principal, name, resource, context) => fieldsOf('write', principal, name, resource, context),
  } satisfies Policy);
  const compiled = { rules, tenant, judge };
  return remember(policy, () => compiled);
}

function jointly(
  actor: PolicyPrincipal,
  theirs: Decision,
  subject: PolicyPrincipal,
  own: Decision,
): Decision {
  const deciding = !own.allowed || theirs.reason === 'granted' ? own : theirs;
  return Object.freeze({
    ...deciding,
    ...(deciding.allowed && { rules: Object.freeze([own, theirs].flatMap(({ rules }) => rules ?? [])) }),
    actor: actor.id,
    actingFor: isPrincipal(subject) ? subject.id : '',
  });
}
