import { andThen, answer, errorOfStatus, type Shield } from '@secapi/core';
import { SecapiError } from '@secapi/kernel';
import { conversationOf } from '@secapi/node';
import type { FastifyInstance } from 'fastify';
import { prepare, send } from './send.js';

/** Leads every way in which Fastify answers through the shield: objects, everything else, errors. */
export function shapeAnswers(app: FastifyInstance, shield: Shield): void {
  // An object that a handler returned or sent: shaped before Fastify serializes it.
  app.addHook('preSerialization', function secapiShape(request, reply, payload, done) {
    const conversation = conversationOf(request.raw);
    if (!conversation || conversation.ended || !conversation.admitted) return done(null, payload);
    conversation.ended = true;
    void andThen(shield.leave(conversation.exchange, answer(reply.statusCode, payload)), (value) => {
      prepare(reply, value);
      reply.serializer(String); // it is JSON already
      done(null, value.body ?? '');
    });
  });

  // Anything else: a text, a buffer or a stream is the handler's own, and may not go out past `returns`.
  app.addHook('onSend', function secapiPass(request, reply, payload, done) {
    const conversation = conversationOf(request.raw);
    if (!conversation || conversation.ended) return done(null, payload);
    conversation.ended = true;
    const { exchange, admitted } = conversation;
    const { statusCode } = reply;
    const something = payload !== undefined && payload !== null && payload !== '';
    const past = admitted && something && exchange.route?.returns !== undefined;
    const mismatch = new SecapiError('ANSWER_MISMATCH', 'the handler answered past the schema in returns');
    const outcome = past
      ? shield.fail(exchange, statusCode < 400 ? mismatch : errorOfStatus(statusCode))
      : shield.leave(exchange, { endedWith: statusCode });
    void andThen(outcome, (value) => {
      if (!past && value.status === statusCode) return done(null, payload);
      prepare(reply, value);
      done(null, value.body);
    });
  });

  app.setErrorHandler(function secapiFail(error, request, reply) {
    const conversation = conversationOf(request.raw);
    if (!conversation) return reply.code(500).send();
    void andThen(shield.fail(conversation.exchange, error), (value) => send(reply, conversation, value));
    return reply;
  });
}
