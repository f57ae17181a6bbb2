import { type CorsOptions, createCors } from '@secapi/http';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome } from '../guard.js';

/** Answers preflights, before limits and authentication, and tells browsers who may read an answer. */
export function cors(options: CorsOptions): Guard {
  const policy = createCors(options);

  function enter(exchange: Exchange): GuardOutcome {
    const { request } = exchange;
    const origin = request.header('origin');
    const method = request.header('access-control-request-method');
    if (request.method === 'OPTIONS' && origin !== undefined && method !== undefined) {
      const preflight = policy.preflight({
        origin,
        method,
        headers: request.header('access-control-request-headers'),
      });
      if (preflight.allowed) return { reply: { status: 204, headers: preflight.headers } };
      return {
        code: 'ORIGIN_REFUSED',
        headers: preflight.headers,
        event: { event: 'malicious_cors', outcome: 'denied' },
      };
    }
    const actual = policy.actual(origin);
    exchange.setHeaders(actual.headers);
    return undefined;
  }

  return { name: 'cors', enter };
}
