import type { SecurityEventName } from '@secapi/audit';
import type { Duration, MaybePromise } from '@secapi/kernel';
import type { FormFiles, StandardSchemaV1 } from '@secapi/validation';
import type { Exchange } from './exchange.js';
import type { Principal } from './principal.js';
import type { Reads } from './reads.js';

/** A permission as a policy declares it: `resource:action`. */
export type Permission = `${string}:${string}`;

/** A further condition of access, such as a recent sign-in; made by an application. */
export interface AccessCondition {
  readonly name: string;
  /** Whether the principal has access; what throws or rejects denies. */
  check(facts: { readonly principal: Principal; readonly exchange: Exchange }): MaybePromise<boolean>;
}

/**
 * Who may use a route. There is no default.
 *
 * - `'public'`: everybody; the handler is given no principal.
 * - `'optional'`: everybody; the handler is given the principal when there is one.
 * - `'signed-in'`: every principal.
 * - a permission: the principals to whom the policy grants it.
 * - a list: all of it must hold, and a principal is demanded.
 */
export type Access =
  | 'public'
  | 'optional'
  | 'signed-in'
  | Permission
  | readonly ('signed-in' | Permission | AccessCondition)[];

type Schema = StandardSchemaV1;
type Output<S> = S extends Schema ? StandardSchemaV1.InferOutput<S> : undefined;

type FilesOf<F> = F extends FormFiles<infer Files> ? Files : undefined;

/** The validated input of a route: what its schemas gave, and `undefined` where it has none. */
export interface RouteInput<
  Params,
  Query,
  Body,
  Headers = undefined,
  Cookies = undefined,
  Files = undefined,
> {
  readonly params: Output<Params>;
  readonly query: Output<Query>;
  readonly headers: Output<Headers>;
  readonly cookies: Output<Cookies>;
  readonly body: Output<Body>;
  readonly files: FilesOf<Files>;
}

/** A limit that a route uses. */
export interface RouteLimit {
  readonly use: string;
  /** `false`: a success always passes, and only failures past the limit are 429. @default true */
  readonly block?: boolean;
  /** How much of it the route takes, where requests are not alike. @default the limit's own */
  readonly cost?: number;
}

/** What a route lets in and out, as plain data next to the code that does it. */
export interface RouteSecurity<
  A extends Access = Access,
  Params extends Schema | undefined = Schema | undefined,
  Query extends Schema | undefined = Schema | undefined,
  Body extends Schema | undefined = Schema | undefined,
  Resource = unknown,
  Headers extends Schema | undefined = Schema | undefined,
  Cookies extends Schema | undefined = Schema | undefined,
  Files extends FormFiles | undefined = FormFiles | undefined,
> {
  readonly access: A;
  /**
   * How long ago the principal may have proved who it is, 1 second to 30 days; else 401 `STEP_UP_REQUIRED` with a challenge
   * that names the time (RFC 9470). It is asked once access is granted, so that nobody else learns of it (ASVS v5.0.0-7.5.3).
   */
  readonly signedInWithin?: Duration;
  readonly params?: Params;
  readonly query?: Query;
  /**
   * An object of the header fields that the route looks at, by their lower-case names, as texts; all others are left out. One that stands twice
   * is refused.
   */
  readonly headers?: Headers;
  /** An object of the cookies that the route looks at, as texts. One that stands twice is believed by nobody, and so is missing. */
  readonly cookies?: Cookies;
  /** The body's schema, JSON only; with `files` that of the form's texts. Without one, a body with anything in it is refused. */
  readonly body?: Body;
  /** The files of a form, made by `formFiles()`; the body then is `multipart/form-data` and nothing else. */
  readonly files?: Files;
  /**
   * Loads what the request is about. When it isn't there, or the policy doesn't grant the permission for it, the
   * answer is 404 in both cases (ASVS v5.0.0-8.2.2); else the handler is given it as `resource`.
   */
  // A method, not a property: so a route with a typed input is still a RouteSecurity.
  owner?(
    input: RouteInput<Params, Query, Body, Headers, Cookies, Files> & { readonly principal: Principal },
  ): MaybePromise<Resource | undefined>;
  /** The limits with `on: 'route'` that hold for it; several are decided together. */
  readonly limit?: string | RouteLimit | readonly (string | RouteLimit)[];
  /** The schema that every answer below 400 passes: what isn't declared never leaves (ASVS v5.0.0-15.3.1). */
  readonly returns?: Schema;
  /**
   * Where resources of the policy stand in the answer, such as `'post'` or `{ items: 'post' }`: of each the principal gets the fields that
   * the policy lets it read, before `returns` looks at them (ASVS v5.0.0-8.2.3). A field that not everybody reads is optional in `returns`.
   */
  readonly reads?: Reads;
  /**
   * The resource of the policy that the body writes, such as `'post'`: a body with a field that the policy doesn't let the principal write, of the
   * loaded resource where there is one, is 403 `FIELD_FORBIDDEN` (ASVS v5.0.0-8.2.3).
   */
  readonly writes?: string;
  /** An event that tells of every use that succeeded. */
  readonly audit?: SecurityEventName;
}

/** A route's security with the types that its handler sees. */
export type Route<
  A extends Access,
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Resource,
  Headers extends Schema | undefined = undefined,
  Cookies extends Schema | undefined = undefined,
  Files extends FormFiles | undefined = undefined,
> = RouteSecurity<A, Params, Query, Body, Resource, Headers, Cookies, Files>;

/**
 * Declares a route's security. It is plain data: the shield checks it when it is given to `protect()`.
 *
 * @example
 * ```ts
 * const deletePost = route({ access: 'post:delete', params: ById, owner: ({ params }) => posts.find(params.id) });
 * ```
 */
export function route<
  const A extends Access,
  Params extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
  Resource = undefined,
  Headers extends Schema | undefined = undefined,
  Cookies extends Schema | undefined = undefined,
  Files extends FormFiles | undefined = undefined,
>(
  security: RouteSecurity<A, Params, Query, Body, Resource, Headers, Cookies, Files>,
): Route<A, Params, Query, Body, Resource, Headers, Cookies, Files> {
  return security;
}

/** The principal that a handler sees: defined exactly where access demands one. */
export type PrincipalOf<A, P extends Principal> = A extends 'public'
  ? undefined
  : A extends 'optional'
    ? P | undefined
    : P;

/** All that a handler sees of a request: validated input, the principal, the loaded resource. */
export type HandlerContext<R extends RouteSecurity = RouteSecurity, P extends Principal = Principal> =
  R extends RouteSecurity<
    infer A,
    infer Params,
    infer Query,
    infer Body,
    infer Resource,
    infer Headers,
    infer Cookies,
    infer Files
  >
    ? RouteInput<Params, Query, Body, Headers, Cookies, Files> & {
        readonly principal: PrincipalOf<A, P>;
        readonly resource: NonNullable<Resource> extends never ? undefined : NonNullable<Resource>;
        readonly exchange: Exchange;
      }
    : never;
