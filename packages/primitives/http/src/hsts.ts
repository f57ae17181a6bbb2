import { ConfigError, checkOptions, type Duration, toSeconds } from '@secapi/kernel';

/** How long browsers must insist on HTTPS (RFC 6797). */
export interface HstsOptions {
  /** A year at least (ASVS v5.0.0-3.4.1). @default two years */
  readonly maxAge?: Duration;
  /** @default true */
  readonly includeSubDomains?: boolean;
  /**
   * Asks to be built into browsers: hard to take back, and only with subdomains and a year (hstspreload.org). Its rules
   * for what is served are yours to keep: a valid certificate, and the redirect from HTTP on the same host first.
   * @default false
   */
  readonly preload?: boolean;
}

const year = 365 * 86_400;

/** The value of `Strict-Transport-Security`. @throws ConfigError under a year, and for a preload that would be refused */
export function hstsValue(hsts: HstsOptions): string {
  checkOptions('headers.hsts', hsts, ['maxAge', 'includeSubDomains', 'preload']);
  const { maxAge = 2 * year, includeSubDomains = true, preload = false } = hsts;
  const seconds = Math.floor(toSeconds('headers.hsts.maxAge', maxAge, { min: year }));
  if (preload && !includeSubDomains) {
    throw new ConfigError(
      'headers.hsts.preload',
      'needs subdomains',
      'leave includeSubDomains on, or preload off',
    );
  }
  return `max-age=${seconds}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`;
}
