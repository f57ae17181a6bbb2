import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, andThen, type Shield } from '@secapi/core';
import { converse, requestFacts, writeReply } from '@secapi/node';
import type { FastifyInstance } from 'fastify';
import type { WatchedRoutes } from './routes.js';

/**
 * Answers targets that can't be decoded, and those with a parameter that is too long. Fastify's router refuses them before any hook runs, with a
 * page of its own that no guard has seen and that repeats them; so they are answered here, in front of it.
 */
export function refuseBadTargets(app: FastifyInstance, shield: Shield, routes: WatchedRoutes): void {
  const [listener] = app.server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  if (!listener) return;
  app.server.removeListener('request', listener);
  app.server.on('request', function secapiTarget(request: IncomingMessage, response: ServerResponse) {
    const target = request.url ?? '/';
    const readable = decodable(target);
    if (readable && !routes.tooLong(request.method ?? '', target)) {
      listener(request, response);
      return;
    }
    const refusal = new ApiError(readable ? 'NOT_FOUND' : 'REQUEST_INVALID');
    const conversation = converse(request, shield.open(requestFacts(request, () => undefined)), shield);
    void andThen(shield.enter(conversation.exchange), (entered) =>
      andThen(entered ?? shield.fail(conversation.exchange, refusal), (reply) =>
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
