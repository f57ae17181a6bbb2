import type { Server } from 'node:http';
import type { HandlerContext, RouteSecurity, Shield } from '@secapi/core';

/** How a handler answers in its framework. */
export type HandlerStyle =
  /** returns a value or an `answer()` */
  | 'return'
  /** the framework's own way of sending JSON: `res.json`, `reply.send`, `ctx.body` */
  | 'native'
  /** writes a text to Node's response, past the framework */
  | 'raw'
  /** the framework's own way of sending a text as HTML; `{nonce}` in it stands for the nonce that the adapter offers there */
  | 'page'
  /** the same in pieces, as a stream */
  | 'stream'
  /** `protect(route)` alone, before an old handler that sends JSON natively */
  | 'middleware';

/** One route of the application under test. */
export interface HarnessRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Without it the route is added to the framework without `protect()`. */
  readonly security?: RouteSecurity;
  readonly style: HandlerStyle;
  /** What the handler does and answers; it is given the context where there is one. */
  run(context: HandlerContext | undefined): unknown;
  /** Headers that the handler sets natively before it answers. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Adds the route to a nested router or plugin under this prefix. */
  readonly under?: string;
  /** Puts the framework's own JSON parser before this route. */
  readonly parsedByFramework?: boolean;
  /** Adds the route only after the application has served its first request, where the framework allows that. */
  readonly late?: boolean;
}

/** A framework with its adapter, as the suite drives it. */
export interface AdapterHarness {
  readonly name: string;
  /** An application with these routes behind this shield, not yet listening; `addLate` adds the late routes. */
  build(shield: Shield, routes: readonly HarnessRoute[]): Promise<{ server: Server; addLate?: () => void }>;
  /** What this framework can't do, by the title of the case, each with its reason. */
  readonly because?: Readonly<Record<string, string>>;
}

/** A page in two pieces, of which the nonce stands in the second: it is asked for once the first is on its way. */
export function piecesOf(page: string, nonce: () => string): Iterable<string> {
  const [before = '', after = ''] = page.split('{nonce}');
  return (function* pieces() {
    yield before;
    yield nonce() + after;
  })();
}
