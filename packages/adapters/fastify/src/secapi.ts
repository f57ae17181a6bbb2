import { andThen, type Principal, type Shield } from '@secapi/core';
import { SecapiError } from '@secapi/kernel';
import { conversationOf, converse, headLate, requestFacts, unmatched } from '@secapi/node';
import type { FastifyInstance } from 'fastify';
import { shapeAnswers } from './answers.js';
import { refuseBadTargets } from './bad-target.js';
import { offerNonce } from './nonce.js';
import { standAside } from './parsers.js';
import { createProtect, type FastifyProtect, keepContext } from './protect.js';
import { watchRoutes } from './routes.js';
import { send } from './send.js';

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
  refuseBadTargets(app, shield as Shield, routes);
  standAside(app);
  offerNonce(app);

  app.addHook('onRequest', function secapiEnter(request, reply, done) {
    const facts = requestFacts(request.raw, () => request.body);
    const conversation = converse(request.raw, shield.open(facts), shield);
    const { exchange } = conversation;
    headLate(reply.raw, conversation);
    void andThen(shield.enter(exchange), (entered) => {
      if (entered) return send(reply, conversation, entered);
      if (!routes.matched(request)) {
        const unknown = unmatched(conversation, routes.allowedMethods(exchange.path));
        return void andThen(unknown, (value) => send(reply, conversation, value));
      }
      if (routes.declared(request)) return done();
      void andThen(shield.admit(exchange, undefined, {}), (refused) => {
        if (!refused.admitted) send(reply, conversation, refused.reply);
      });
    });
  });

  app.addHook('preValidation', function secapiAdmit(request, reply, done) {
    const conversation = conversationOf(request.raw);
    if (!conversation) return done(new SecapiError('SHIELD_SKIPPED', 'the request did not pass the shield'));
    const declared = routes.declared(request);
    const params = request.params as Record<string, string>; // Fastify's are texts
    void andThen(shield.admit(conversation.exchange, declared, params), (admission) => {
      if (!admission.admitted) return send(reply, conversation, admission.reply);
      conversation.admitted = true;
      keepContext(request, admission.context);
      if (declared?.route.body) request.body = admission.context.body;
      done();
    });
  });

  shapeAnswers(app, shield as Shield);
  return { protect: createProtect(shield) };
}
