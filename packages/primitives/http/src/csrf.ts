import { ConfigError, checkOptions } from '@secapi/kernel';
import type { CsrfRefusal } from './errors.js';
import { compileOrigins } from './internal/origin-set.js';
import { isOwnOrigin, type OwnFacts } from './own-origin.js';

/** Who may send requests with a user's cookies beside the API's own origin. */
export interface CsrfOptions {
  /** Other origins whose pages may, each spelled as browsers send it; `https://*.example.com` as in `createCors`. */
  readonly trustedOrigins: readonly string[];
  /**
   * What a request with a cookie has to bring where a browser too old for `Sec-Fetch-Site` and `Origin` may have sent
   * it: nothing, or a token that `createCsrfTokens` made for its session.
   *
   * @default 'nothing'
   */
  readonly oldBrowsers?: 'nothing' | 'token';
}

/** The facts of a request that tell where it comes from. */
export interface CsrfFacts extends OwnFacts {
  readonly method: string;
  /** `Sec-Fetch-Site` */
  readonly secFetchSite?: string | undefined;
  /** `Origin` */
  readonly origin?: string | undefined;
  /** Whether there is a `Cookie`. @default true */
  readonly cookie?: boolean;
  /** Whether there is an `Authorization: Bearer`. @default false */
  readonly bearer?: boolean;
}

/** What the check says. */
export type CsrfVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: CsrfRefusal };

const fine: CsrfVerdict = Object.freeze({ ok: true });
const crossSite: CsrfVerdict = Object.freeze({ ok: false, reason: 'CSRF_CROSS_SITE' });
const otherOrigin: CsrfVerdict = Object.freeze({ ok: false, reason: 'CSRF_ORIGIN' });
const token: CsrfVerdict = Object.freeze({ ok: false, reason: 'CSRF_TOKEN' });

/**
 * Compiles a check against cross-site request forgery, after Go 1.25's `http.CrossOriginProtection` (ASVS v5.0.0-3.5.1).
 *
 * Safe methods pass; `Sec-Fetch-Site` decides where a browser sends it; else `Origin` must be the request's own host;
 * a request with neither comes from no current browser and passes, or is told to bring a token (`CSRF_TOKEN`). The
 * content type plays no part. Stricter than Go in one thing: a page that came over plain HTTP is another origin to a
 * request over HTTPS.
 *
 * A request with a Bearer token and no cookie isn't checked: nothing in it was added by a browser, and the token is one
 * that no other site can know. One with neither is, so that nobody can be signed in as somebody else (login forgery).
 *
 * @throws ConfigError when an origin is not spelled as browsers send it
 */
export function createCsrf(options: CsrfOptions): (facts: CsrfFacts) => CsrfVerdict {
  checkOptions('csrf', options, ['trustedOrigins', 'oldBrowsers']);
  const trusted = compileOrigins('csrf.trustedOrigins', options.trustedOrigins);
  const { oldBrowsers = 'nothing' } = options;
  if (oldBrowsers !== 'nothing' && oldBrowsers !== 'token') {
    throw new ConfigError('csrf.oldBrowsers', 'is not known', "use 'nothing' or 'token'");
  }
  const silent = oldBrowsers === 'token' ? token : fine;

  return function csrf(facts: CsrfFacts): CsrfVerdict {
    const { method, secFetchSite, origin, cookie = true, bearer = false } = facts;
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return fine;
    if (bearer && !cookie) return fine;
    if (secFetchSite !== undefined && secFetchSite !== '') {
      if (secFetchSite === 'same-origin' || secFetchSite === 'none') return fine;
      return origin !== undefined && trusted.has(origin) ? fine : crossSite;
    }
    if (origin === undefined || origin === '') return cookie ? silent : fine;
    return isOwnOrigin(origin, facts) || trusted.has(origin) ? fine : otherOrigin;
  };
}
