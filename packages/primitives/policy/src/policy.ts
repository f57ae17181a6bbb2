import { ConfigError, checkOptions } from '@secapi/kernel';
import type { PolicyContext } from './condition.js';
import { type Decision, decision } from './decision.js';
import { isPrincipal } from './internal/asked.js';
import { remember } from './internal/compiled.js';
import { createJudge, deny } from './internal/judge.js';
import { readPolicy } from './internal/read-options.js';
import type {
  Authorized,
  PermissionOf,
  PolicyOptions,
  PolicyPrincipal,
  ReadableFields,
  Resources,
  ViewOf,
} from './types.js';

/** Who may do what: deny by default, decided in two look-ups however many rules there are. */
export interface Policy<P extends string = string, Fields extends ReadableFields = ReadableFields> {
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
  /** The resources whose readable fields are declared. */
  readonly readable: ReadonlySet<string>;
  /** The resources whose writable fields are declared. */
  readonly writable: ReadonlySet<string>;
  /**
   * The fields of a resource that a principal may read, or write, as declared in `readable` and `writable` (ASVS
   * v5.0.0-8.2.3). Nobody is everybody without a permission.
   *
   * @throws TypeError for a resource whose fields are not declared
   */
  fields(
    use: 'read' | 'write',
    principal: PolicyPrincipal | undefined,
    resource: string,
    record?: unknown,
    context?: PolicyContext,
  ): readonly string[];
  /**
   * A new object with the fields of a record that this principal may read (ASVS v5.0.0-8.2.3, 15.3.1): those named in `readable`, that the record
   * has itself. Nobody is everybody without a permission.
   *
   * @throws TypeError for a resource whose readable fields are not declared
   */
  view<N extends keyof Fields & string, T extends object>(
    principal: PolicyPrincipal | undefined,
    resource: N,
    record: T,
    context?: PolicyContext,
  ): Authorized<ViewOf<T, Fields[N]>>;
}

const known = [
  'resources',
  'conditions',
  'readable',
  'writable',
  'roles',
  'forbids',
  'tenant',
  'conceal',
  'onConditionError',
];

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
  const Fields extends ReadableFields<keyof R & string, PermissionOf<R>> = Record<never, never>,
>(options: PolicyOptions<R, ConditionName, RoleName, Fields>): Policy<PermissionOf<R>, Fields> {
  checkOptions('policy', options, known);
  const { onConditionError } = options;
  if (onConditionError !== undefined && typeof onConditionError !== 'function') {
    throw new ConfigError('policy.onConditionError', 'is not a function', 'pass (error, failure) => void');
  }
  const { rules, lineages, tenant, inTenants, readable, writable } = readPolicy({ ...options });
  const judge = createJudge(tenant, onConditionError);

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

  function fields(
    use: 'read' | 'write',
    principal: PolicyPrincipal | undefined,
    resource: string,
    record?: unknown,
    context?: PolicyContext,
  ): readonly string[] {
    const list = (use === 'read' ? readable : writable).get(resource);
    if (!list)
      throw new TypeError(`the policy does not say which fields of '${resource}' there are to ${use}`);
    if (inTenants.has(resource) && !(principal && judge.sameTenant(principal, record))) return [];
    return list.flatMap(([field, permission]) => {
      const may =
        permission === undefined || (principal && decide(principal, permission, record, context).allowed);
      return may ? field : [];
    });
  }

  function view(
    principal: PolicyPrincipal | undefined,
    resource: string,
    record: object,
    context?: PolicyContext,
  ): never {
    const shown = fields('read', principal, resource, record, context).filter((field) =>
      Object.hasOwn(record, field),
    );
    // Its own members; the type follows from the rules that it was made by.
    return Object.fromEntries(
      shown.map((field) => [field, (record as Record<string, unknown>)[field]]),
    ) as never;
  }

  const policy = Object.freeze({
    permissions: new Set(rules.keys()),
    roles: new Set(lineages.keys()),
    readable: new Set(readable.keys()),
    writable: new Set(writable.keys()),
    decide,
    allowsSome,
    fields,
    view,
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
