import { ConfigError, checkOptions } from '@secapi/kernel';
import { type CompiledCsp, compileCsp } from './csp.js';
import type { CspDirectives } from './csp-directives.js';
import { cspPresets, type HeadersPreset } from './csp-presets.js';
import type { HeaderList } from './header-list.js';
import { type HstsOptions, hstsValue } from './hsts.js';
import { compilePermissions } from './internal/permissions.js';
import { type CompiledReports, compileReports, type ReportOptions } from './report-options.js';

const referrerPolicies = [
  'no-referrer',
  'same-origin',
  'strict-origin',
  'strict-origin-when-cross-origin',
] as const;
/** The same, with what is the default for pages first. */
const pageReferrerPolicies = [
  'same-origin',
  'no-referrer',
  'strict-origin',
  'strict-origin-when-cross-origin',
] as const;
const openerPolicies = ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups'] as const;
const resourcePolicies = ['same-origin', 'same-site', 'cross-origin'] as const;
const embedderPolicies = ['require-corp', 'credentialless'] as const;
const omittable = [
  'content-security-policy',
  'content-security-policy-report-only',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'permissions-policy',
  'referrer-policy',
  'reporting-endpoints',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
] as const;

/** Security headers; what is left out is as strict as an API can bear. */
export interface SecurityHeadersOptions {
  /** What the headers are for: `api`, `page` or `docs` (Swagger UI, Redoc). @default 'api' */
  readonly preset?: HeadersPreset;
  /** Lies over the preset's policy; what is left out of it stays. @default the preset's */
  readonly contentSecurityPolicy?: CspDirectives;
  /** A policy to try out, over the preset's: browsers report what it would stop, to `reports`. @default none */
  readonly contentSecurityPolicyReportOnly?: CspDirectives;
  /** Where browsers report what the policies stop (ASVS v5.0.0-3.4.7). @default nowhere */
  readonly reports?: ReportOptions;
  readonly hsts?: HstsOptions;
  /** @default no-referrer; for pages same-origin, without which their forms would have no `Origin` */
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
  /** For a response without a nonce; where the policy asks for one, nothing is allowed by it. */
  readonly always: HeaderList;
  /** Strict-Transport-Security, which RFC 6797 §7.2 forbids over plain HTTP. */
  readonly secureOnly: HeaderList;
  /** Headers that tell what the server is made of (ASVS v5.0.0-13.4.6). */
  readonly remove: readonly string[];
  /** Whether a policy asks for a nonce. */
  readonly asksForNonce: boolean;
  /**
   * What `always` is for one response and its nonce: 128 random bits in base64 or base64url, never used again, in a
   * response that is not stored.
   *
   * @throws ConfigError for what is no such nonce
   */
  withNonce(nonce: string): HeaderList;
}

const known = [
  'contentSecurityPolicy',
  'contentSecurityPolicyReportOnly',
  'preset',
  'reports',
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

/**
 * Compiles the security headers of every answer (OWASP Secure Headers, ASVS v5.0.0-3.4), errors included.
 *
 * `X-Frame-Options` follows from the policy's `frame-ancestors`: `DENY` for `'none'`, `SAMEORIGIN` for `'self'`; with
 * other ancestors, which it can't express, it is left out.
 *
 * @throws ConfigError on an unknown option, HSTS under a year, and for every error that `lintCsp` finds in a policy
 */
export function createSecurityHeaders(options: SecurityHeadersOptions = {}): SecurityHeaders {
  checkOptions('headers', options, known);
  const { preset = 'api' } = options;
  if (!Object.hasOwn(cspPresets, preset)) {
    throw new ConfigError(
      'headers.preset',
      'is not a preset',
      `use one of ${Object.keys(cspPresets).join(', ')}`,
    );
  }
  const reports = options.reports && compileReports(options.reports);
  const csp = compile('contentSecurityPolicy', options, preset, reports);
  const trial = options.contentSecurityPolicyReportOnly && compileTrial(options, preset, reports);
  const frames = frameOptions(csp.frameAncestors);
  const referrers = preset === 'api' ? referrerPolicies : pageReferrerPolicies;
  const all: HeaderList = [
    ['content-security-policy', csp.value],
    ...(trial ? [['content-security-policy-report-only', trial.value] as const] : []),
    ['cross-origin-embedder-policy', oneOf('crossOriginEmbedderPolicy', options, embedderPolicies)],
    ['cross-origin-opener-policy', oneOf('crossOriginOpenerPolicy', options, openerPolicies)],
    ['cross-origin-resource-policy', oneOf('crossOriginResourcePolicy', options, resourcePolicies)],
    ['origin-agent-cluster', '?1'],
    ['permissions-policy', compilePermissions('headers.permissionsPolicy', options.permissionsPolicy ?? {})],
    ['referrer-policy', oneOf('referrerPolicy', options, referrers)],
    ...(reports ? [['reporting-endpoints', reports.header] as const] : []),
    ['x-content-type-options', 'nosniff'],
    ['x-dns-prefetch-control', 'off'],
    ...(frames === undefined ? [] : [['x-frame-options', frames] as const]),
    ['x-permitted-cross-domain-policies', 'none'],
    ['x-xss-protection', options.dangerouslyAllowXssFilter === true ? '1; mode=block' : '0'],
  ];
  const omitted = omittedOf(options);
  const kept = (list: HeaderList): HeaderList =>
    Object.freeze(list.filter(([name]) => !omitted.has(name)).map((header) => Object.freeze(header)));
  const always = kept(all);
  return Object.freeze({
    always,
    secureOnly: kept([['strict-transport-security', hstsValue(options.hsts ?? {})]]),
    remove: Object.freeze(['server', 'x-powered-by']),
    ...nonceOf(always, [
      ['content-security-policy', csp],
      ['content-security-policy-report-only', trial],
    ]),
  });
}

function compile(
  key: 'contentSecurityPolicy' | 'contentSecurityPolicyReportOnly',
  options: SecurityHeadersOptions,
  preset: HeadersPreset,
  reports: CompiledReports | undefined,
): CompiledCsp {
  return compileCsp({
    option: `headers.${key}`,
    base: cspPresets[preset],
    directives: options[key] ?? {},
    allowUnsafeScripts: options.dangerouslyAllowUnsafeScripts === true,
    reports,
  });
}

function compileTrial(
  options: SecurityHeadersOptions,
  preset: HeadersPreset,
  reports: CompiledReports | undefined,
): CompiledCsp {
  const option = 'headers.contentSecurityPolicyReportOnly';
  const trial = options.contentSecurityPolicyReportOnly ?? {};
  for (const key of ['sandbox', 'upgradeInsecureRequests', 'upgrade-insecure-requests'] as const) {
    if (trial[key] !== undefined)
      throw new ConfigError(`${option}.${key}`, 'does nothing in a policy that only reports', 'leave it out');
  }
  const told = ['reportTo', 'report-to', 'reportUri', 'report-uri'] as const;
  if (!reports && told.every((key) => trial[key] === undefined)) {
    throw new ConfigError(option, 'reports to nobody', "set headers.reports, like { url: '/reports' }");
  }
  return compile('contentSecurityPolicyReportOnly', options, preset, reports);
}

/** The part that differs from response to response: a join for each policy that asks for a nonce. */
function nonceOf(
  always: HeaderList,
  policies: readonly (readonly [string, CompiledCsp | undefined])[],
): Pick<SecurityHeaders, 'asksForNonce' | 'withNonce'> {
  const varying = policies.flatMap(([name, policy]) => {
    const index = always.findIndex((header) => header[0] === name);
    return index >= 0 && policy?.parts ? [{ index, name, parts: policy.parts }] : [];
  });

  function withNonce(nonce: string): HeaderList {
    if (varying.length === 0) return always;
    if (!/^[A-Za-z0-9+/_-]{22,200}={0,2}$/.test(nonce)) {
      throw new ConfigError(
        'nonce',
        'is none',
        'make it of 128 random bits in base64, new for each response',
      );
    }
    const list = [...always];
    for (const { index, name, parts } of varying) list[index] = [name, parts.join(nonce)];
    return list;
  }

  return { asksForNonce: varying.length > 0, withNonce };
}

function omittedOf({ dangerouslyOmit = [] }: SecurityHeadersOptions): ReadonlySet<string> {
  for (const name of dangerouslyOmit) {
    if (!(omittable as readonly string[]).includes(name)) {
      throw new ConfigError(
        'headers.dangerouslyOmit',
        `names ${name}`,
        `use names of ${omittable.join(', ')}`,
      );
    }
  }
  return new Set(dangerouslyOmit);
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
