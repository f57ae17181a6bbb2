import { ConfigError, checkOptions, type Duration, toSeconds } from '@secapi/kernel';
import { type CspDirectives, compileCsp } from './csp.js';
import type { HeaderList } from './header-list.js';
import { compilePermissions } from './internal/permissions.js';

const referrerPolicies = [
  'no-referrer',
  'same-origin',
  'strict-origin',
  'strict-origin-when-cross-origin',
] as const;
const openerPolicies = ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups'] as const;
const resourcePolicies = ['same-origin', 'same-site', 'cross-origin'] as const;
const embedderPolicies = ['require-corp', 'credentialless'] as const;
const omittable = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'permissions-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
] as const;

/** How long browsers must insist on HTTPS (RFC 6797). */
export interface HstsOptions {
  /** A year at least (ASVS v5.0.0-3.4.1). @default two years */
  readonly maxAge?: Duration;
  /** @default true */
  readonly includeSubDomains?: boolean;
  /** Asks to be built into browsers: hard to take back, and only with subdomains. @default false */
  readonly preload?: boolean;
}

/** Security headers; what is left out is as strict as an API can bear. */
export interface SecurityHeadersOptions {
  /** What is left out of it stays: nothing is loaded, framed or sent. @default default-src, base-uri, form-action and frame-ancestors 'none' */
  readonly contentSecurityPolicy?: CspDirectives;
  readonly hsts?: HstsOptions;
  /** @default no-referrer */
  readonly referrerPolicy?: (typeof referrerPolicies)[number];
  /** Features that pages may use, over a list that denies them all: `{ geolocation: ['self'] }`. */
  readonly permissionsPolicy?: Readonly<Record<string, readonly string[]>>;
  /** @default same-origin */
  readonly crossOriginOpenerPolicy?: (typeof openerPolicies)[number];
  /** @default same-origin */
  readonly crossOriginResourcePolicy?: (typeof resourcePolicies)[number];
  /** @default require-corp */
  readonly crossOriginEmbedderPolicy?: (typeof embedderPolicies)[number];
  /** Lets `'unsafe-inline'`, `'unsafe-eval'` and whole schemes into the sources of scripts. @default false */
  readonly dangerouslyAllowUnsafeScripts?: boolean;
  /**
   * Sends `X-XSS-Protection: 1; mode=block` instead of `0`.
   *
   * The filter that it turns on has left all current browsers; in old ones it could be made to cut chosen scripts
   * out of a page and to leak across origins.
   *
   * @default false
   */
  readonly dangerouslyAllowXssFilter?: boolean;
  /** Headers that are not sent, for example because a proxy sends them. @default none */
  readonly dangerouslyOmit?: readonly (typeof omittable)[number][];
}

/** Compiled security headers: write `always`, over HTTPS also `secureOnly`, and take `remove` away. */
export interface SecurityHeaders {
  readonly always: HeaderList;
  /** Strict-Transport-Security, which RFC 6797 §7.2 forbids over plain HTTP. */
  readonly secureOnly: HeaderList;
  /** Headers that tell what the server is made of (ASVS v5.0.0-13.4.6). */
  readonly remove: readonly string[];
}

const known = [
  'contentSecurityPolicy',
  'hsts',
  'referrerPolicy',
  'permissionsPolicy',
  'crossOriginOpenerPolicy',
  'crossOriginResourcePolicy',
  'crossOriginEmbedderPolicy',
  'dangerouslyAllowUnsafeScripts',
  'dangerouslyAllowXssFilter',
  'dangerouslyOmit',
];
const year = 365 * 86_400;

/**
 * Compiles the security headers of every answer (OWASP Secure Headers, ASVS v5.0.0-3.4), errors included.
 *
 * `X-Frame-Options` follows from the policy's `frame-ancestors`: `DENY` for `'none'`, `SAMEORIGIN` for `'self'`; with
 * other ancestors, which it can't express, it is left out.
 *
 * @throws ConfigError on an unknown option or directive, an unsafe source of scripts, HSTS under a year
 */
export function createSecurityHeaders(options: SecurityHeadersOptions = {}): SecurityHeaders {
  checkOptions('headers', options, known);
  const csp = compileCsp(
    'headers.contentSecurityPolicy',
    options.contentSecurityPolicy ?? {},
    options.dangerouslyAllowUnsafeScripts === true,
  );
  const frames = frameOptions(csp.frameAncestors);
  const all: HeaderList = [
    ['content-security-policy', csp.value],
    ['cross-origin-embedder-policy', oneOf('crossOriginEmbedderPolicy', options, embedderPolicies)],
    ['cross-origin-opener-policy', oneOf('crossOriginOpenerPolicy', options, openerPolicies)],
    ['cross-origin-resource-policy', oneOf('crossOriginResourcePolicy', options, resourcePolicies)],
    ['origin-agent-cluster', '?1'],
    ['permissions-policy', compilePermissions('headers.permissionsPolicy', options.permissionsPolicy ?? {})],
    ['referrer-policy', oneOf('referrerPolicy', options, referrerPolicies)],
    ['x-content-type-options', 'nosniff'],
    ['x-dns-prefetch-control', 'off'],
    ...(frames === undefined ? [] : [['x-frame-options', frames] as const]),
    ['x-permitted-cross-domain-policies', 'none'],
    ['x-xss-protection', options.dangerouslyAllowXssFilter === true ? '1; mode=block' : '0'],
  ];
  const omitted = new Set<string>(options.dangerouslyOmit ?? []);
  for (const name of omitted) {
    if (!(omittable as readonly string[]).includes(name)) {
      throw new ConfigError(
        'headers.dangerouslyOmit',
        `names ${name}`,
        `use names of ${omittable.join(', ')}`,
      );
    }
  }
  const kept = (list: HeaderList): HeaderList =>
    Object.freeze(list.filter(([name]) => !omitted.has(name)).map((header) => Object.freeze(header)));
  return Object.freeze({
    always: kept(all),
    secureOnly: kept([['strict-transport-security', hstsValue(options.hsts ?? {})]]),
    remove: Object.freeze(['server', 'x-powered-by']),
  });
}

function hstsValue(hsts: HstsOptions): string {
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

function frameOptions(ancestors: readonly string[]): string | undefined {
  if (ancestors.length !== 1) return undefined;
  if (ancestors[0] === "'none'") return 'DENY';
  return ancestors[0] === "'self'" ? 'SAMEORIGIN' : undefined;
}

/** The chosen value of an option, or the first of its values. */
function oneOf<Key extends keyof SecurityHeadersOptions>(
  key: Key,
  options: SecurityHeadersOptions,
  values: readonly [string, ...string[]],
): string {
  const value = options[key] ?? values[0];
  if (typeof value !== 'string' || !values.includes(value)) {
    throw new ConfigError(
      `headers.${key}`,
      'is not one of its safe values',
      `use one of ${values.join(', ')}`,
    );
  }
  return value;
}
