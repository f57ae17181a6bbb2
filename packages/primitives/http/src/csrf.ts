import { checkOptions } from '@secapi/kernel';
import type { CsrfRefusal } from './errors.js';
import { checkOrigins } from './internal/origin.js';

/** Who may send requests with a user's cookies beside the API's own origin. */
export interface CsrfOptions {
  /** Other origins whose pages may, each spelled as browsers send it. */
  readonly trustedOrigins: readonly string[];
}

/** The facts of a request that tell where it comes from. */
export interface CsrfFacts {
  readonly method: string;
  /** `Sec-Fetch-Site` */
  readonly secFetchSite?: string | undefined;
  /** `Origin` */
  readonly origin?: string | undefined;
  /** The canonical host: that of the client, behind trusted proxies. */
  readonly host?: string | undefined;
  /** Whether the client's connection is encrypted. */
  readonly secure: boolean;
}

/** What the check says. */
export type CsrfVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: CsrfRefusal };

const fine: CsrfVerdict = Object.freeze({ ok: true });
const crossSite: CsrfVerdict = Object.freeze({ ok: false, reason: 'CSRF_CROSS_SITE' });
const otherOrigin: CsrfVerdict = Object.freeze({ ok: false, reason: 'CSRF_ORIGIN' });

/**
 * Compiles a check against cross-site request forgery, after Go 1.25's `http.CrossOriginProtection` (ASVS v5.0.0-3.5.1).
 *
 * Safe methods pass; `Sec-Fetch-Site` decides where a browser sends it; else `Origin` must be the request's own host;
 * a request with neither comes from no current browser and passes. The content type plays no part. Stricter than Go
 * in one thing: a page that came over plain HTTP is another origin to a request over HTTPS.
 *
 * @throws ConfigError when an origin is not spelled as browsers send it
 */
export function createCsrf(options: CsrfOptions): (facts: CsrfFacts) => CsrfVerdict {
  checkOptions('csrf', options, ['trustedOrigins']);
  const trusted = new Set(checkOrigins('csrf.trustedOrigins', options.trustedOrigins));

  return function csrf({ method, secFetchSite, origin, host, secure }: CsrfFacts): CsrfVerdict {
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return fine;
    if (secFetchSite !== undefined && secFetchSite !== '') {
      if (secFetchSite === 'same-origin' || secFetchSite === 'none') return fine;
      return origin !== undefined && trusted.has(origin) ? fine : crossSite;
    }
    if (origin === undefined || origin === '') return fine;
    return isOwn(origin, host, secure) || trusted.has(origin) ? fine : otherOrigin;
  };
}

function isOwn(origin: string, host: string | undefined, secure: boolean): boolean {
  if (host === undefined || host === '') return false;
  const own = host.toLowerCase();
  if (origin.startsWith('https://')) return origin.slice(8) === withoutPort(own, ':443');
  // Behind a proxy that nobody declared as trusted, an https page's request looks insecure; never the other way round.
  return !secure && origin.startsWith('http://') && origin.slice(7) === withoutPort(own, ':80');
}

function withoutPort(host: string, port: string): string {
  return host.endsWith(port) ? host.slice(0, -port.length) : host;
}
