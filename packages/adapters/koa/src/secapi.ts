import {
  ApiError,
  answer,
  type HandlerContext,
  type Principal,
  type Reply,
  type Returned,
  type RouteSecurity,
  type Shield,
  toAnswer,
} from '@secapi/core';
import { ConfigError } from '@secapi/kernel';
import {
  conversationOf,
  converse,
  gate,
  markDeclared,
  offerNonce,
  requestFacts,
  unmatched,
  writeReply,
} from '@secapi/node';
import type Koa from 'koa';
import { guardRouters } from './routers.js';

/** A handler of a protected route: what the route let in, then Koa's own. */
export type KoaHandler<R extends RouteSecurity, P extends Principal, T = unknown> = (
  context: HandlerContext<R, P>,
  ctx: Koa.Context,
  next: Koa.Next,
) => Returned<T>;

/** Puts a route's security before a handler, or, without one, before whatever comes next. */
export type KoaProtect<P extends Principal> = <const R extends RouteSecurity, T>(
  route: R,
  handler?: KoaHandler<R, P, T>,
) => Koa.Middleware;

/** What {@link secapi} gives back. */
export interface KoaSecapi<P extends Principal> {
  readonly protect: KoaProtect<P>;
}

/**
 * Puts a shield before a Koa application: all of it, whatever was or will be added, in whatever order.
 *
 * A route of a router given to `app.use()` that `protect()` doesn't stand first on answers 403 `ACCESS_UNDECLARED` and its
 * handler never runs; what any other middleware answers without an admitted route is replaced by the same.
 *
 * @example
 * ```ts
 * const { protect } = secapi(app, shield);
 * router.post('/posts', protect(createPost, ({ body, principal }) => posts.add(body, principal)));
 * ```
 */
export function secapi<P extends Principal>(app: Koa, shield: Shield<P>): KoaSecapi<P> {
  const routers = guardRouters(app);

  app.middleware.unshift(async function secapiShield(ctx: Koa.Context, next: Koa.Next): Promise<void> {
    const conversation = converse(
      ctx.req,
      shield.open(requestFacts(ctx.req, () => (ctx.request as { body?: unknown }).body)),
      shield,
    );
    const { exchange } = conversation;
    // Core reads the bytes itself; Koa's parsers know this word.
    (ctx as { disableBodyParser?: boolean }).disableBodyParser = true;
    routers.guard();
    const entered = await shield.enter(exchange);
    if (entered) return reply(ctx, entered);
    gate(ctx.res, conversation);
    if (exchange.late) offerNonce(ctx.state, exchange);
    try {
      await next();
      if (conversation.ended) return;
      const body: unknown = ctx.body;
      if (conversation.admitted) {
        // A text, a buffer or a stream is the handler's own: Koa sends it, past the gate.
        if (!isJsonLike(body) && exchange.route?.returns === undefined) return;
        return reply(ctx, await shield.leave(exchange, answer(ctx.status, body ?? undefined)));
      }
      if (ctx.status === 404 && (body === undefined || body === null))
        return reply(ctx, await unmatched(conversation, routers.allowedMethods(exchange.path)));
      const admission = await shield.admit(exchange, undefined, {});
      reply(
        ctx,
        admission.admitted ? await shield.fail(exchange, new ApiError('INTERNAL_ERROR')) : admission.reply,
      );
    } catch (error) {
      reply(ctx, await shield.fail(exchange, error));
    }
  });

  const protect: KoaProtect<P> = function protect(route, handler) {
    const declared = shield.declare(route);
    async function secapiProtect(ctx: Koa.Context, next: Koa.Next): Promise<void> {
      const conversation = conversationOf(ctx.req);
      if (!conversation) {
        throw new ConfigError(
          'protect',
          'runs in an application without a shield',
          'call secapi(app, shield) with this application',
        );
      }
      const { exchange } = conversation;
      const admission = await shield.admit(
        exchange,
        declared,
        (ctx as { params?: Record<string, string> }).params ?? {},
      );
      if (!admission.admitted) return reply(ctx, admission.reply);
      conversation.admitted = true;
      conversation.scope = !conversation.matched;
      if (!handler) {
        if (route.body) (ctx.request as { body?: unknown }).body = admission.context.body;
        return next();
      }
      const value = await handler(admission.context, ctx, next);
      if (value !== undefined) reply(ctx, await shield.leave(exchange, toAnswer(value)));
    }
    return markDeclared(secapiProtect, declared);
  };

  return { protect };
}

/** Whether a body is nothing or an object that would be sent as JSON. */
function isJsonLike(body: unknown): boolean {
  if (body === undefined || body === null) return true;
  return typeof body === 'object' && !(body instanceof Uint8Array) && !('pipe' in body);
}

function reply(ctx: Koa.Context, value: Reply): void {
  const conversation = conversationOf(ctx.req);
  if (!conversation) return;
  ctx.respond = false;
  writeReply(ctx.res, conversation, value);
}
