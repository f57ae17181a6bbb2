import { createCsrf } from '@secapi/http';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome } from '../guard.js';

/** Refuses what another site made a browser send (Fetch Metadata, then `Origin`), whatever its content type. */
export function csrf(options: { readonly trustedOrigins: readonly string[] }): Guard {
  const check = createCsrf(options);

  function enter(exchange: Exchange): GuardOutcome {
    const { request, client } = exchange;
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS')
      return undefined;
    const secFetchSite = request.header('sec-fetch-site');
    const origin = request.header('origin');
    const verdict = check({
      method: request.method,
      secure: client.secure,
      ...(secFetchSite === undefined ? {} : { secFetchSite }),
      ...(origin === undefined ? {} : { origin }),
      ...(client.host === undefined ? {} : { host: client.host }),
    });
    if (verdict.ok) return undefined;
    return {
      code: 'CSRF_REFUSED',
      event: { event: 'malicious_csrf', outcome: 'denied', details: { reason: verdict.reason } },
    };
  }

  return { name: 'csrf', enter };
}
