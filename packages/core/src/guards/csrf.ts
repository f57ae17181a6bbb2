import { type CsrfTokens, type CsrfVerdict, createCsrf } from '@secapi/http';
import { andThen, ConfigError, checkOptions, type MaybePromise } from '@secapi/kernel';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome } from '../guard.js';

/** Options of {@link csrf}. */
export interface CsrfGuardOptions {
  /** Other origins whose pages may act with a user's cookies, exactly or as `https://*.example.com`. */
  readonly trustedOrigins: readonly string[];
  /** Asked for origins that aren't among them, such as `trusts` of the `cors` guard. @default nobody else */
  readonly trusts?: (exchange: Exchange) => MaybePromise<boolean>;
  /**
   * Tokens that a request with a cookie needs in `X-CSRF-Token` where it says nothing of where it comes from, as
   * browsers do that are too old for `Sec-Fetch-Site` and `Origin`.
   *
   * @default none: such a request passes
   */
  readonly tokens?: CsrfTokens;
  /** The session that a token is bound to; without one, no token is good. @default the principal's `session` */
  readonly session?: (exchange: Exchange) => string | undefined;
}

/**
 * Refuses what another site made a browser send (Fetch Metadata, then `Origin`, then a token), whatever its content type.
 * A Bearer token without a cookie is nothing that a browser adds by itself, and isn't looked at.
 *
 * @throws ConfigError for an unknown option, and for an origin that no browser sends
 */
export function csrf(options: CsrfGuardOptions): Guard {
  checkOptions('csrf', options, ['trustedOrigins', 'trusts', 'tokens', 'session']);
  const { trustedOrigins, trusts, tokens, session = sessionOf } = options;
  if (options.session !== undefined && tokens === undefined) {
    throw new ConfigError('csrf.session', 'stands without tokens', 'give csrf.tokens, or leave it out');
  }
  const check = createCsrf({ trustedOrigins, oldBrowsers: tokens ? 'token' : 'nothing' });

  function enter(exchange: Exchange): MaybePromise<GuardOutcome> {
    const { request, client } = exchange;
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS')
      return undefined;
    const origin = request.header('origin');
    const verdict = check({
      method: request.method,
      secFetchSite: request.header('sec-fetch-site'),
      origin,
      host: client.host,
      port: client.port,
      secure: client.secure,
      cookie: request.header('cookie') !== undefined,
      bearer: isBearer(request.header('authorization')),
    });
    if (verdict.ok) return undefined;
    if (verdict.reason === 'CSRF_TOKEN') {
      const good = tokens?.verify(request.header('x-csrf-token'), session(exchange));
      return andThen(good, (isGood) => (isGood ? undefined : refusal(verdict)));
    }
    if (!trusts || origin === undefined) return refusal(verdict);
    return andThen(trusts(exchange), (trusted) => (trusted === true ? undefined : refusal(verdict)));
  }

  return { name: 'csrf', enter };
}

function sessionOf({ principal }: Exchange): string | undefined {
  return principal?.session;
}

function isBearer(authorization: string | undefined): boolean {
  return authorization !== undefined && /^bearer /i.test(authorization);
}

function refusal(verdict: CsrfVerdict): GuardOutcome {
  return {
    code: 'CSRF_REFUSED',
    event: {
      event: 'malicious_csrf',
      outcome: 'denied',
      ...(verdict.ok ? {} : { details: { reason: verdict.reason } }),
    },
  };
}
