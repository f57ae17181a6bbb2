import type { IncomingMessage, ServerResponse } from 'node:http';
import { andThen, type Principal, type Reply, type Shield } from '@secapi/core';
import {
  conversationOf,
  converse,
  gate,
  offerNonce,
  requestFacts,
  setAside,
  unmatched,
  writeReply,
} from '@secapi/node';
import type { Application, NextFunction, Request, Response } from 'express';
import { allowedMethods } from './inventory.js';
import { createProtect, type ExpressProtect } from './protect.js';
import { refuseUndeclared } from './undeclared.js';

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
    const facts = requestFacts(request, () => (request as Request).body);
    const conversation = converse(request, shield.open(facts), shield);
    setAside(request);
    const { exchange } = conversation;
    const reply = (value: Reply): void => writeReply(response, conversation, value);

    function last(error?: unknown): void {
      if (done) done(error);
      else if (error !== undefined && error !== null) void andThen(shield.fail(exchange, error), reply);
      else void andThen(unmatched(conversation, allowedMethods(app, exchange.path)), reply);
    }

    void andThen(shield.enter(exchange), (entered) => {
      if (entered) return reply(entered);
      if (request.method === 'OPTIONS') {
        const methods = allowedMethods(app, exchange.path);
        if (methods.size > 0 && !methods.has('OPTIONS'))
          return void andThen(unmatched(conversation, methods), reply);
      }
      gate(response, conversation);
      if (exchange.late) offerNonce(localsOf(response as Response), exchange);
      handle.call(app, request, response, last);
    });
  };

  return { protect: createProtect(shield) };
}

/** What templates see; Express makes it only once it is under way, and keeps one that is there. */
function localsOf(response: Response): object {
  response.locals ??= Object.create(null);
  return response.locals;
}
