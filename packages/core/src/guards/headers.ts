import { createSecurityHeaders, type HeaderList, type SecurityHeadersOptions } from '@secapi/http';
import { ConfigError } from '@secapi/kernel';
import type { Exchange } from '../exchange.js';
import type { Guard } from '../guard.js';
import { compileLate } from './late.js';

/** Security headers, and where they differ for pages. */
export interface HeadersOptions extends SecurityHeadersOptions {
  /**
   * What answers get in place of it whose own `Content-Type` is HTML or XHTML: a preset, or options over the preset `page`.
   * `reports` are the same unless they are given again.
   *
   * @default nothing else than everything else
   */
  readonly pages?: 'page' | 'docs' | Omit<SecurityHeadersOptions, 'hsts'>;
}

/**
 * Sets the security headers, `X-Request-Id` and `Cache-Control: no-store` on every answer, also on those that a
 * framework makes itself. A public answer that may be cached says so with its own `Cache-Control`.
 *
 * An answer that holds its nonce is never cached: its own `Cache-Control` gives way to `no-store`.
 *
 * It comes first, so that the refusals of all others carry them too.
 */
export function headers(options: HeadersOptions = {}): Guard {
  const { pages, ...rest } = options;
  const own = createSecurityHeaders(rest);
  const base: HeaderList = [...own.always, ['cache-control', 'no-store']];
  const late = compileLate(own, pages && pageHeaders(pages, rest));

  function enter(exchange: Exchange): undefined {
    exchange.setHeaders(base);
    exchange.setHeader('x-request-id', exchange.id);
    exchange.withheld = own.remove;
    exchange.late = late;
  }

  return { name: 'headers', enter };
}

/** Sets `Strict-Transport-Security` on what came over HTTPS, as the transport guard saw it (RFC 6797 §7.2). */
export function hsts({ pages: _, ...options }: HeadersOptions = {}): Guard {
  const { secureOnly } = createSecurityHeaders(options);

  function enter(exchange: Exchange): undefined {
    if (exchange.client.secure) exchange.setHeaders(secureOnly);
  }

  return { name: 'hsts', enter };
}

function pageHeaders(
  pages: NonNullable<HeadersOptions['pages']>,
  { reports }: SecurityHeadersOptions,
): ReturnType<typeof createSecurityHeaders> {
  const options: SecurityHeadersOptions = typeof pages === 'string' ? { preset: pages } : pages;
  if (options.hsts)
    throw new ConfigError('headers.pages.hsts', 'holds for a whole host', 'write it at headers.hsts');
  try {
    return createSecurityHeaders({ preset: 'page', ...(reports && { reports }), ...options });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const at = error.option.replace(/^headers/, 'headers.pages');
    throw new ConfigError(at, 'is refused', error.message.replace(/^headers/, 'headers.pages'));
  }
}
