import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, andThen, type Shield } from '@secapi/core';
import { converse, requestFacts, writeReply } from '@secapi/node';
import type { FastifyInstance } from 'fastify';

/**
 * Answers targets that can't be decoded. Fastify's router refuses them before any hook runs, with a page of its own that
 * no guard has seen; so they are answered here, in front of it.
 */
export function refuseBadTargets(app: FastifyInstance, shield: Shield): void {
  const [listener] = app.server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  if (!listener) return;
  app.server.removeListener('request', listener);
  app.server.on('request', function secapiTarget(request: IncomingMessage, response: ServerResponse) {
    if (decodable(request.url ?? '/')) {
      listener(request, response);
      return;
    }
    const conversation = converse(request, shield.open(requestFacts(request, () => undefined)), shield);
    void andThen(shield.enter(conversation.exchange), (entered) =>
      andThen(entered ?? shield.fail(conversation.exchange, new ApiError('REQUEST_INVALID')), (reply) =>
        writeReply(response, conversation, reply),
      ),
    );
  });
}

function decodable(target: string): boolean {
  if (!target.includes('%')) return true;
  try {
    decodeURIComponent(target.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}
