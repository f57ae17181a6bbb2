import { SecapiError } from '@secapi/kernel';
import { conversationOf } from '@secapi/node';
import type { FastifyInstance, FastifyReply } from 'fastify';

declare module 'fastify' {
  interface FastifyReply {
    /** This response's nonce for scripts and styles; it is made on first use. */
    readonly nonce: string;
  }
}

/** Lets handlers and templates have a response's nonce as `reply.nonce`. */
export function offerNonce(app: FastifyInstance): void {
  if (app.hasReplyDecorator('nonce')) return; // an application's own stays
  app.decorateReply('nonce', {
    getter(this: FastifyReply): string {
      const conversation = conversationOf(this.request.raw);
      if (!conversation) throw new SecapiError('SHIELD_SKIPPED', 'the request did not pass the shield');
      return conversation.exchange.nonce();
    },
  });
}
