import { andThen, isPromise, type MaybePromise } from '@secapi/kernel';
import {
  createRateLimiter,
  type HeaderList,
  type LimitRequest,
  legacyRateLimitHeaders,
  type Penalties,
  type RateLimiter,
  type Reservation,
  type RuleState,
  rateLimitHeaders,
} from '@secapi/rate-limit';
import type { Exchange } from '../exchange.js';
import type { Refusal } from '../guard.js';
import type { Limit } from './limit.js';

/** Which header fields tell clients of their limits: those of the IETF's draft, `X-RateLimit-*` of old, or both. */
export type LimitHeaders = 'draft' | 'legacy' | 'both';

/** What a limit holds for one request until its outcome is known. */
export interface Held {
  readonly limits: readonly Limit[];
  readonly reservation: Reservation;
  /** Whether these limits tell the client how much is left. */
  readonly shown: boolean;
  /** Whether the outcome still decides about it; a reservation that refused the request is settled already. */
  pending: boolean;
}

/** How a request is counted against some limits. */
export interface ReserveOptions {
  /** Whether the client is told how much is left. */
  readonly shown: boolean;
  /** Whether a limit that is reached refuses the request at once, or only its failure in the end. */
  readonly block: boolean;
  /** What a route says that the request costs. */
  readonly cost?: number | undefined;
}

/** Counts requests against limits, and settles what they held. */
export interface LimitDesk {
  readonly limiter: RateLimiter;
  readonly penalties: Penalties | undefined;
  /** Counts a request against limits in one atomic operation; a refusal when one of them is reached. */
  reserve(
    exchange: Exchange,
    limits: readonly Limit[],
    options: ReserveOptions,
  ): MaybePromise<Refusal | undefined>;
  /**
   * Settles what is held once the status is known: limits of failures get back what a success reserved, those of successes what a failure did, and
   * leases end.
   *
   * A refused reservation holds nothing; when the request then failed all the same, its refusal is returned, so that the
   * failure is answered as past the limit.
   */
  settle(exchange: Exchange, status: number): MaybePromise<Refusal | undefined>;
}

/** Makes the desk of a shield. */
export function createLimitDesk(
  limiter: RateLimiter = createRateLimiter(),
  penalties?: Penalties,
  style: LimitHeaders = 'draft',
): LimitDesk {
  const headersOf = headersIn(style);

  function reserve(
    exchange: Exchange,
    limits: readonly Limit[],
    options: ReserveOptions,
  ): MaybePromise<Refusal | undefined> {
    if (exchange.exempt) return undefined;
    return andThen(requestsOf(exchange, limits, options.cost), (requests) => {
      if (requests.length === 0) return undefined;
      return andThen(limiter.reserve(requests), (reservation) => {
        for (const state of reservation.observed) if (!state.allowed) exchange.raise(observedOf(state));
        const refused = !reservation.allowed && options.block;
        exchange.held.push({ limits, reservation, shown: options.shown, pending: !refused });
        if (options.shown) exchange.setHeaders(headersOf(shownStates(exchange)));
        return refused ? refuse(exchange, reservation) : undefined;
      });
    });
  }

  /** The refusal of a request that is past a limit: an offence. */
  function refuse(exchange: Exchange, reservation: Reservation): MaybePromise<Refusal> {
    const reached = reservation.states.filter((state) => !state.allowed);
    const shown = shownStates(exchange);
    const refusal: Refusal = {
      code: 'RATE_LIMITED',
      headers: headersOf([...shown, ...reached.filter((state) => !shown.includes(state))]),
      event: {
        event: 'excess_rate_limit_exceeded',
        outcome: 'denied',
        details: { limit: reached.map((state) => state.rule.name).join(' ') },
      },
    };
    if (!penalties) return refusal;
    return andThen(penalties.offend(exchange.client.network), () => refusal);
  }

  function settle(exchange: Exchange, status: number): MaybePromise<Refusal | undefined> {
    let refused: Reservation | undefined;
    let done: MaybePromise<unknown>;
    for (const held of exchange.held) {
      const { limits, reservation, pending } = held;
      held.pending = false;
      if (!pending) continue;
      if (!reservation.allowed) {
        if (isFailure(status) && limits.some(({ count }) => count === 'failures')) refused ??= reservation;
        continue;
      }
      const given = giveBack(limits, reservation, status);
      if (given !== undefined) done = isPromise(done) ? Promise.all([done, given]) : given;
    }
    if (!refused) return andThen(done, () => undefined);
    const reservation = refused;
    return andThen(done, () => refuse(exchange, reservation));
  }

  return { limiter, penalties, reserve, settle };
}

function requestsOf(
  exchange: Exchange,
  limits: readonly Limit[],
  cost: number | undefined,
): MaybePromise<LimitRequest[]> {
  const requests: LimitRequest[] = [];
  const late: Promise<LimitRequest>[] = [];
  for (const limit of limits) {
    const key = limit.subject.keyOf(exchange);
    if (key === undefined) continue;
    const rest = { key, cost: cost ?? limit.costOf(exchange), observe: limit.observe };
    const rule = limit.ruleFor ? limit.ruleFor(exchange) : limit.rule;
    if (isPromise(rule)) late.push(rule.then((found) => ({ rule: found, ...rest })));
    else requests.push({ rule, ...rest });
  }
  return late.length === 0 ? requests : Promise.all(late).then((found) => [...requests, ...found]);
}

/** Gives back what doesn't count after all, and ends leases. */
function giveBack(limits: readonly Limit[], reservation: Reservation, status: number): MaybePromise<unknown> {
  const uncounted = limits.filter(
    ({ count }) => (count === 'failures' && !isFailure(status)) || (count === 'successes' && status >= 400),
  );
  const refunded =
    uncounted.length === 0
      ? undefined
      : reservation.refund(({ rule }) => uncounted.some((limit) => limit.name === rule.name));
  const released = limits.some(({ rule }) => rule.algorithm === 'concurrency')
    ? reservation.release()
    : undefined;
  return refunded && released ? Promise.all([refunded, released]) : (refunded ?? released);
}

/** Whether a status counts as a failure. A client that went away (499) may not thereby take its guess back. */
function isFailure(status: number): boolean {
  return status >= 400 && status < 500 && status !== 413 && status !== 415 && status !== 422;
}

function observedOf({ rule }: RuleState): Parameters<Exchange['raise']>[0] {
  return {
    event: 'excess_rate_limit_exceeded',
    outcome: 'failure',
    trail: false,
    details: { limit: rule.name, observed: true },
  };
}

function shownStates(exchange: Exchange): RuleState[] {
  const states: RuleState[] = [];
  for (const { shown, reservation } of exchange.held)
    if (shown) for (const state of reservation.states) states.push(state);
  return states;
}

function headersIn(style: LimitHeaders): (states: readonly RuleState[]) => HeaderList {
  if (style === 'draft') return rateLimitHeaders;
  return (states) => {
    const draft = rateLimitHeaders(states);
    const wait = draft.filter(([name]) => name === 'retry-after');
    return [...legacyRateLimitHeaders(states), ...(style === 'both' ? draft : wait)];
  };
}
