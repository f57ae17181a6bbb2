import { type Duration, toMilliseconds } from '@secapi/kernel';
import type { LimitEntry, LimitState, RateLimitStore, RefundEntry } from '@secapi/rate-limit';
import { type BatchItem, createBatches } from './internal/batches.js';
import { createBlocked } from './internal/blocked.js';
import { type CircuitOptions, createBreaker } from './internal/breaker.js';
import { callRedis, type RedisClient } from './internal/call.js';
import { besideKey, createKeyMaker, createTaggedKeyMaker, rememberKeys } from './internal/keys.js';
import {
  type Asked,
  areWindows,
  pushWindow,
  settleRefunds,
  settleStates,
  toRefunds,
  toRows,
  weightOf,
} from './internal/limit-call.js';
import { consumeLua, toDo } from './internal/lua/consume.js';
import { countWindowsLua } from './internal/lua/count-windows.js';
import { algorithmNames } from './internal/lua/counters.js';
import { refundLua } from './internal/lua/refund.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import { createPresence } from './internal/presence.js';
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
const mostKeys = 30_000;

/**
 * Rate limit counters in Redis, for `createRateLimiter` of `@secapi/rate-limit`: exact over any number of processes, all limits of a
 * request in one atomic operation, all requests of one turn of the event loop in one call, times by Redis's own clock.
 *
 * It also tells Redis that this process is there, so that each knows its part of a limit when Redis fails.
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
  const countWindows = createScript(redis, deadline, countWindowsLua);
  const consume = createScript(redis, deadline, consumeLua);
  const refund = createScript(redis, deadline, refundLua);
  const clock = ([first]: readonly { readonly value: { readonly now: number } }[]): number | '' =>
    byCaller ? (first?.value.now ?? 0) : '';
  const local = (now: number): number => (byCaller ? now : performance.now()); // never set back, as the time of day is

  const presence = createPresence(redis, deadline, besideKey(toKey(''), 'processes'), breaker.isClosed);

  const decide = createBatches<Asked<LimitEntry>, LimitState[]>({
    most: mostCounters,
    sizeOf: ({ entries }) => weightOf(entries),
    run: async (items) => {
      if (await decideWindows(items)) return;
      const args = [clock(items), toDo.count];
      const keys = toRows(items, toKey, args);
      settleStates(items, await breaker.run(() => consume(keys, args)), keys.length);
    },
  });

  /** Decides what nearly every batch is by the script that has nothing else; false when it is not, and nothing is done. */
  async function decideWindows(
    items: readonly BatchItem<Asked<LimitEntry>, LimitState[]>[],
  ): Promise<boolean> {
    if (!areWindows(items)) return false;
    const args = [clock(items)];
    const keys = toRows(items, toKey, args, pushWindow);
    if (keys.length > 1 && new Set(keys).size < keys.length) return false;
    const answer = await breaker.run(() => countWindows(keys, args));
    if (answer === 0) return false;
    settleStates(items, answer, keys.length);
    return true;
  }

  const inspect = createBatches<Asked<LimitEntry>, LimitState[]>({
    most: mostCounters,
    sizeOf: ({ entries }) => weightOf(entries),
    run: async (items) => {
      const args = [clock(items), toDo.inspect];
      const keys = toRows(items, toKey, args);
      settleStates(items, await breaker.run(() => consume(keys, args)), keys.length);
    },
  });

  const giveBack = createBatches<Asked<RefundEntry>, void>({
    most: mostCounters,
    sizeOf: ({ entries }) => weightOf(entries),
    run: async (items) => {
      const args = [clock(items)];
      const keys = toRefunds(items, toKey, args);
      try {
        settleRefunds(items, await breaker.run(() => refund(keys, args)), keys.length);
      } finally {
        blocked?.forget(items.flatMap(({ value }) => value.entries.map(({ key }) => key)));
      }
    },
  });

  return {
    algorithms: algorithmNames,
    async consume(entries, now) {
      if (entries.length === 0) return [];
      if (!byCaller) presence.beat(performance.now());
      if (!blocked) return decide({ entries, now });
      const sent = local(now);
      const known = blocked.recall(entries, sent);
      if (known) return known;
      const { epoch } = blocked;
      const states = await decide({ entries, now });
      blocked.remember(entries, states, sent, epoch);
      return states;
    },
    processes: presence.count,
    async inspect(entries, now) {
      return entries.length === 0 ? [] : inspect({ entries, now });
    },
    async refund(entries, now) {
      if (entries.length > 0) await giveBack({ entries, now });
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
