import {
  andThen,
  answer,
  errorOfStatus,
  type HandlerContext,
  type Principal,
  type Reply,
  type RouteSecurity,
  type Shield,
  toAnswer,
} from '@secapi/core';
import { ConfigError, SecapiError } from '@secapi/kernel';
import {
  type Conversation,
  conversationOf,
  converse,
  markDeclared,
  mergeVary,
  requestFacts,
  unmatched,
} from '@secapi/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuseBadTargets } from './bad-target.js';
import { watchRoutes } from './routes.js';

/** A handler of a protected route: what the route let in, then Fastify's own. */
export type FastifyHandler<R extends RouteSecurity, P extends Principal> = (
  context: HandlerContext<R, P>,
  request: FastifyRequest,
  reply: FastifyReply,
) => unknown;

/** The native function behind a protected route; without a handler it is for `preHandler`, before an old one. */
export type FastifyNative = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Puts a route's security before a handler. */
export type FastifyProtect<P extends Principal> = <const R extends RouteSecurity>(
  route: R,
  handler?: FastifyHandler<R, P>,
) => FastifyNative;

/** What {@link secapi} gives back. */
export interface FastifySecapi<P extends Principal> {
  readonly protect: FastifyProtect<P>;
}

/**
 * Puts a shield before a Fastify application and all of its plugins. Call it before routes are added; a route that was
 * added earlier, or that `protect()` doesn't stand on, answers 403 `ACCESS_UNDECLARED` and its handler never runs.
 *
 * @example
 * ```ts
 * const { protect } = secapi(app, shield);
 * app.post('/posts', protect(createPost, ({ body, principal }) => posts.add(body, principal)));
 * ```
 */
export function secapi<P extends Principal>(app: FastifyInstance, shield: Shield<P>): FastifySecapi<P> {
  const routes = watchRoutes(app);
  refuseBadTargets(app, shield as Shield);
  // Core reads bodies itself, bounded; a parser that the application adds for a type of its own still runs.
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.addHook('onRequest', function secapiEnter(request, reply, done) {
    const conversation = converse(
      request.raw,
      shield.open(requestFacts(request.raw, () => request.body)),
      shield,
    );
    const { exchange } = conversation;
    void andThen(shield.enter(exchange), (entered) => {
      if (entered) return send(reply, conversation, entered);
      if (request.is404)
        return void andThen(unmatched(conversation, routes.allowedMethods(exchange.path)), (value) =>
          send(reply, conversation, value),
        );
      if (routes.declared(request)) {
        applyHeaders(reply, conversation);
        return done();
      }
      return void andThen(
        shield.admit(exchange, undefined, {}),
        (refused) => refused.admitted || send(reply, conversation, refused.reply),
      );
    });
  });

  app.addHook('preValidation', function secapiAdmit(request, reply, done) {
    const conversation = conversationOf(request.raw);
    const declared = routes.declared(request);
    if (!conversation) return done(new SecapiError('SHIELD_SKIPPED', 'the request did not pass the shield'));
    void andThen(
      shield.admit(conversation.exchange, declared, request.params as Record<string, string>),
      (admission) => {
        if (!admission.admitted) return send(reply, conversation, admission.reply);
        conversation.admitted = true;
        contexts.set(request, admission.context);
        if (declared?.route.body) request.body = admission.context.body;
        applyHeaders(reply, conversation);
        done();
      },
    );
  });

  // An object that a handler returned or sent: shaped before Fastify serializes it.
  app.addHook('preSerialization', function secapiShape(request, reply, payload, done) {
    const conversation = conversationOf(request.raw);
    if (!conversation || conversation.ended || !conversation.admitted) return done(null, payload);
    conversation.ended = true;
    void andThen(shield.leave(conversation.exchange, answer(reply.statusCode, payload)), (value) => {
      prepare(reply, conversation, value);
      reply.serializer(String); // it is JSON already
      done(null, value.body ?? '');
    });
  });

  // Anything else: a text, a buffer or a stream is the handler's own, and may not go out past `returns`.
  app.addHook('onSend', function secapiPass(request, reply, payload, done) {
    const conversation = conversationOf(request.raw);
    if (conversation) keepVary(reply, conversation);
    if (!conversation || conversation.ended) return done(null, payload);
    conversation.ended = true;
    const { exchange } = conversation;
    const something = payload !== undefined && payload !== null && payload !== '';
    const past = conversation.admitted && something && exchange.route?.returns !== undefined;
    const mismatch = new SecapiError('ANSWER_MISMATCH', 'the handler answered past the schema in returns');
    const outcome = past
      ? shield.fail(exchange, reply.statusCode < 400 ? mismatch : errorOfStatus(reply.statusCode))
      : shield.leave(exchange, { endedWith: reply.statusCode });
    void andThen(outcome, (value) => {
      if (!past && value.status === reply.statusCode) return done(null, payload);
      prepare(reply, conversation, value);
      done(null, value.body);
    });
  });

  app.setErrorHandler(function secapiFail(error, request, reply) {
    const conversation = conversationOf(request.raw);
    if (!conversation) return reply.code(500).send();
    void andThen(shield.fail(conversation.exchange, error), (value) => send(reply, conversation, value));
    return reply;
  });

  const contexts = new WeakMap<FastifyRequest, HandlerContext>();

  const protect: FastifyProtect<P> = function protect<const R extends RouteSecurity>(
    route: R,
    handler?: FastifyHandler<R, P>,
  ) {
    async function secapiProtect(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
      // What was admitted on this request was admitted by this very route, whose types R and P are.
      const context = contexts.get(request) as HandlerContext<R, P> | undefined;
      const conversation = conversationOf(request.raw);
      if (!context || !conversation)
        throw new ConfigError(
          'protect',
          'runs in an application without a shield',
          'call secapi(app, shield) first',
        );
      if (!handler) return undefined;
      const value = await handler(context, request, reply);
      if (value === undefined || value === reply || reply.sent) return reply;
      send(reply, conversation, await shield.leave(conversation.exchange, toAnswer(value)));
      return reply;
    }
    return markDeclared(secapiProtect, shield.declare(route));
  };

  return { protect };
}

/** Sends a whole reply through Fastify, so that the hooks of others still run. */
function send(reply: FastifyReply, conversation: Conversation, value: Reply): void {
  conversation.ended = true;
  prepare(reply, conversation, value);
  // As bytes: to a text Fastify would add a charset, which problem+json has none of (RFC 9457 §3).
  void reply.send(typeof value.body === 'string' ? Buffer.from(value.body) : value.body);
}

function prepare(reply: FastifyReply, conversation: Conversation, value: Reply): void {
  applyHeaders(reply, conversation);
  for (const [name, text] of value.headers) setHeader(reply, name, text);
  void reply.code(value.status);
}

function applyHeaders(reply: FastifyReply, conversation: Conversation): void {
  const { headers } = conversation.exchange;
  for (const [name, value] of headers.slice(conversation.applied)) setHeader(reply, name, value);
  conversation.applied = headers.length;
}

/** What the handler set may have replaced ours: caches need the union. */
function keepVary(reply: FastifyReply, { exchange }: Conversation): void {
  for (const [name, value] of exchange.headers) if (name === 'vary') setHeader(reply, name, value);
}

function setHeader(reply: FastifyReply, name: string, value: string): void {
  void reply.header(name, name === 'vary' ? mergeVary(reply.getHeader(name), value) : value);
}
