import { checkNumber, checkOptions, randomToken } from '@secapi/kernel';
import type { AlgorithmName } from './algorithms/algorithm.js';
import { createCounterTable } from './internal/counter-table.js';
import { type Counters, createLogs, logCounters, packedCounters } from './internal/memory-counters.js';
import type { LimitState } from './sliding-window.js';
import type { LimitEntry, RateLimitStore, RefundEntry } from './store.js';

/** Options of {@link memoryRateLimitStore}. */
export interface MemoryRateLimitStoreOptions {
  /**
   * How many keys have a counter of their own; 43 bytes each, allocated at once.
   *
   * @default 100_000
   */
  readonly maxKeys?: number;
  /**
   * How many entries the logs of `sliding-log` and `concurrency` have, over all keys together. Allocated as they come, some 500 bytes for a
   * key with one.
   *
   * @default 100_000
   */
  readonly maxLogged?: number;
}

/** A store in this process's memory: it answers at once, never with a promise. */
export interface MemoryRateLimitStore extends RateLimitStore {
  readonly algorithms: readonly AlgorithmName[];
  consume(entries: readonly LimitEntry[], now: number): readonly LimitState[];
  refund(entries: readonly RefundEntry[], now: number): void;
  inspect(entries: readonly LimitEntry[], now: number): readonly LimitState[];
  reset(keys: readonly string[]): void;
  /** How many keys have a counter. */
  readonly size: number;
}

const sharedCounters = 64;
const sharedEntries = 4_096;

/**
 * Keeps counters in the memory of this process, within a hard bound.
 *
 * A counter in force is never given up for a new key: an attacker with a million addresses can't wash away what a victim's account or
 * its own address has counted. When every place is taken by a counter in force, new keys share one counter for each pair of limit and
 * window (64 at most, then they are refused), so a flood as a whole gets one limit. It fails closed: raise `maxKeys` beyond what real
 * clients need in one window. When `maxLogged` entries are in force, keys that have a log go on with it, and each further
 * request is put to its newest entry: it counts for longer, never for less.
 *
 * @throws ConfigError when a bound is not a whole number from 1 to 10,000,000
 */
export function memoryRateLimitStore(options: MemoryRateLimitStoreOptions = {}): MemoryRateLimitStore {
  checkOptions('memoryRateLimitStore', options, ['maxKeys', 'maxLogged']);
  const bounds = { min: 1, max: 10_000_000 };
  const maxKeys = checkNumber('memoryRateLimitStore.maxKeys', options.maxKeys ?? 100_000, bounds);
  const maxLogged = checkNumber('memoryRateLimitStore.maxLogged', options.maxLogged ?? 100_000, bounds);
  const places = createCounterTable(maxKeys);
  const logs = createLogs(maxLogged);
  const own = { packed: packedCounters(places), logs: logCounters(logs) };
  const shared = {
    packed: packedCounters(createCounterTable(sharedCounters)),
    logs: logCounters(createLogs(sharedEntries)),
  };
  const sharedPrefix = `${randomToken(16)} `; // no key from outside can be one of these

  function countersOf(key: string, algorithm: AlgorithmName | undefined): Counters {
    const half = key.startsWith(sharedPrefix) ? shared : own;
    return algorithm === 'sliding-log' || algorithm === 'concurrency' ? half.logs : half.packed;
  }

  /** Decides one entry and counts it if there is room. */
  function consumeOne(entry: LimitEntry, now: number): LimitState {
    const { algorithm, limit, windowMs } = entry;
    const log = algorithm === 'sliding-log' || algorithm === 'concurrency';
    const state = (log ? own.logs : own.packed).consume(entry.key, entry, now);
    if (state) return state;
    const key = `${sharedPrefix}${limit}/${windowMs}${algorithm ? `/${algorithm}/${entry.burst ?? limit}` : ''}`;
    return (log ? shared.logs : shared.packed).consume(key, entry, now) ?? refuse(entry, now, key);
  }

  function inspectOne(entry: LimitEntry, key: string, now: number): LimitState {
    return countersOf(key, entry.algorithm).inspect(key, entry, now);
  }

  /** Takes back, within the same operation, what was counted before another entry was refused, the last first. */
  function undo(entries: readonly LimitEntry[], states: readonly LimitState[], now: number): LimitState[] {
    for (let i = states.length - 1; i >= 0; i--) {
      const entry = entries[i];
      const state = states[i];
      if (entry && state?.allowed)
        countersOf(state.counter, entry.algorithm).refund(state.counter, entry, now, now);
    }
    return states.map((state, i) => {
      const entry = entries[i];
      if (!entry || !state.allowed) return state;
      return { ...inspectOne(entry, state.counter, now), allowed: true, retryAfterMs: 0 };
    });
  }

  return {
    algorithms: ['sliding-window', 'fixed-window', 'sliding-log', 'token-bucket', 'gcra', 'concurrency'],
    get size() {
      return places.size + logs.size;
    },
    consume(entries, time) {
      const now = Math.floor(time);
      const [only] = entries;
      if (entries.length === 1 && only) return [consumeOne(only, now)];
      const states: LimitState[] = [];
      let allowed = true;
      for (const entry of entries) {
        const state = consumeOne(entry, now);
        states.push(state);
        allowed &&= state.allowed;
      }
      return allowed ? states : undo(entries, states, now);
    },
    refund(entries, time) {
      for (const { key, algorithm, limit = 1, windowMs, burst = limit, cost, at } of entries) {
        const entry = algorithm
          ? { key, limit, windowMs, burst, cost, algorithm }
          : { key, limit, windowMs, cost };
        countersOf(key, algorithm).refund(key, entry, at, Math.floor(time));
      }
    },
    inspect: (entries, time) => entries.map((entry) => inspectOne(entry, entry.key, Math.floor(time))),
    reset(keys) {
      for (const key of keys) {
        own.packed.remove(key);
        own.logs.remove(key);
      }
    },
  };
}

function refuse(entry: LimitEntry, now: number, counter: string): LimitState {
  const { windowMs } = entry;
  return { allowed: false, remaining: 0, resetMs: windowMs, retryAfterMs: windowMs, at: now, counter };
}
