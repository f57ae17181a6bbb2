import { ConfigError, checkOptions, type Duration, toSeconds } from '@secapi/kernel';
import type { HeaderList } from './header-list.js';
import { checkOrigins } from './internal/origin.js';
import { isToken } from './internal/token.js';

/** What other origins may do (Fetch, §3.2 "CORS protocol"; ASVS v5.0.0-3.4.2). */
export interface CorsOptions {
  /** The origins that may read answers, each spelled as browsers send it; empty: none. */
  readonly origins: readonly string[];
  /** @default GET, HEAD, POST, PUT, PATCH, DELETE */
  readonly methods?: readonly string[];
  /** Request headers that scripts may set. @default authorization, content-type */
  readonly headers?: readonly string[];
  /** Response headers that scripts may read beside the safelisted ones. @default none */
  readonly exposedHeaders?: readonly string[];
  /** Whether browsers may send cookies along. @default false */
  readonly credentials?: boolean;
  /** How long a browser may remember a preflight, up to 24 hours (browsers take no more). @default 10 minutes */
  readonly maxAge?: Duration;
  /**
   * Answers every origin with `*`: for public data alone (ASVS v5.0.0-3.4.2), never with `credentials` or `origins`.
   *
   * @default false
   */
  readonly dangerouslyAllowAnyOrigin?: boolean;
}

/** What the protocol says to one request; the same object is given again for the same answer. */
export interface CorsVerdict {
  /** Whether the origin may; a server should refuse unsafe methods when it may not. */
  readonly allowed: boolean;
  readonly headers: HeaderList;
}

/** The facts of a preflight: an OPTIONS request with `Origin` and `Access-Control-Request-Method`. */
export interface PreflightFacts {
  readonly origin: string | undefined;
  /** `Access-Control-Request-Method` */
  readonly method: string | undefined;
  /** `Access-Control-Request-Headers` */
  readonly headers: string | undefined;
}

/** A compiled policy. */
export interface Cors {
  /** The answer to a preflight; one without origin or method is none, and not allowed. */
  preflight(facts: PreflightFacts): CorsVerdict;
  /**
   * The headers of any other answer. A request without `Origin` is allowed: no browser sent it across origins.
   *
   * @param own the request's own origin; browsers send it along with same-origin requests that are not GET or HEAD
   */
  actual(origin: string | undefined, own?: string): CorsVerdict;
}

const known = [
  'origins',
  'methods',
  'headers',
  'exposedHeaders',
  'credentials',
  'maxAge',
  'dangerouslyAllowAnyOrigin',
];
const maxRequestHeaders = 4_096;

/**
 * Compiles a CORS policy: every answer that can be given is made here, once.
 *
 * Answers that depend on the origin say `Vary: Origin` to everybody, also to those who sent none and to those who are
 * refused, so that no cache hands one origin's answer to another.
 *
 * @throws ConfigError when the policy can't be meant: wildcards, `null`, an origin that no browser sends
 */
export function createCors(options: CorsOptions): Cors {
  checkOptions('cors', options, known);
  const any = options.dangerouslyAllowAnyOrigin === true;
  const origins = checkOriginsOf(options, any);
  const methods = listOf(
    'cors.methods',
    options.methods ?? ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  );
  for (const [i, method] of methods.entries()) checkMethod(`cors.methods[${i}]`, method);
  const headers = listOf('cors.headers', options.headers ?? ['authorization', 'content-type']);
  const exposed = listOf('cors.exposedHeaders', options.exposedHeaders ?? []);
  const maxAge = Math.floor(toSeconds('cors.maxAge', options.maxAge ?? '10m', { min: 0, max: 86_400 }));

  const varies = origins.length > 0;
  const credentials: HeaderList = options.credentials ? [['access-control-allow-credentials', 'true']] : [];
  const vary: HeaderList = varies ? [['vary', 'Origin']] : [];
  const preflightVary: HeaderList = [
    ['vary', `${varies ? 'Origin, ' : ''}Access-Control-Request-Method, Access-Control-Request-Headers`],
  ];
  const grants: HeaderList = [
    ...credentials,
    ['access-control-allow-methods', methods.join(', ')],
    ...(headers.length > 0 ? [['access-control-allow-headers', headers.join(', ')] as const] : []),
    ['access-control-max-age', String(maxAge)],
    ...preflightVary,
  ];
  const exposes: HeaderList =
    exposed.length > 0 ? [['access-control-expose-headers', exposed.join(', ')]] : [];

  const preflightOf = (origin: string) => verdict(true, [['access-control-allow-origin', origin], ...grants]);
  const actualOf = (origin: string) =>
    verdict(true, [['access-control-allow-origin', origin], ...credentials, ...exposes, ...vary]);
  const preflights = new Map(origins.map((origin) => [origin, preflightOf(origin)]));
  const actuals = new Map(origins.map((origin) => [origin, actualOf(origin)]));
  const anyPreflight = any ? preflightOf('*') : undefined;
  const anyActual = any ? actualOf('*') : undefined;
  const refusedPreflight = verdict(false, preflightVary);
  const refused = verdict(false, vary);
  const sameOrigin = anyActual ?? verdict(true, vary);
  const methodSet = new Set(methods);
  const headerSet = new Set(headers.map((name) => name.toLowerCase()));

  return {
    preflight({ origin, method, headers: requested }: PreflightFacts): CorsVerdict {
      if (origin === undefined || method === undefined || !methodSet.has(method)) return refusedPreflight;
      if (requested !== undefined && !areAllowed(requested, headerSet)) return refusedPreflight;
      return preflights.get(origin) ?? anyPreflight ?? refusedPreflight;
    },
    actual(origin: string | undefined, own?: string): CorsVerdict {
      if (origin === undefined) return sameOrigin;
      return actuals.get(origin) ?? anyActual ?? (origin === own ? sameOrigin : refused);
    },
  };
}

function checkOriginsOf(options: CorsOptions, any: boolean): readonly string[] {
  const { credentials } = options;
  const origins: unknown = options.origins;
  if (credentials !== undefined && typeof credentials !== 'boolean') {
    throw new ConfigError('cors.credentials', 'is not a boolean', 'write true or false');
  }
  if (any && credentials) {
    throw new ConfigError(
      'cors.credentials',
      'can not go with any origin: every site could act as your users',
      'list cors.origins instead of dangerouslyAllowAnyOrigin',
    );
  }
  if (Array.isArray(origins) ? origins.includes('*') : origins === '*') {
    throw new ConfigError(
      'cors.origins',
      "is a wildcard, '*'",
      "list each origin like ['https://app.example'], or for public data alone write origins: [] and dangerouslyAllowAnyOrigin: true",
    );
  }
  const checked = checkOrigins('cors.origins', origins);
  if (any && checked.length > 0) {
    throw new ConfigError(
      'cors.origins',
      'says nothing beside dangerouslyAllowAnyOrigin',
      'keep one of the two',
    );
  }
  return checked;
}

function listOf(option: string, list: unknown): readonly string[] {
  if (!Array.isArray(list)) throw new ConfigError(option, 'is not a list', 'pass an array of names');
  for (const [i, name] of list.entries()) {
    if (name === '*') throw new ConfigError(`${option}[${i}]`, "is '*'", 'name each one');
    if (!isToken(name))
      throw new ConfigError(`${option}[${i}]`, 'is not a name', 'use letters, digits and -');
  }
  return list as readonly string[]; // every element was seen to be a string
}

function checkMethod(option: string, method: string): void {
  if (/^(?:connect|trace|track)$/i.test(method)) {
    throw new ConfigError(option, 'is a method that browsers never send', 'leave it out');
  }
  if (method !== method.toUpperCase()) {
    throw new ConfigError(
      option,
      'is lower-case, and methods are case-sensitive',
      `write '${method.toUpperCase()}'`,
    );
  }
}

function areAllowed(requested: string, allowed: ReadonlySet<string>): boolean {
  if (requested === '') return true;
  if (requested.length > maxRequestHeaders) return false;
  for (const name of requested.toLowerCase().split(',')) {
    if (!allowed.has(name) && !allowed.has(name.trim())) return false;
  }
  return true;
}

function verdict(allowed: boolean, headers: HeaderList): CorsVerdict {
  return Object.freeze({ allowed, headers: Object.freeze(headers.map((header) => Object.freeze(header))) });
}
