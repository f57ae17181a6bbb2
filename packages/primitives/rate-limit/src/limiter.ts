import {
  andThen,
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  isPromise,
  type MaybePromise,
  SecapiError,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import type { RateLimitErrorCode } from './errors.js';
import { withDeadline } from './internal/deadline.js';
import { createFallback } from './internal/fallback.js';
import { createPseudonym } from './internal/pseudonym.js';
import { memoryRateLimitStore } from './memory-store.js';
import { reserveObserving } from './observing.js';
import { type LimitRequest, type Reservation, type RuleState, reserved, withRule } from './reservation.js';
import type { CompiledRule } from './rule.js';
import type { LimitState } from './sliding-window.js';
import type { LimitEntry, RateLimitStore } from './store.js';
import { checkWhenStoreFails, type WhenStoreFails } from './when-store-fails.js';

/** Decides requests. */
export interface RateLimiter {
  /**
   * Counts a request against all limits at once, or against none when one has no room. A synchronous store gives a plain value.
   *
   * @throws ConfigError when a cost is not a whole number from 1, or the store doesn't have a rule's algorithm
   */
  reserve(requests: readonly LimitRequest[]): MaybePromise<Reservation>;
  /**
   * What the limits say now, while nothing is counted, for an operator: `remaining` and `resetMs` as they stand, `allowed` and
   * `retryAfterMs` of a request. Unlike `reserve`, it fails when the store does.
   *
   * @throws ConfigError when the store can't
   */
  inspect(requests: readonly LimitRequest[]): MaybePromise<readonly RuleState[]>;
  /** Forgets what was counted for these keys, for an operator. Unlike `reserve`, it fails when the store does. */
  reset(requests: readonly Pick<LimitRequest, 'rule' | 'key'>[]): MaybePromise<void>;
}

/** Options of {@link createRateLimiter}. */
export interface RateLimiterOptions {
  /** @default memoryRateLimitStore() */
  readonly store?: RateLimitStore;
  /** @default systemClock */
  readonly now?: Clock;
  /**
   * What happens when the store fails or is late: count in this process's memory (`'local'`), each process up to its part of the limit;
   * refuse (`'deny'`), or let through (`'allow'`). A rule may have its own.
   *
   * @default 'local'
   */
  readonly whenStoreFails?: WhenStoreFails;
  /**
   * How many processes share the store: while it fails, each counts up to `limit / processes`, rounded up.
   *
   * @default what the store has seen, as that of `@secapi/redis` does; or else 1
   */
  readonly processes?: number;
  /**
   * How long an asynchronous store may take.
   *
   * @default '100ms'
   */
  readonly deadline?: Duration;
  /** At least 32 bytes: the store then sees HMAC-SHA256 pseudonyms, never an address or an account name. */
  readonly key?: Uint8Array;
  /** Told of each failure of the store; the error holds no key. */
  readonly onStoreFailure?: (error: SecapiError<RateLimitErrorCode>) => void;
}

/**
 * Makes a limiter: a request is reserved before the work, and given back when it turns out not to count.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function createRateLimiter(options: RateLimiterOptions = {}): RateLimiter {
  const known = ['store', 'now', 'whenStoreFails', 'deadline', 'key', 'onStoreFailure', 'processes'];
  checkOptions('createRateLimiter', options, known);
  const {
    store = memoryRateLimitStore(),
    now = systemClock,
    whenStoreFails = 'local',
    key,
    onStoreFailure,
  } = options;
  checkWhenStoreFails('createRateLimiter.whenStoreFails', whenStoreFails);
  const processes =
    options.processes &&
    checkNumber('createRateLimiter.processes', options.processes, { min: 1, max: 100_000 });
  if (key && (!(key instanceof Uint8Array) || key.length < 32)) {
    throw new ConfigError(
      'createRateLimiter.key',
      'is not a key of at least 32 bytes',
      'use 32 random bytes',
    );
  }
  const deadline = toMilliseconds('createRateLimiter.deadline', options.deadline ?? '100ms', { max: 60 });
  const pseudonym = key && createPseudonym(key);
  const toStore = giveBack(store);
  const has = store.algorithms ?? ['sliding-window'];
  const fallback = createFallback(whenStoreFails, () => processes ?? store.processes?.() ?? 1, giveBack);

  function entriesOf(requests: readonly LimitRequest[]): MaybePromise<readonly LimitEntry[]> {
    const entries: LimitEntry[] = [];
    const late: Promise<LimitEntry>[] = [];
    for (const { rule, key: who, cost = 1 } of requests) {
      if (cost !== 1) checkNumber('reserve.cost', cost, { min: 1, max: 1_000_000_000 });
      const { prefix, algorithm } = rule;
      if (algorithm && !has.includes(algorithm)) {
        const remedy = `use one of ${has.join(', ')}, or another store`;
        throw new ConfigError('rule.algorithm', `is '${algorithm}', which the store doesn't have`, remedy);
      }
      const counter = pseudonym ? pseudonym(prefix + who) : prefix + who;
      if (typeof counter === 'string') entries.push(entryOf(rule, counter, cost));
      else late.push(counter.then((text) => entryOf(rule, text, cost)));
    }
    return late.length > 0 ? Promise.all(late) : entries;
  }

  function decide(
    requests: readonly LimitRequest[],
    entries: readonly LimitEntry[],
  ): MaybePromise<Reservation> {
    const time = now();
    try {
      const states = store.consume(entries, time);
      if (!isPromise(states)) return reserved(requests, entries, states, 'store', toStore);
      return withDeadline(states, deadline).then(
        (late) => reserved(requests, entries, late, 'store', toStore),
        (error) => {
          report(error);
          return fallback.decide(requests, entries, time);
        },
      );
    } catch (error) {
      report(error);
      return fallback.decide(requests, entries, time);
    }
  }

  function giveBack(from: RateLimitStore): Parameters<typeof reserved>[4] {
    return function refund(refunds) {
      try {
        const done = from.refund(refunds, now());
        if (isPromise(done)) return withDeadline(done, deadline).catch(report);
      } catch (error) {
        report(error);
      }
    };
  }

  function report(error: unknown): void {
    onStoreFailure?.(
      isTimeout(error)
        ? error
        : new SecapiError('RATE_LIMIT_STORE_FAILED', 'the store failed', { cause: error }),
    );
  }

  function forget(counters: readonly string[]): MaybePromise<void> {
    fallback.reset(counters);
    const done = store.reset(counters);
    return isPromise(done) ? withDeadline(done, deadline) : done;
  }

  function reserveAll(requests: readonly LimitRequest[]): MaybePromise<Reservation> {
    return andThen(entriesOf(requests), (entries) => decide(requests, entries));
  }

  function inspectAll(
    requests: readonly LimitRequest[],
    entries: readonly LimitEntry[],
  ): MaybePromise<readonly RuleState[]> {
    if (!store.inspect) {
      throw new ConfigError('inspect', 'is nothing that the store can do', 'use a store that has it');
    }
    const states = store.inspect(entries, now());
    const withRules = (all: readonly LimitState[]) =>
      requests.flatMap(({ rule }, i) => (all[i] ? [withRule(rule, all[i])] : []));
    return isPromise(states) ? withDeadline(states, deadline).then(withRules) : withRules(states);
  }

  return {
    reserve(requests) {
      for (const { observe } of requests) if (observe) return reserveObserving(requests, reserveAll);
      return reserveAll(requests);
    },
    inspect: (requests) => andThen(entriesOf(requests), (entries) => inspectAll(requests, entries)),
    reset: (requests) => andThen(entriesOf(requests), (entries) => forget(entries.map((entry) => entry.key))),
  };
}

function entryOf(rule: CompiledRule, key: string, cost: number): LimitEntry {
  const { limit, windowMs, algorithm, burst } = rule;
  if (algorithm === undefined) return { key, limit, windowMs, cost };
  return { key, limit, windowMs, cost, algorithm, ...(burst === undefined ? {} : { burst }) };
}

function isTimeout(error: unknown): error is SecapiError<RateLimitErrorCode> {
  return error instanceof SecapiError && error.code === 'RATE_LIMIT_STORE_TIMEOUT';
}
