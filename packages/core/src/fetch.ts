import { ApiError } from './api-error.js';
import type { BodySource, Exchange, RequestFacts } from './exchange.js';
import type { Principal } from './principal.js';
import { type Reply, type Returned, toAnswer } from './reply.js';
import type { HandlerContext, RouteSecurity } from './route.js';
import type { Shield } from './shield.js';

/** What a runtime knows of a request besides the `Request`; a router adds the parameters. */
export interface FetchInfo {
  /** The address of the socket's other end. */
  readonly peer?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** A function that a web-standard server calls. */
export type FetchHandler = (request: Request, info?: FetchInfo) => Promise<Response>;

/** The four verbs over `Request` and `Response`, with no adapter. */
export interface FetchSecapi<P extends Principal> {
  /** A handler behind a route's security. It returns a value, an `answer()`, and is typed from the route. */
  protect<R extends RouteSecurity, T>(
    route: R,
    handler: (context: HandlerContext<R, P>, request: Request) => Returned<T>,
  ): FetchHandler;
  /** Answers 404 as a problem, behind the same guards; for what a router doesn't know. */
  readonly notFound: FetchHandler;
}

/**
 * Serves a shield in any runtime that has `Request` and `Response`.
 *
 * @example
 * ```ts
 * const { protect, notFound } = secapi(shield);
 * const createPost = protect(route({ access: 'post:create', body: NewPost }), ({ body }) => posts.add(body));
 * export default { fetch: (request) => (new URL(request.url).pathname === '/posts' ? createPost : notFound)(request) };
 * ```
 */
export function secapi<P extends Principal>(shield: Shield<P>): FetchSecapi<P> {
  function protect<R extends RouteSecurity, T>(
    route: R,
    handler: (context: HandlerContext<R, P>, request: Request) => Returned<T>,
  ): FetchHandler {
    const declared = shield.declare(route);
    return async function protectedHandler(request, info = {}) {
      const exchange = shield.open(facts(request, info));
      const entered = await shield.enter(exchange);
      if (entered) return toResponse(exchange, entered);
      const admission = await shield.admit(exchange, declared, info.params ?? {});
      if (!admission.admitted) return toResponse(exchange, admission.reply);
      try {
        const value = await handler(admission.context, request);
        return toResponse(exchange, await shield.leave(exchange, toAnswer(value)));
      } catch (error) {
        return toResponse(exchange, await shield.fail(exchange, error));
      }
    };
  }

  async function notFound(request: Request, info: FetchInfo = {}): Promise<Response> {
    const exchange = shield.open(facts(request, info));
    return toResponse(
      exchange,
      (await shield.enter(exchange)) ?? (await shield.fail(exchange, new ApiError('NOT_FOUND'))),
    );
  }

  return { protect, notFound };
}

function facts(request: Request, info: FetchInfo): RequestFacts {
  const url = new URL(request.url);
  return {
    method: request.method,
    target: url.pathname + url.search,
    peer: info.peer,
    encrypted: url.protocol === 'https:',
    // A Request has no Host header in some runtimes; its URL is what the runtime made of it.
    header: (name) => request.headers.get(name) ?? (name === 'host' ? url.host : undefined),
    values: (name) => {
      const value = request.headers.get(name);
      return value === null ? [] : [value];
    },
    body: bodyOf(request),
    signal: request.signal,
  };
}

/** A body as it streams; with `watch`, which may end the reading, nothing of it is kept here. */
function bodyOf(request: Request): BodySource {
  return {
    parsed: () => undefined,
    async read(limit: number, watch?: (chunk: Uint8Array) => boolean) {
      if (request.bodyUsed) return { ok: false, reason: 'taken' };
      const chunks: Uint8Array[] = [];
      let size = 0;
      const reader = request.body?.getReader();
      while (reader) {
        const { done, value } = await reader.read();
        if (done) break;
        if (size + value.byteLength > limit) {
          await reader.cancel();
          return { ok: false, reason: 'too_large' };
        }
        if (watch) {
          if (watch(value)) continue;
          await reader.cancel();
          break;
        }
        size += value.byteLength;
        chunks.push(value);
      }
      const bytes = new Uint8Array(size);
      let at = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, at);
        at += chunk.byteLength;
      }
      return { ok: true, bytes };
    },
  };
}

function toResponse(exchange: Exchange, reply: Reply): Response {
  const headers = new Headers();
  const header = (name: string) => reply.headers.findLast((own) => own[0] === name)?.[1];
  const { beside, over } = exchange.late?.(exchange, { status: reply.status, header }) ?? {
    beside: exchange.headers,
    over: [],
  };
  for (const [name, value] of [...beside, ...reply.headers, ...over]) {
    if (exchange.withheld.includes(name)) continue;
    if (name === 'vary' || name === 'set-cookie') headers.append(name, value);
    else headers.set(name, value);
  }
  const bodiless = exchange.request.method === 'HEAD' || reply.body === undefined;
  // The bytes are ours and not shared, which the type of a body wants to know.
  return new Response(bodiless ? null : (reply.body as BodyInit), { status: reply.status, headers });
}
