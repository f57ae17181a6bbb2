import { ConfigError, checkOptions } from '@secapi/kernel';
import { type Decision, decision } from './decision.js';
import { checkName, entriesOf, listOf } from './internal/names.js';
import { readReadable, viewOf } from './internal/readable.js';
import { resolveRoles } from './internal/roles.js';
import { type ConditionalRule, compileRules, type PermissionRule } from './internal/rules.js';
import type {
  Authorized,
  Condition,
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
   */
  decide(principal: PolicyPrincipal, permission: P, resource?: unknown): Decision;
  /**
   * Whether a principal may do this to some resource: the check before there is one, to refuse early.
   *
   * An allowed decision with the reason `conditional` still needs `decide` with the resource.
   */
  allowsSome(principal: PolicyPrincipal, permission: P): Decision;
  /** The resources whose readable fields are declared. */
  readonly readable: ReadonlySet<string>;
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
  ): Authorized<ViewOf<T, Fields[N]>>;
}

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
  checkOptions('policy', options, ['resources', 'conditions', 'readable', 'roles', 'onConditionError']);
  const actions = readResources(options.resources);
  const conditions = readConditions(options.conditions ?? {});
  const { onConditionError } = options;
  if (onConditionError !== undefined && typeof onConditionError !== 'function') {
    throw new ConfigError('policy.onConditionError', 'is not a function', 'pass (error, failure) => void');
  }
  const permissions = new Set(
    [...actions].flatMap(([name, list]) => list.map((action) => `${name}:${action}`)),
  );
  const granted = resolveRoles(options.roles, actions, new Set(conditions.keys()));
  const rules = compileRules(permissions, granted, conditions);
  const readable = readReadable(options.readable ?? {}, actions, permissions);

  function decide(principal: PolicyPrincipal, permission: string, resource?: unknown): Decision {
    const rule = rules.get(permission);
    if (rule === undefined) return decision(permission, 'unknown_permission');
    if (!isPrincipal(principal)) return rule.invalid;
    const { roles } = principal;
    let conditional = false;
    for (let i = 0; i < roles.length; i++) {
      const found = rule.byRole.get(roles[i] as string); // any other value is no key of the map
      if (found === undefined) continue;
      if (found.always !== undefined) return found.always;
      conditional = true;
    }
    return conditional ? weigh(rule, principal, permission, resource, false) : rule.noGrant;
  }

  function allowsSome(principal: PolicyPrincipal, permission: string): Decision {
    const decided = decide(principal, permission);
    const rule = rules.get(permission);
    if (decided.allowed || rule === undefined || decided.reason !== 'resource_missing') return decided;
    return weigh(rule, principal, permission, undefined, true);
  }

  // Grants only add up, so one condition that fails leaves the others their say; the most telling denial is kept.
  function weigh(
    rule: PermissionRule,
    principal: PolicyPrincipal,
    permission: string,
    resource: unknown,
    some: boolean,
  ): Decision {
    let missing: Decision | undefined;
    let error: Decision | undefined;
    let failed: Decision | undefined;
    for (const role of principal.roles) {
      const found = rule.byRole.get(role);
      if (found === undefined) continue;
      for (const each of found.conditional) {
        if (each.needsResource && (resource === undefined || resource === null)) {
          if (some) return each.possible;
          missing ??= each.missing;
          continue;
        }
        const outcome = evaluate(each, principal, permission, resource);
        if (outcome.allowed) return outcome;
        if (outcome.reason === 'condition_error') error ??= outcome;
        else failed ??= outcome;
      }
    }
    return missing ?? error ?? failed ?? rule.noGrant;
  }

  function evaluate(
    rule: ConditionalRule,
    principal: PolicyPrincipal,
    permission: string,
    resource: unknown,
  ): Decision {
    let problem: unknown;
    try {
      const result: unknown = rule.test(principal, resource);
      if (result === true) return rule.granted;
      if (result === false) return rule.failed;
      // A promise is truthy and would pass, and one that rejects unheard ends the process.
      if (result instanceof Promise) result.catch(() => {});
      problem = new TypeError(`condition ${rule.name} did not return a boolean`);
    } catch (thrown) {
      problem = thrown;
    }
    try {
      onConditionError?.(problem, { permission, role: rule.role, condition: rule.name });
    } catch {
      // Whoever listens can't change a denial into an exception.
    }
    return rule.error;
  }

  function view(principal: PolicyPrincipal | undefined, resource: string, record: object): never {
    const fields = readable.get(resource);
    if (!fields) throw new TypeError(`the policy does not say which fields of '${resource}' may be read`);
    return viewOf(fields, principal, record, decide) as never; // its type follows from the rules that it was made by
  }

  return Object.freeze({
    permissions,
    roles: new Set(granted.keys()),
    readable: new Set(readable.keys()),
    decide,
    allowsSome,
    view,
  });
}

function isPrincipal(principal: PolicyPrincipal | undefined | null): principal is PolicyPrincipal {
  return (
    principal !== undefined &&
    principal !== null &&
    typeof principal.id === 'string' &&
    principal.id !== '' &&
    Array.isArray(principal.roles)
  );
}

function readResources(resources: unknown): Map<string, readonly string[]> {
  const actions = new Map<string, readonly string[]>();
  for (const [name, list] of entriesOf('policy.resources', resources)) {
    const option = `policy.resources.${checkName('policy.resources', name)}`;
    const names = listOf(option, list).map((action, i) => checkName(`${option}[${i}]`, action));
    if (names.length === 0) throw new ConfigError(option, 'has no action', "write some, such as ['read']");
    if (new Set(names).size < names.length)
      throw new ConfigError(option, 'names an action twice', 'write each once');
    actions.set(name, names);
  }
  return actions;
}

function readConditions(conditions: unknown): Map<string, Condition> {
  const read = new Map<string, Condition>();
  for (const [name, condition] of entriesOf('policy.conditions', conditions)) {
    const option = `policy.conditions.${checkName('policy.conditions', name)}`;
    if (typeof condition !== 'function') {
      checkOptions(option, condition, ['principal']);
      if (typeof (condition as { principal?: unknown }).principal !== 'function') {
        throw new ConfigError(
          option,
          'has no test',
          'write (principal, resource) => boolean, or { principal: test }',
        );
      }
    }
    read.set(name, condition as Condition); // a function, or an object with one: checked above
  }
  return read;
}
