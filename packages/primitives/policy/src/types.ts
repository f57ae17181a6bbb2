import type { Condition } from './condition.js';

/** What can be done, by resource: `{ post: ['create', 'delete'] }` declares `post:create` and `post:delete`. */
export type Resources = Readonly<Record<string, readonly string[]>>;

/** The permissions that follow from a declaration of {@link Resources}, as `resource:action`. */
export type PermissionOf<R extends Resources> = {
  [Name in keyof R & string]: `${Name}:${R[Name][number]}`;
}[keyof R & string];

/** Every permission of one resource, present and future ones: `post:*`. It counts only where it is written. */
export type WildcardOf<R extends Resources> = `${keyof R & string}:*`;

/** A role that somebody has in one tenant and in no other. */
export interface RoleInTenant {
  readonly role: string;
  readonly tenant: string;
}

/** A permission that a principal has by itself: for one resource, for a time, or both. */
export interface PrincipalGrant {
  /** One permission; no wildcard. */
  readonly permission: string;
  /** The `id` of the one resource that it is for. @default all of them */
  readonly resource?: string;
  /** When it begins to hold, in milliseconds, judged by the context's `now`. @default always */
  readonly from?: number;
  /** When it has ended, in milliseconds. @default never */
  readonly until?: number;
}

/** Who asks. An application may pass more, for its conditions to read. */
export interface PolicyPrincipal {
  /** The subject: a text that is not empty. */
  readonly id: string;
  readonly roles: readonly (string | RoleInTenant)[];
  /** Permissions of its own, besides those of its roles. */
  readonly grants?: readonly PrincipalGrant[];
  /** All that its token or key is good for, `post:read` or `post:*`: it may never do more. @default no such bound */
  readonly scopes?: readonly string[];
  /** For whom it acts: only what both may do is allowed, and the decision names both. */
  readonly actingFor?: PolicyPrincipal;
}

/** A permission that a role grants or forbids, always or when named conditions hold: of a list, all. */
export type Grant<Granted extends string = string, ConditionName extends string = string> =
  | Granted
  | { readonly permission: Granted; readonly when: ConditionName | readonly ConditionName[] };

/** What one role may do, and the roles whose rules it has as well. */
export interface RoleDefinition<
  Granted extends string = string,
  ConditionName extends string = string,
  RoleName extends string = string,
> {
  readonly grants?: readonly Grant<Granted, ConditionName>[];
  /** What nobody with this role may do, whatever else grants it. */
  readonly forbids?: readonly Grant<Granted, ConditionName>[];
  readonly inherits?: readonly RoleName[];
}

/** The tenants that resources and principals belong to: what is another's is denied, whatever the roles say. */
export interface TenantOptions<R extends Resources = Resources> {
  /** The member of a principal that holds its tenant. @default 'tenant' */
  readonly principal?: string;
  /** The member of a resource that holds its tenant. @default 'tenantId' */
  readonly resource?: string;
  /** The resources that belong to tenants. @default all of them */
  readonly of?: readonly (keyof R & string)[];
  /** The permissions that are asked for before there is a resource, such as `post:create`; all others need one. @default none */
  readonly withoutResource?: readonly (PermissionOf<R> | WildcardOf<R>)[];
}

/**
 * When a denial is to look as if there were nothing: `always`; where a `resource` was asked about, since a refusal
 * tells that it is there; or `never`.
 */
export type Concealment = 'always' | 'resource' | 'never';

/** A condition's failure to answer, for the developer's eyes. */
export interface ConditionFailure {
  /** The permission, or the place of the rule about fields. */
  readonly permission: string;
  /** The role whose rule it is; none for a rule of the policy itself. */
  readonly role?: string;
  readonly condition: string;
}

/** Who may read or write the fields of a resource: `true` is whoever has the resource, a permission those to whom it is granted for it. */
export type FieldRules<Granted extends string = string> = Readonly<Record<string, true | Granted>>;

/** The fields that may be read or written, by resource. */
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
  /** The fields of resources that may be written, for a route's `writes`; a field that isn't named is written by nobody. */
  readonly writable?: ReadableFields<keyof R & string, PermissionOf<R>>;
  readonly roles: Readonly<
    Record<
      RoleName,
      RoleDefinition<PermissionOf<R> | WildcardOf<R>, NoInfer<ConditionName>, NoInfer<RoleName>>
    >
  >;
  /** What nobody may do, whatever grants it. */
  readonly forbids?: readonly Grant<PermissionOf<R> | WildcardOf<R>, NoInfer<ConditionName>>[];
  /** @default there are no tenants */
  readonly tenant?: TenantOptions<NoInfer<R>>;
  /** Which denials are to look as if there were nothing; a permission goes before `resource:*`. @default 'resource' for each */
  readonly conceal?: { readonly [Name in PermissionOf<NoInfer<R>> | WildcardOf<NoInfer<R>>]?: Concealment };
  /** Told of a condition that threw or didn't return a boolean; the decision is a denial whatever it does. */
  readonly onConditionError?: (error: unknown, failure: ConditionFailure) => void;
}
