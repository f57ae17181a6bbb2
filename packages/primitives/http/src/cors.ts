import { andThen, type Duration, type MaybePromise, toSeconds } from '@secapi/kernel';
import type { HeaderList } from './header-list.js';
import { checkCors, methodsOf, namesOf } from './internal/cors-options.js';
import { createOriginLookup, type OriginAllowed, type OriginLookupOptions } from './origin-lookup.js';

/** What other origins may do (Fetch, §3.2 "CORS protocol"; ASVS v5.0.0-3.4.2). */
export interface CorsOptions {
  /**
   * The origins that may read answers, each spelled as browsers send it; empty: none. `https://*.example.com` is every
   * name under a domain, of one or more labels before it, with that scheme and port; never the domain itself.
   */
  readonly origins: readonly string[];
  /** Asked for origins that aren't listed; only `true` allows. What it says is remembered. @default none */
  readonly originAllowed?: OriginAllowed;
  /** Deadline and memory of `originAllowed`. */
  readonly originLookup?: OriginLookupOptions;
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
  /** Whether these origins' pages may reach this server in a private network (Private Network Access). @default false */
  readonly allowPrivateNetwork?: boolean;
  /**
   * Answers every origin with `*`: for public data alone (ASVS v5.0.0-3.4.2), never with `credentials` or `origins`.
   *
   * @default false
   */
  readonly dangerouslyAllowAnyOrigin?: boolean;
}

/** What the protocol says to one request; for a listed origin the same object is given again for the same answer. */
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
  /** `Access-Control-Request-Private-Network` */
  readonly privateNetwork?: string | undefined;
}

/** A compiled policy; its verdicts are promises only where an origin has to be looked up. */
export interface Cors<Verdict extends MaybePromise<CorsVerdict> = CorsVerdict> {
  /** The answer to a preflight; one without origin or method is none, and not allowed. */
  preflight(facts: PreflightFacts): Verdict;
  /**
   * The headers of any other answer. A request without `Origin` is allowed: no browser sent it across origins.
   *
   * @param own the request's own origin; browsers send it along with same-origin requests that are not GET or HEAD
   */
  actual(origin: string | undefined, own?: string): Verdict;
}

const maxRequestHeaders = 4_096;

/**
 * Compiles a CORS policy: every answer to a listed origin is made here, once.
 *
 * Answers that depend on the origin say `Vary: Origin` to everybody, also to those who sent none and to those who are
 * refused, so that no cache hands one origin's answer to another; answers that don't, don't.
 *
 * @throws ConfigError when the policy can't be meant: wildcards, `null`, an origin that no browser sends
 */
export function createCors(options: CorsOptions & { readonly originAllowed?: undefined }): Cors;
export function createCors(options: CorsOptions): Cors<MaybePromise<CorsVerdict>>;
export function createCors(options: CorsOptions): Cors<MaybePromise<CorsVerdict>> {
  const { any, origins } = checkCors(options);
  const methods = methodsOf(
    'cors.methods',
    options.methods ?? ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  );
  const headers = namesOf('cors.headers', options.headers ?? ['authorization', 'content-type']);
  const exposed = namesOf('cors.exposedHeaders', options.exposedHeaders ?? []);
  const maxAge = Math.floor(toSeconds('cors.maxAge', options.maxAge ?? '10m', { min: 0, max: 86_400 }));
  const lookup = options.originAllowed && createOriginLookup(options.originAllowed, options.originLookup);
  const reachesPrivate = options.allowPrivateNetwork === true;

  const varies = origins.exact.length > 0 || origins.hasPatterns || lookup !== undefined;
  const credentials: HeaderList = options.credentials ? [['access-control-allow-credentials', 'true']] : [];
  const vary: HeaderList = varies ? [['vary', 'Origin']] : [];
  const asked = ['Access-Control-Request-Method', 'Access-Control-Request-Headers'];
  if (reachesPrivate) asked.push('Access-Control-Request-Private-Network');
  const preflightVary: HeaderList = [['vary', [...(varies ? ['Origin'] : []), ...asked].join(', ')]];
  const grants: HeaderList = [
    ...credentials,
    ['access-control-allow-methods', methods.join(', ')],
    ...(headers.length > 0 ? [['access-control-allow-headers', headers.join(', ')] as const] : []),
    ['access-control-max-age', String(maxAge)],
    ...preflightVary,
  ];
  const shown: HeaderList = [
    ...credentials,
    ...(exposed.length > 0 ? [['access-control-expose-headers', exposed.join(', ')] as const] : []),
    ...vary,
  ];

  const preflightOf = (origin: string) => verdict(true, [['access-control-allow-origin', origin], ...grants]);
  const actualOf = (origin: string) => verdict(true, [['access-control-allow-origin', origin], ...shown]);
  const preflights = new Map(origins.exact.map((origin) => [origin, preflightOf(origin)]));
  const actuals = new Map(origins.exact.map((origin) => [origin, actualOf(origin)]));
  const anyPreflight = any ? preflightOf('*') : undefined;
  const anyActual = any ? actualOf('*') : undefined;
  const refusedPreflight = verdict(false, preflightVary);
  const refused = verdict(false, vary);
  const sameOrigin = anyActual ?? verdict(true, vary);
  const methodSet = new Set(methods);
  const headerSet = new Set(headers.map((name) => name.toLowerCase()));
  const usualLists = listsOf([...headerSet].sort());

  function decidePreflight(origin: string): MaybePromise<CorsVerdict> {
    const known = preflights.get(origin) ?? anyPreflight;
    if (known) return known;
    if (origins.hasPatterns && origins.has(origin)) return preflightOf(origin);
    if (!lookup) return refusedPreflight;
    return andThen(lookup(origin), (allowed) => (allowed ? preflightOf(origin) : refusedPreflight));
  }

  return {
    preflight({ origin, method, headers: requested, privateNetwork }): MaybePromise<CorsVerdict> {
      if (origin === undefined || method === undefined || !methodSet.has(method)) return refusedPreflight;
      if (requested !== undefined && !usualLists.has(requested) && !areAllowed(requested, headerSet))
        return refusedPreflight;
      const decided = decidePreflight(origin);
      return privateNetwork === 'true' && reachesPrivate ? andThen(decided, intoPrivate) : decided;
    },
    actual(origin, own): MaybePromise<CorsVerdict> {
      if (origin === undefined) return sameOrigin;
      const known = actuals.get(origin) ?? anyActual;
      if (known) return known;
      if (origin === own) return sameOrigin;
      if (origins.hasPatterns && origins.has(origin)) return actualOf(origin);
      if (!lookup) return refused;
      return andThen(lookup(origin), (allowed) => (allowed ? actualOf(origin) : refused));
    },
  };
}

/** The lists that browsers make of some names: each choice of them, in order, without spaces. None where they are many. */
function listsOf(names: readonly string[]): ReadonlySet<string> {
  if (names.length > 6) return new Set();
  let lists: readonly string[] = [''];
  for (const name of names)
    lists = [...lists, ...lists.map((list) => (list === '' ? name : `${list},${name}`))];
  return new Set(lists);
}

function areAllowed(requested: string, allowed: ReadonlySet<string>): boolean {
  if (requested === '') return true;
  if (requested.length > maxRequestHeaders) return false;
  for (const name of requested.toLowerCase().split(',')) {
    if (!allowed.has(name) && !allowed.has(name.trim())) return false;
  }
  return true;
}

function intoPrivate(decided: CorsVerdict): CorsVerdict {
  if (!decided.allowed) return decided;
  return verdict(true, [...decided.headers, ['access-control-allow-private-network', 'true']]);
}

function verdict(allowed: boolean, headers: HeaderList): CorsVerdict {
  return Object.freeze({ allowed, headers: Object.freeze(headers.map((header) => Object.freeze(header))) });
}
