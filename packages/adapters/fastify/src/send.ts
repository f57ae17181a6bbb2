import type { Reply } from '@secapi/core';
import type { Conversation } from '@secapi/node';
import type { FastifyReply } from 'fastify';

/** Sends a whole reply through Fastify, so that the hooks of others still run. */
export function send(reply: FastifyReply, conversation: Conversation, value: Reply): void {
  conversation.ended = true;
  prepare(reply, value);
  void reply.send(asBytes(value));
}

/** Sets what a reply says but its body. */
export function prepare(reply: FastifyReply, value: Reply): void {
  for (const [name, text] of value.headers) void reply.header(name, text);
  void reply.code(value.status);
}

/** To a JSON text without a charset Fastify would add one, which problem+json has none of (RFC 9457 §3). */
function asBytes({ status, body }: Reply): Reply['body'] {
  return status >= 400 && typeof body === 'string' ? Buffer.from(body) : body;
}
