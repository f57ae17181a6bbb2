import type { HandlerContext, Returned, RouteSecurity } from '@secapi/core';

/** A route of the API, for any framework: where it is, what it lets in and out, and what it does. */
export interface AppRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly security: RouteSecurity;
  readonly handler: (context: HandlerContext) => unknown;
}

/** A route whose handler sees the types of its own security. */
export function define<const R extends RouteSecurity, T>(
  method: AppRoute['method'],
  path: string,
  security: R,
  handler: (context: HandlerContext<R>) => Returned<T>,
): AppRoute {
  // The shield calls a handler with the context of its own route and of no other.
  return { method, path, security, handler: handler as AppRoute['handler'] };
}
