import { ApiError, answer, type MaybePromise, type Reply } from '@secapi/core';
import type { Conversation } from './conversation.js';

/**
 * The answer to a request that no route takes: 404, or 405 with `Allow` where the path is known, or 204 with `Allow`
 * to an `OPTIONS` that is no preflight (RFC 9110 §9.3.7, §15.5.6).
 */
export function unmatched(
  { shield, exchange }: Conversation,
  methods: Iterable<string>,
): MaybePromise<Reply> {
  const allowed = new Set(methods);
  if (allowed.has('GET')) allowed.add('HEAD');
  const { method } = exchange.request;
  // Where the method is served, a route took the request and passed it on, and nobody else did.
  if (allowed.size === 0 || (method !== 'OPTIONS' && allowed.has(method)))
    return shield.fail(exchange, new ApiError('NOT_FOUND'));
  const allow = [...allowed].sort().join(', ');
  if (method === 'OPTIONS') return shield.leave(exchange, answer(204, undefined, [['allow', allow]]));
  return shield.fail(exchange, new ApiError('METHOD_NOT_ALLOWED', { headers: [['allow', allow]] }));
}
