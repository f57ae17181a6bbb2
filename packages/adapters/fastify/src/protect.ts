import {
  andThen,
  type HandlerContext,
  isPromise,
  type Principal,
  type Returned,
  type RouteSecurity,
  type Shield,
  toAnswer,
} from '@secapi/core';
import { ConfigError } from '@secapi/kernel';
import { conversationOf, markDeclared } from '@secapi/node';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { send } from './send.js';

/** A handler of a protected route: what the route let in, then Fastify's own. */
export type FastifyHandler<R extends RouteSecurity, P extends Principal, T = unknown> = (
  context: HandlerContext<R, P>,
  request: FastifyRequest,
  reply: FastifyReply,
) => Returned<T>;

/** The native function behind a protected route; without a handler it is for `preHandler`, before an old one. */
export type FastifyNative = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Puts a route's security before a handler. */
export type FastifyProtect<P extends Principal> = <const R extends RouteSecurity, T>(
  route: R,
  handler?: FastifyHandler<R, P, T>,
) => FastifyNative;

const key: unique symbol = Symbol('secapi.context');

/** Keeps what was admitted on the request, for its handler. */
export function keepContext(request: FastifyRequest, context: HandlerContext): void {
  (request as FastifyRequest & { [key]?: HandlerContext })[key] = context; // the symbol is ours alone
}

/** Makes the `protect()` of a shield; the admission itself is done in a hook, before the handler. */
export function createProtect<P extends Principal>(shield: Shield<P>): FastifyProtect<P> {
  return function protect<const R extends RouteSecurity, T>(route: R, handler?: FastifyHandler<R, P, T>) {
    async function secapiProtect(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
      // What was admitted on this request was admitted by this very route, whose types R and P are.
      const context = (request as { [key]?: HandlerContext<R, P> })[key];
      const conversation = conversationOf(request.raw);
      if (!context || !conversation) {
        throw new ConfigError(
          'protect',
          'runs in an application without a shield',
          'call secapi(app, shield) first',
        );
      }
      if (!handler) return undefined;
      const returned = handler(context, request, reply);
      const value = isPromise(returned) ? await returned : returned;
      if (value === undefined || value === reply || reply.sent) return reply;
      const left = andThen(shield.leave(conversation.exchange, toAnswer(value)), (answered) =>
        send(reply, conversation, answered),
      );
      if (isPromise(left)) await left;
      return reply;
    }

    return markDeclared(secapiProtect, shield.declare(route));
  };
}
