import { checkNumber, checkOptions, randomToken } from '@secapi/kernel';
import { type CounterTable, createCounterTable } from './internal/counter-table.js';
import {
  countWindow,
  judgeWindow,
  type LimitState,
  peekWindow,
  refundWindow,
  slideWindow,
} from './sliding-window.js';
import type { LimitEntry, RateLimitStore, RefundEntry } from './store.js';

/** Options of {@link memoryRateLimitStore}. */
export interface MemoryRateLimitStoreOptions {
  /**
   * How many keys have a counter of their own; 43 bytes each, allocated at once.
   *
   * @default 100_000
   */
  readonly maxKeys?: number;
}

/** A store in this process's memory: it answers at once, never with a promise. */
export interface MemoryRateLimitStore extends RateLimitStore {
  consume(entries: readonly LimitEntry[], now: number): readonly LimitState[];
  refund(entries: readonly RefundEntry[], now: number): void;
  reset(keys: readonly string[]): void;
  /** How many keys have a counter. */
  readonly size: number;
}

const sharedCounters = 64;

/**
 * Keeps counters in the memory of this process, within a hard bound.
 *
 * A counter in force is never given up for a new key: an attacker with a million addresses can't wash away what a victim's account or
 * its own address has counted. When every place is taken by a counter in force, new keys share one counter for each pair of limit and
 * window (64 at most, then they are refused), so a flood as a whole gets one limit. It fails closed: raise `maxKeys` beyond what real
 * clients need in one window.
 *
 * @throws ConfigError when `maxKeys` is not a whole number from 1 to 10,000,000
 */
export function memoryRateLimitStore(options: MemoryRateLimitStoreOptions = {}): MemoryRateLimitStore {
  checkOptions('memoryRateLimitStore', options, ['maxKeys']);
  const maxKeys = checkNumber('memoryRateLimitStore.maxKeys', options.maxKeys ?? 100_000, {
    min: 1,
    max: 10_000_000,
  });
  const own = createCounterTable(maxKeys);
  const shared = createCounterTable(sharedCounters);
  const sharedPrefix = `${randomToken(16)} `; // no key from outside can be one of these

  /** Decides one entry and counts it if there is room. */
  function consumeOne(entry: LimitEntry, now: number): LimitState {
    let table = own;
    let key = entry.key;
    let place = own.acquire(key, entry.windowMs, now);
    if (place < 0) {
      table = shared;
      key = `${sharedPrefix}${entry.limit}/${entry.windowMs}`;
      place = shared.acquire(key, entry.windowMs, now);
    }
    if (place < 0) return refuse(entry, now, key);
    const counter = slideWindow(table.read(place), entry.windowMs, now);
    const state = judgeWindow(counter, entry, now, key);
    if (state.allowed) table.write(place, countWindow(counter, entry.cost), entry.windowMs);
    else if (counter.previous + counter.current > 0) table.write(place, counter, entry.windowMs);
    else table.remove(place); // a cost above the limit takes no place
    return state;
  }

  /** Takes back, within the same operation, what was counted before another entry was refused. */
  function undo(entry: LimitEntry, state: LimitState, now: number): void {
    giveBack({ key: state.counter, windowMs: entry.windowMs, cost: entry.cost, at: now }, now);
  }

  function giveBack(entry: RefundEntry, now: number): void {
    const table = tableOf(entry.key);
    const place = table.find(entry.key);
    if (place < 0) return;
    const counter = slideWindow(table.read(place), entry.windowMs, now);
    const after = refundWindow(counter, entry.windowMs, entry.cost, entry.at);
    if (after.previous + after.current === 0) table.remove(place);
    else table.write(place, after, entry.windowMs);
  }

  function peek(entry: LimitEntry, state: LimitState, now: number): LimitState {
    const table = tableOf(state.counter);
    const place = table.find(state.counter);
    const counter = place < 0 ? { start: now, previous: 0, current: 0 } : table.read(place);
    return peekWindow(counter, entry, now, state.counter);
  }

  function tableOf(key: string): CounterTable {
    return key.startsWith(sharedPrefix) ? shared : own;
  }

  return {
    get size() {
      return own.size;
    },
    consume(entries, time) {
      const now = Math.floor(time);
      const states: LimitState[] = [];
      let allowed = true;
      for (const entry of entries) {
        const state = consumeOne(entry, now);
        states.push(state);
        allowed &&= state.allowed;
      }
      if (allowed || entries.length === 1) return states;
      states.forEach((state, i) => {
        const entry = entries[i];
        if (entry && state.allowed) undo(entry, state, now);
      });
      return states.map((state, i) => {
        const entry = entries[i];
        return entry && state.allowed ? peek(entry, state, now) : state;
      });
    },
    refund(entries, time) {
      for (const entry of entries) giveBack(entry, Math.floor(time));
    },
    reset(keys) {
      for (const key of keys) {
        const place = own.find(key);
        if (place >= 0) own.remove(place);
      }
    },
  };
}

function refuse(entry: LimitEntry, now: number, counter: string): LimitState {
  const { windowMs } = entry;
  return { allowed: false, remaining: 0, resetMs: windowMs, retryAfterMs: windowMs, at: now, counter };
}
