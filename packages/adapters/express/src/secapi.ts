import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Answer,
  andThen,
  answer,
  type HandlerContext,
  isAnswer,
  isPromise,
  type Principal,
  type Reply,
  type RouteSecurity,
  type Shield,
  toAnswer,
} from '@secapi/core';
import { ConfigError } from '@secapi/kernel';
import {
  applyHeaders,
  type Conversation,
  conversationOf,
  converse,
  gate,
  markDeclared,
  requestFacts,
  unmatched,
  writeReply,
} from '@secapi/node';
import type { Application, NextFunction, Request, RequestHandler, Response } from 'express';
import { allowedMethods } from './inventory.js';
import { refuseUndeclared } from './undeclared.js';

/** A handler of a protected route: what the route let in, then Express's own. */
export type ExpressHandler<R extends RouteSecurity, P extends Principal> = (
  context: HandlerContext<R, P>,
  request: Request,
  response: Response,
) => unknown;

/** Puts a route's security before a handler, or, without one, before whatever comes next. */
export type ExpressProtect<P extends Principal> = <const R extends RouteSecurity>(
  route: R,
  handler?: ExpressHandler<R, P>,
) => RequestHandler;

/** What {@link secapi} gives back. */
export interface ExpressSecapi<P extends Principal> {
  readonly protect: ExpressProtect<P>;
}

/**
 * Puts a shield before an Express 5 application: all of it, whatever was or will be added, in whatever order.
 *
 * A route that `protect()` doesn't stand first on answers 403 `ACCESS_UNDECLARED` and its handler never runs.
 *
 * @example
 * ```ts
 * const { protect } = secapi(app, shield);
 * app.post('/posts', protect(createPost, ({ body, principal }) => posts.add(body, principal)));
 * ```
 */
export function secapi<P extends Principal>(app: Application, shield: Shield<P>): ExpressSecapi<P> {
  // Express types neither: `handle` is what it calls for every request, and `done` its way out of the last layer.
  const express = app as unknown as {
    handle(request: IncomingMessage, response: ServerResponse, done?: NextFunction): void;
  };
  const handle = express.handle;
  app.disable('x-powered-by');
  refuseUndeclared();

  express.handle = function secapiHandle(request, response, done): void {
    if (conversationOf(request)) {
      handle.call(app, request, response, done);
      return;
    }
    const conversation = converse(
      request,
      shield.open(requestFacts(request, () => (request as Request).body)),
      shield,
    );
    const { exchange } = conversation;
    const reply = (value: Reply): void => writeReply(response, conversation, value);

    function last(error?: unknown): void {
      if (done) done(error);
      else if (error !== undefined && error !== null) void andThen(shield.fail(exchange, error), reply);
      else void andThen(unmatched(conversation, allowedMethods(app, exchange.path)), reply);
    }

    void andThen(shield.enter(exchange), (entered) => {
      if (entered) return reply(entered);
      applyHeaders(response, conversation);
      if (request.method === 'OPTIONS') {
        const methods = allowedMethods(app, exchange.path);
        if (methods.size > 0 && !methods.has('OPTIONS'))
          return void andThen(unmatched(conversation, methods), reply);
      }
      gate(response, conversation);
      handle.call(app, request, response, last);
    });
  };

  const protect: ExpressProtect<P> = function protect(route, handler) {
    const declared = shield.declare(route);
    function secapiProtect(request: Request, response: Response, next: NextFunction): void {
      const conversation = conversationOf(request);
      if (!conversation) {
        next(
          new ConfigError(
            'protect',
            'runs in an application without a shield',
            'call secapi(app, shield) with this application',
          ),
        );
        return;
      }
      const { exchange } = conversation;
      const reply = (value: Reply): void => writeReply(response, conversation, value);
      const fail = (error: unknown): void => void andThen(shield.fail(exchange, error), reply);

      void andThen(shield.admit(exchange, declared, textParams(request)), (admission) => {
        if (!admission.admitted) return reply(admission.reply);
        conversation.admitted = true;
        conversation.scope = !conversation.matched;
        applyHeaders(response, conversation);
        shapeNative(response, conversation, (value) => shield.leave(exchange, value));
        if (!handler) {
          if (route.body) request.body = admission.context.body;
          return next();
        }
        try {
          const value = handler(admission.context, request, response);
          if (isPromise(value)) value.then(respond, fail);
          else respond(value);
        } catch (error) {
          fail(error);
        }
      });

      function respond(value: unknown): void {
        if (conversation?.ended || response.headersSent) return;
        if (value === undefined || value === response) return; // answered natively, now or later
        void andThen(shield.leave(exchange, toAnswer(value)), reply);
      }
    }
    return markDeclared(secapiProtect, declared);
  };

  return { protect };
}

/** Sends what a handler gives to `res.json()`, and with it `res.send(object)`, through the shield. */
function shapeNative(
  response: Response,
  conversation: Conversation,
  leave: (value: Answer) => ReturnType<Shield['leave']>,
): void {
  response.json = function secapiJson(value: unknown): Response {
    const outcome = isAnswer(value) ? value : answer(response.statusCode, value);
    conversation.ended = true;
    void andThen(leave(outcome), (reply) => writeReply(response, conversation, reply));
    return response;
  };
}

function textParams(request: Request): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.params))
    params[name] = Array.isArray(value) ? value.join('/') : (value ?? '');
  return params;
}
