import { createSecurityHeaders, type HeaderList, type SecurityHeadersOptions } from '@secapi/http';
import type { Exchange } from '../exchange.js';
import type { Guard } from '../guard.js';

/**
 * Sets the security headers, `X-Request-Id` and `Cache-Control: no-store` on every answer, also on those that a
 * framework makes itself. A public answer that may be cached says so with its own `Cache-Control`.
 *
 * It comes first, so that the refusals of all others carry them too.
 */
export function headers(options?: SecurityHeadersOptions): Guard {
  const { always } = createSecurityHeaders(options);
  const base: HeaderList = [...always, ['cache-control', 'no-store']];

  function enter(exchange: Exchange): undefined {
    exchange.setHeaders(base);
    exchange.setHeader('x-request-id', exchange.id);
  }

  return { name: 'headers', enter };
}

/** Sets `Strict-Transport-Security` on what came over HTTPS, as the transport guard saw it (RFC 6797 §7.2). */
export function hsts(options?: SecurityHeadersOptions): Guard {
  const { secureOnly } = createSecurityHeaders(options);

  function enter(exchange: Exchange): undefined {
    if (exchange.client.secure) exchange.setHeaders(secureOnly);
  }

  return { name: 'hsts', enter };
}
