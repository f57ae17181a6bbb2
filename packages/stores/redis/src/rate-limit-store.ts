import { type Duration, SecapiError, toMilliseconds } from '@secapi/kernel';
import type { LimitEntry, LimitState, RateLimitStore } from '@secapi/rate-limit';
import type { RedisErrorCode } from './errors.js';
import { type BatchItem, createBatches } from './internal/batches.js';
import { createBlocked } from './internal/blocked.js';
import { type CircuitOptions, createBreaker } from './internal/breaker.js';
import { callRedis, type RedisClient } from './internal/call.js';
import { createKeyMaker, createTaggedKeyMaker, rememberKeys } from './internal/keys.js';
import { consumeLua, refundLua } from './internal/limit-lua.js';
import { unreadable } from './internal/lines.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import { createScript } from './internal/script.js';

/** Options of {@link redisRateLimitStore}. */
export interface RedisRateLimitStoreOptions extends RedisStoreOptions {
  /**
   * For how long at most this process remembers that a counter was full, and asks Redis no more about it: how late a refund or a reset through
   * another process may be heard here. `false` asks each time.
   *
   * @default '1s'
   */
  readonly rememberBlocked?: Duration | false;
  /** When the store stops asking a Redis that doesn't answer. */
  readonly circuit?: CircuitOptions;
}

/** How many counters one call decides: some milliseconds of Redis's time at the most. */
const mostCounters = 256;
const mostBlocked = 10_000;
const mostKeys = 10_000;

/**
 * Rate limit counters in Redis, for `createRateLimiter` of `@secapi/rate-limit`: exact over any number of processes, all limits of a
 * request in one atomic operation, all requests of one turn of the event loop in one call, times by Redis's own clock.
 *
 * When Redis fails or is late, its calls reject, and after some of them at once; the limiter's `whenStoreFails` says what then happens.
 *
 * In a `Cluster` all counters of one `prefix` lie in one slot, so that they can be decided together.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function redisRateLimitStore(
  redis: RedisClient,
  options: RedisRateLimitStoreOptions = {},
): RateLimitStore {
  return rateLimitStore(redis, options, false);
}

/** @param byCaller tests set the clock: the caller's `now` decides instead of Redis's time, and for all that is asked in one turn */
export function rateLimitStore(
  redis: RedisClient,
  options: RedisRateLimitStoreOptions,
  byCaller: boolean,
): RateLimitStore {
  const where = 'redisRateLimitStore';
  const deadline = checkStore(where, redis, options, ['rememberBlocked', 'circuit']);
  const { rememberBlocked = '1s', circuit = {} } = options;
  const longest =
    rememberBlocked !== false && toMilliseconds(`${where}.rememberBlocked`, rememberBlocked, { max: 60 });
  const makeKey = (redis.isCluster ? createTaggedKeyMaker : createKeyMaker)(where, 'limit', options);
  const toKey = rememberKeys(makeKey, mostKeys);
  const breaker = createBreaker(`${where}.circuit`, redis, circuit, deadline, toKey('probe'));
  const blocked = longest === false ? undefined : createBlocked(longest, mostBlocked);
  const consume = createScript(redis, deadline, consumeLua);
  const refund = createScript(redis, deadline, refundLua);
  const clock = (now: number): number | '' => (byCaller ? now : '');
  const local = (now: number): number => (byCaller ? now : performance.now()); // never set back, as the time of day is

  const decide = createBatches<Asked, LimitState[]>({
    most: mostCounters,
    sizeOf: ({ entries }) => entries.length,
    run: async (items) => {
      const keys: string[] = [];
      const args: (string | number)[] = [clock(items[0]?.value.now ?? 0)];
      for (const row of rowsOf(items)) {
        const [{ entries }] = row;
        args.push(row.length, entries.length);
        for (const { limit, windowMs, cost } of entries) args.push(limit, windowMs, cost);
        for (const asked of row) for (const { key } of asked.entries) keys.push(toKey(key));
      }
      settle(items, await breaker.run(() => consume(keys, args)), keys.length);
    },
  });

  return {
    async consume(entries, now) {
      if (entries.length === 0) return [];
      if (!blocked) return decide({ entries, now });
      const sent = local(now);
      const known = blocked.recall(entries, sent);
      if (known) return known;
      const { epoch } = blocked;
      const states = await decide({ entries, now });
      blocked.remember(entries, states, sent, epoch);
      return states;
    },
    async refund(entries, now) {
      if (entries.length === 0) return;
      const keys = entries.map((entry) => toKey(entry.key));
      const args = entries.flatMap(({ windowMs, cost, at }) => [windowMs, cost, at]);
      try {
        await breaker.run(() => refund(keys, [clock(now), ...args]));
      } finally {
        blocked?.forget(entries.map((entry) => entry.key));
      }
    },
    async reset(keys) {
      if (keys.length === 0) return;
      try {
        await callRedis(redis, deadline, 'DEL', keys.map(toKey));
      } finally {
        blocked?.forget(keys);
      }
    },
  };
}

interface Asked {
  readonly entries: readonly LimitEntry[];
  readonly now: number;
}

/** Requests in their order, those together that follow each other with the same limits and costs: these are sent once for a row. */
function rowsOf(items: readonly BatchItem<Asked, LimitState[]>[]): [Asked, ...Asked[]][] {
  const rows: [Asked, ...Asked[]][] = [];
  let row: [Asked, ...Asked[]] | undefined;
  for (const { value } of items) {
    if (row && isAlike(row[0].entries, value.entries)) {
      row.push(value);
      continue;
    }
    row = [value];
    rows.push(row);
  }
  return rows;
}

function isAlike(some: readonly LimitEntry[], others: readonly LimitEntry[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ limit, windowMs, cost }, i) => {
      const other = others[i];
      return other?.limit === limit && other.windowMs === windowMs && other.cost === cost;
    })
  );
}

/** Gives each request of a batch its part of the answer: the time, then four values a counter. */
function settle(items: readonly BatchItem<Asked, LimitState[]>[], answer: unknown, counters: number): void {
  const values: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (values.length !== 1 + counters * 4) throw unreadable();
  let place = 1;
  for (const { value, resolve, reject } of items) {
    try {
      resolve(value.entries.map(({ key }, i) => toState(values, place + i * 4, key)));
    } catch (error) {
      reject(error);
    }
    place += value.entries.length * 4;
  }
}

function toState(values: readonly unknown[], place: number, counter: string): LimitState {
  const at = values[0];
  const allowed = values[place];
  const remaining = values[place + 1];
  const resetMs = values[place + 2];
  const retryAfterMs = values[place + 3];
  if (
    typeof at === 'number' &&
    typeof allowed === 'number' &&
    typeof remaining === 'number' &&
    typeof resetMs === 'number' &&
    typeof retryAfterMs === 'number'
  ) {
    return { allowed: allowed === 1, remaining, resetMs, retryAfterMs, at, counter };
  }
  if (typeof allowed !== 'string' || !/^[A-Z]{2,20}$/.test(allowed)) throw unreadable();
  throw new SecapiError<RedisErrorCode>('REDIS_FAILED', `redis answered with ${allowed}`);
}
