import { decideLimit, inspectLimit, type LimitAlgorithm, refundLimit } from '../algorithms/algorithm.js';
import { concurrency } from '../algorithms/concurrency.js';
import { addToNewest, type SlidingLogState, slidingLog } from '../algorithms/sliding-log.js';
import { countWindow, judgeWindow, type LimitState, slideWindow } from '../sliding-window.js';
import type { LimitEntry } from '../store.js';
import type { CounterTable } from './counter-table.js';
import { createKeyTable, type KeyTable } from './key-table.js';
import { type PackedAlgorithm, packedBy } from './packed.js';

/** Counters of one table, whatever their algorithm. The key comes apart from the entry: it may be that of a shared counter. */
export interface Counters {
  /** Decides and counts; undefined when there is no room for a new key. */
  consume(key: string, entry: LimitEntry, now: number): LimitState | undefined;
  refund(key: string, entry: LimitEntry, at: number, now: number): void;
  inspect(key: string, entry: LimitEntry, now: number): LimitState;
  remove(key: string): void;
}

/** Counters whose state fits into a place of the table. */
export function packedCounters(table: CounterTable): Counters {
  function stateAt(place: number, packed: PackedAlgorithm<unknown>, now: number): unknown {
    const counter = place < 0 ? undefined : table.read(place);
    return counter?.kind === packed.kind ? packed.unpack(counter) : packed.algorithm.empty(now);
  }

  function keep(
    place: number,
    packed: PackedAlgorithm<unknown>,
    state: unknown,
    entry: LimitEntry,
    now: number,
  ): void {
    if (packed.algorithm.end(state, entry) <= now) table.remove(place);
    else table.write(place, packed.pack(state), entry.windowMs);
  }

  /** The default algorithm, without a step that it can do without. */
  function consumeWindow(place: number, key: string, entry: LimitEntry, now: number): LimitState {
    const quick = table.countUnderWay(place, entry, now, key);
    if (quick) return quick;
    const { kind, time, a, b } = table.read(place);
    const stored = kind === 0 ? { start: time, previous: a, current: b } : empty(now);
    const counter = slideWindow(stored, entry.windowMs, now);
    const state = judgeWindow(counter, entry, now, key);
    const { start, previous, current } = state.allowed ? countWindow(counter, entry.cost) : counter;
    if (previous + current > 0)
      table.write(place, { kind: 0, time: start, a: previous, b: current }, entry.windowMs);
    else table.remove(place);
    return state;
  }

  return {
    consume(key, entry, now) {
      const place = table.acquire(key, entry.windowMs, now);
      if (place < 0) return undefined;
      const { algorithm } = entry;
      if (algorithm === undefined || algorithm === 'sliding-window')
        return consumeWindow(place, key, entry, now);
      const packed = known(entry);
      const before = stateAt(place, packed, now);
      const { decision, state } = decideLimit(packed.algorithm, before, entry, now, key);
      keep(place, packed, state, entry, now); // a cost above the limit takes no place
      return decision;
    },
    refund(key, entry, at, now) {
      const place = table.find(key);
      const packed = known(entry);
      if (place < 0 || table.read(place).kind !== packed.kind) return;
      const state = refundLimit(packed.algorithm, stateAt(place, packed, now), entry, at, now);
      keep(place, packed, state, entry, now);
    },
    inspect(key, entry, now) {
      const packed = known(entry);
      return inspectLimit(packed.algorithm, stateAt(table.find(key), packed, now), entry, now, key);
    },
    remove(key) {
      const place = table.find(key);
      if (place >= 0) table.remove(place);
    },
  };
}

interface KeptLog {
  readonly windowMs: number;
  readonly state: SlidingLogState;
}

/** A table of logs that have `maxEntries` together. */
export function createLogs(maxEntries: number): KeyTable<KeptLog> {
  return createKeyTable<KeptLog>(
    maxEntries,
    ({ state }) => state.times.length,
    ({ windowMs, state }) => (state.times.at(-1) ?? 0) + windowMs,
  );
}

/** Counters that are a log. */
export function logCounters(table: KeyTable<KeptLog>): Counters {
  function keep(key: string, windowMs: number, state: SlidingLogState): void {
    if (state.times.length === 0) table.remove(key);
    else table.set(key, { windowMs, state });
  }

  return {
    consume(key, entry, now) {
      const found = table.get(key)?.state;
      if (!found && !table.hasRoom(now)) return undefined;
      const algorithm = logged(entry);
      const before = algorithm.advance(found ?? algorithm.empty(now), entry, now);
      const { decision, state } = decideLimit(algorithm, before, entry, now, key);
      const longer = state.times.length > (found?.times.length ?? 0);
      if (!found || !longer || table.hasRoom(now)) {
        keep(key, entry.windowMs, state);
        return decision;
      }
      const merged = addToNewest(before, entry.cost, now);
      keep(key, entry.windowMs, merged);
      return { ...decision, resetMs: inspectLimit(algorithm, merged, entry, now, key).resetMs };
    },
    refund(key, entry, at, now) {
      const found = table.get(key);
      if (found) keep(key, entry.windowMs, refundLimit(logged(entry), found.state, entry, at, now));
    },
    inspect(key, entry, now) {
      const algorithm = logged(entry);
      return inspectLimit(algorithm, table.get(key)?.state ?? algorithm.empty(now), entry, now, key);
    },
    remove: (key) => table.remove(key),
  };
}

function empty(now: number): { readonly start: number; readonly previous: number; readonly current: number } {
  return { start: now, previous: 0, current: 0 };
}

function known({ algorithm = 'sliding-window' }: LimitEntry): PackedAlgorithm<unknown> {
  const packed = packedBy(algorithm);
  if (!packed) throw new TypeError(`no algorithm is named '${algorithm}'`);
  return packed;
}

function logged({ algorithm }: LimitEntry): LimitAlgorithm<SlidingLogState> {
  return algorithm === 'concurrency' ? concurrency : slidingLog;
}
