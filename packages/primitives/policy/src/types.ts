/** What can be done, by resource: `{ post: ['create', 'delete'] }` declares `post:create` and `post:delete`. */
export type Resources = Readonly<Record<string, readonly string[]>>;

/** The permissions that follow from a declaration of {@link Resources}, as `resource:action`. */
export type PermissionOf<R extends Resources> = {
  [Name in keyof R & string]: `${Name}:${R[Name][number]}`;
}[keyof R & string];

/** Every permission of one resource, present and future ones: `post:*`. It counts only where it is written. */
export type WildcardOf<R extends Resources> = `${keyof R & string}:*`;

/** Who asks. An application may pass more, for its conditions to read. */
export interface PolicyPrincipal {
  /** The subject: a text that is not empty. */
  readonly id: string;
  readonly roles: readonly string[];
}

// A method's parameters compare both ways, so that a condition may name its own resource type; the policy
// hands a condition only what its caller passed to `decide` for that permission.
interface ConditionShape {
  test(principal: PolicyPrincipal, resource: unknown): boolean;
}

/**
 * A test of a principal and the resource it asks for: pure, synchronous, and exactly `true` to pass.
 *
 * One that throws, or returns anything but a boolean (a promise, too), denies.
 */
export type ConditionTest = ConditionShape['test'];

/**
 * A condition: a test of principal and resource, or one of the principal alone, which needs no resource.
 *
 * A test of a resource is not even called when there is none.
 */
export type Condition = ConditionTest | { readonly principal: (principal: PolicyPrincipal) => boolean };

/** A permission that a role grants, always or when a named condition holds. */
export type Grant<Granted extends string = string, ConditionName extends string = string> =
  | Granted
  | { readonly permission: Granted; readonly when: ConditionName };

/** What one role may do, and the roles whose grants it has as well. */
export interface RoleDefinition<
  Granted extends string = string,
  ConditionName extends string = string,
  RoleName extends string = string,
> {
  readonly grants?: readonly Grant<Granted, ConditionName>[];
  readonly inherits?: readonly RoleName[];
}

/** A condition's failure to answer, for the developer's eyes. */
export interface ConditionFailure {
  readonly permission: string;
  readonly role: string;
  readonly condition: string;
}

/** The options of `createPolicy`. */
export interface PolicyOptions<R extends Resources, ConditionName extends string, RoleName extends string> {
  readonly resources: R;
  readonly conditions?: Readonly<Record<ConditionName, Condition>>;
  readonly roles: Readonly<
    Record<
      RoleName,
      RoleDefinition<PermissionOf<R> | WildcardOf<R>, NoInfer<ConditionName>, NoInfer<RoleName>>
    >
  >;
  /** Told of a condition that threw or didn't return a boolean; the decision is a denial whatever it does. */
  readonly onConditionError?: (error: unknown, failure: ConditionFailure) => void;
}
