import { andThen, ConfigError, checkOptions, type Duration, type MaybePromise } from '@secapi/kernel';
import {
  type CompiledRule,
  compileRule,
  type RateLimiter,
  type Reservation,
  rateLimitHeaders,
} from '@secapi/rate-limit';
import type { Exchange } from './exchange.js';
import type { Refusal } from './guard.js';

/** One limit by name. */
export interface LimitOptions {
  /** How many requests, a whole number from 1. */
  readonly limit: number;
  readonly window: Duration;
  /** Whose requests are counted together: a client's network (IPv4 address or IPv6 /64), or a principal's. @default 'client' */
  readonly by?: 'client' | 'principal';
  /** What is counted. Failures are reserved in advance and given back when the request succeeds. @default 'all' */
  readonly count?: 'all' | 'failures';
  /** `'request'`: counted before routing; `'route'`: only on routes that name it in `limit`. @default 'request' */
  readonly on?: 'request' | 'route';
  /** Counts only paths under these prefixes, compared in canonical form, so that no other spelling escapes. @default every path */
  readonly paths?: readonly string[];
}

/** A limit that is ready for use. */
export interface Limit {
  readonly name: string;
  readonly rule: CompiledRule;
  readonly by: 'client' | 'principal';
  readonly count: 'all' | 'failures';
  readonly on: 'request' | 'route';
  readonly paths: readonly string[] | undefined;
}

/** What a limit holds for one request until its outcome is known. */
export interface Held {
  readonly limits: readonly Limit[];
  readonly reservation: Reservation;
  /** Whether these limits tell the client how much is left. */
  readonly shown: boolean;
  /** Whether the outcome still decides about it; a reservation that refused the request is settled already. */
  pending: boolean;
}

/**
 * Validates limits by name.
 *
 * @throws ConfigError for a limit that makes no sense
 */
export function compileLimits(limits: Readonly<Record<string, LimitOptions>>): Limit[] {
  return Object.entries(limits).map(([name, options]) => {
    const option = `limits.${name}`;
    checkOptions(option, options, ['limit', 'window', 'by', 'count', 'on', 'paths']);
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
      throw new ConfigError(option, 'is not a name', "use a short name like 'api'");
    for (const path of options.paths ?? []) {
      if (!path.startsWith('/') || canonicalPath(path) !== path) {
        throw new ConfigError(
          `${option}.paths`,
          'has a prefix that is not canonical',
          "write it in lower case and like '/api/'",
        );
      }
    }
    return {
      name,
      rule: compileRule({ name, limit: options.limit, window: options.window }),
      by: oneOf(`${option}.by`, options.by ?? 'client', ['client', 'principal']),
      count: oneOf(`${option}.count`, options.count ?? 'all', ['all', 'failures']),
      on: oneOf(`${option}.on`, options.on ?? 'request', ['request', 'route']),
      paths: options.paths,
    };
  });
}

/** Counts a request against limits in one atomic operation; a refusal when one of them is reached. */
export function reserve(
  exchange: Exchange,
  limiter: RateLimiter,
  limits: readonly Limit[],
  options: { readonly shown: boolean; readonly block: boolean },
): MaybePromise<Refusal | undefined> {
  const requests = limits.map((limit) => ({ rule: limit.rule, key: keyOf(limit, exchange) }));
  return andThen(limiter.reserve(requests), (reservation): Refusal | undefined => {
    const pending = reservation.allowed || !options.block;
    exchange.held.push({ limits, reservation, shown: options.shown, pending });
    if (options.shown) exchange.setHeaders(rateLimitHeaders(shownStates(exchange)));
    return reservation.allowed || !options.block ? undefined : rateLimited(exchange, reservation);
  });
}

/** The refusal of a request that is past a limit. */
export function rateLimited(exchange: Exchange, reservation: Reservation): Refusal {
  const reached = reservation.states.filter((state) => !state.allowed);
  const shown = shownStates(exchange);
  return {
    code: 'RATE_LIMITED',
    headers: rateLimitHeaders([...shown, ...reached.filter((state) => !shown.includes(state))]),
    event: {
      event: 'excess_rate_limit_exceeded',
      outcome: 'denied',
      details: { limit: reached.map((state) => state.rule.name).join(' ') },
    },
  };
}

/**
 * Settles what is held once the status is known: limits of failures get back what a success reserved.
 *
 * A refused reservation holds nothing; when the request then failed all the same, it is returned, so that the
 * failure is answered as past the limit.
 */
export function settle(
  exchange: Exchange,
  status: number,
): { refused: Reservation | undefined; done: MaybePromise<unknown> } {
  let refused: Reservation | undefined;
  let done: MaybePromise<unknown>;
  for (const held of exchange.held) {
    const { limits, reservation, pending } = held;
    held.pending = false;
    if (!pending || !limits.some((limit) => limit.count === 'failures')) continue;
    if (isFailure(status)) refused ??= reservation.allowed ? undefined : reservation;
    else if (reservation.allowed) done = andThen(done, () => reservation.refund());
  }
  return { refused, done };
}

/**
 * A path in the one form that limits compare: decoded once, lower-case, without empty and dot segments.
 *
 * It takes more paths to be under a prefix than any router would, and so counts too much rather than too little.
 */
export function canonicalPath(path: string): string {
  if (/^\/(?:[a-z0-9_~-]+\/)*[a-z0-9_~-]*$/.test(path)) return path;
  const local = path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  const segments: string[] = [];
  const parts = decode(local).toLowerCase().replaceAll('\\', '/').split('/');
  for (const part of parts) {
    const segment = part.split(';', 1)[0] ?? '';
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}${parts.at(-1) === '' && segments.length > 0 ? '/' : ''}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no router decodes it either
  }
}

/** Whether a status counts as a failure. A client that went away (499) may not thereby take its guess back. */
function isFailure(status: number): boolean {
  return status >= 400 && status < 500 && status !== 413 && status !== 415 && status !== 422;
}

function keyOf(limit: Limit, exchange: Exchange): string {
  const who = limit.by === 'principal' ? exchange.principal?.id : undefined;
  return who === undefined ? `${limit.name}:c:${exchange.client.network}` : `${limit.name}:p:${who}`;
}

function shownStates(exchange: Exchange): Reservation['states'] {
  const states: Reservation['states'][number][] = [];
  for (const { shown, reservation } of exchange.held)
    if (shown) for (const state of reservation.states) states.push(state);
  return states;
}

function oneOf<T extends string>(option: string, value: T, allowed: readonly T[]): T {
  if (!allowed.includes(value))
    throw new ConfigError(option, 'is not known', `use one of ${allowed.join(', ')}`);
  return value;
}
