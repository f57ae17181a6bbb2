import type { Reply } from '@secapi/core';
import type { Conversation } from '@secapi/node';
import type { FastifyReply } from 'fastify';

/** Sends a whole reply through Fastify, so that the hooks of others still run. */
export function send(reply: FastifyReply, conversation: Conversation, value: Reply): void {
  conversation.ended = true;
  prepare(reply, value);
  // With a serializer of its own a text stays as it is; without one Fastify adds a charset to every kind of JSON, of which
  // problem+json has none (RFC 9457 §3). As a text and not as bytes, head and body leave in one write.
  if (typeof value.body === 'string') void reply.serializer(String);
  void reply.send(value.body);
}

/** Sets what a reply says but its body. */
export function prepare(reply: FastifyReply, value: Reply): void {
  for (const [name, text] of value.headers) void reply.header(name, text);
  void reply.code(value.status);
}
