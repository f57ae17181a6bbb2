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

/** Who may read the fields of a resource: `true` is whoever has the resource, a permission those to whom it is granted for it. */
export type FieldRules<Granted extends string = string> = Readonly<Record<string, true | Granted>>;

/** The fields that may be read, by resource. */
export type ReadableFields<Name extends string = string, Granted extends string = string> = {
  readonly [N in Name]?: FieldRules<Granted>;
};

declare const authorized: unique symbol;

/** What came out of `policy.view`: there is no other way to make one. */
export type Authorized<V> = V & { readonly [authorized]: true };

/** What a view of a record may hold: fields that everybody reads, perhaps those that need a permission, and no others. */
export type ViewOf<T, Rules> = {
  readonly [K in keyof T & keyof Rules as Rules[K] extends true ? K : never]: T[K];
} & {
  readonly [K in keyof T & keyof Rules as Rules[K] extends true ? never : K]?: T[K];
};

/** The options of `createPolicy`. */
export interface PolicyOptions<
  R extends Resources,
  ConditionName extends string,
  RoleName extends string,
  Fields extends ReadableFields<keyof R & string, PermissionOf<R>> = ReadableFields<
    keyof R & string,
    PermissionOf<R>
  >,
> {
  readonly resources: R;
  readonly conditions?: Readonly<Record<ConditionName, Condition>>;
  /** The fields of resources that may be read, for `view` and for a route's `reads`; a field that isn't named is read by nobody. */
  readonly readable?: Fields;
  readonly roles: Readonly<
    Record<
      RoleName,
      RoleDefinition<PermissionOf<R> | WildcardOf<R>, NoInfer<ConditionName>, NoInfer<RoleName>>
    >
  >;
  /** Told of a condition that threw or didn't return a boolean; the decision is a denial whatever it does. */
  readonly onConditionError?: (error: unknown, failure: ConditionFailure) => void;
}
