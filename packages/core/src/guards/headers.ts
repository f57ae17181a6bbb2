import { createSecurityHeaders, type HeaderList, type SecurityHeadersOptions } from '@secapi/http';
import type { Exchange } from '../exchange.js';
import type { Guard } from '../guard.js';

/**
 * Sets the security headers, `X-Request-Id` and `Cache-Control: no-store` on every answer, also on those that a
 * framework makes itself. A public answer that may be cached says so with its own `Cache-Control`.
 */
export function headers(options?: SecurityHeadersOptions): Guard {
  const { always, secureOnly } = createSecurityHeaders(options);
  const base: HeaderList = [...always, ['cache-control', 'no-store']];
  const overHttps: HeaderList = [...base, ...secureOnly];

  function enter(exchange: Exchange): undefined {
    exchange.setHeaders(exchange.client.secure ? overHttps : base);
    exchange.setHeader('x-request-id', exchange.id);
  }

  return { name: 'headers', enter };
}
