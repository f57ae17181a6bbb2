import {
  andThen,
  answer,
  type HandlerContext,
  isAnswer,
  isPromise,
  type Principal,
  type Reply,
  type Returned,
  type RouteSecurity,
  type Shield,
  toAnswer,
} from '@secapi/core';
import { ConfigError } from '@secapi/kernel';
import { type Conversation, conversationOf, markDeclared, writeReply } from '@secapi/node';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** A handler of a protected route: what the route let in, then Express's own. */
export type ExpressHandler<R extends RouteSecurity, P extends Principal, T = unknown> = (
  context: HandlerContext<R, P>,
  request: Request,
  response: Response,
) => Returned<T>;

/** Puts a route's security before a handler, or, without one, before whatever comes next. */
export type ExpressProtect<P extends Principal> = <const R extends RouteSecurity, T>(
  route: R,
  handler?: ExpressHandler<R, P, T>,
) => RequestHandler;

/** Makes the `protect()` of a shield. */
export function createProtect<P extends Principal>(shield: Shield<P>): ExpressProtect<P> {
  return function protect(route, handler) {
    const declared = shield.declare(route);

    function secapiProtect(request: Request, response: Response, next: NextFunction): void {
      const conversation = conversationOf(request);
      if (!conversation) {
        next(withoutShield());
        return;
      }
      const { exchange } = conversation;
      const reply = (value: Reply): void => writeReply(response, conversation, value);
      const fail = (error: unknown): void => void andThen(shield.fail(exchange, error), reply);

      function respond(value: unknown): void {
        if (conversation?.ended || response.headersSent) return;
        if (value === undefined || value === response) return; // answered natively, now or later
        void andThen(shield.leave(exchange, toAnswer(value)), reply);
      }

      void andThen(shield.admit(exchange, declared, textParams(request)), (admission) => {
        if (!admission.admitted) return reply(admission.reply);
        conversation.admitted = true;
        conversation.scope = !conversation.matched;
        shapeJson(response, conversation);
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
    }

    return markDeclared(secapiProtect, declared);
  };
}

/** Sends what a handler gives to `res.json()`, and with it `res.send(object)`, through the shield. */
function shapeJson(response: Response, conversation: Conversation): void {
  response.json = function secapiJson(value: unknown): Response {
    if (conversation.ended) return response;
    conversation.ended = true;
    const outcome = isAnswer(value) ? value : answer(response.statusCode, value);
    const left = conversation.shield.leave(conversation.exchange, outcome);
    void andThen(left, (reply) => writeReply(response, conversation, reply));
    return response;
  };
}

function textParams(request: Request): Record<string, string> {
  const params: Record<string, string> = {};
  for (const name in request.params) {
    const value = request.params[name];
    params[name] = Array.isArray(value) ? value.join('/') : (value ?? '');
  }
  return params;
}

function withoutShield(): ConfigError {
  return new ConfigError(
    'protect',
    'runs in an application without a shield',
    'call secapi(app, shield) with this application',
  );
}
