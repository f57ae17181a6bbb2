import type { SlidingLogState } from '../algorithms/sliding-log.js';
import { createKeyedHash } from './keyed-hash.js';

/** Logs by key, with a bound on the entries of all of them together. A key is known by 53 bits of its keyed hash alone. */
export interface LogTable {
  /** How many keys have a log. */
  readonly size: number;
  find(key: string): SlidingLogState | undefined;
  /** Whether another entry fits, once some of what is no more in force was freed. */
  hasRoom(now: number): boolean;
  /** Keeps a log; an empty one is forgotten. */
  set(key: string, windowMs: number, state: SlidingLogState): void;
  remove(key: string): void;
}

interface Kept {
  readonly windowMs: number;
  readonly state: SlidingLogState;
}

/** How many logs are looked at to free some: a few always, more when there is no room. */
const sweepAlways = 4;
const sweepWhenFull = 16;

export function createLogTable(maxEntries: number): LogTable {
  const logs = new Map<number, Kept>();
  const hash = createKeyedHash();
  const hashed = new Int32Array(2);
  let entries = 0;
  let round = logs.entries();

  function idOf(key: string): number {
    hash(key, hashed);
    return ((hashed[1] ?? 0) & 0x1f_ffff) * 2 ** 32 + ((hashed[0] ?? 0) >>> 0);
  }

  function remove(id: number): void {
    entries -= logs.get(id)?.state.times.length ?? 0;
    logs.delete(id);
  }

  /** Looks at the next logs and forgets those that are no more in force. */
  function sweep(now: number, places: number): void {
    for (let left = places; left > 0; left--) {
      let next = round.next();
      if (next.done) {
        round = logs.entries();
        next = round.next();
        if (next.done) return;
      }
      const [id, { windowMs, state }] = next.value;
      if ((state.times.at(-1) ?? 0) + windowMs <= now) remove(id);
    }
  }

  return {
    get size() {
      return logs.size;
    },
    find: (key) => logs.get(idOf(key))?.state,
    hasRoom(now) {
      sweep(now, entries < maxEntries ? sweepAlways : sweepWhenFull);
      return entries < maxEntries;
    },
    set(key, windowMs, state) {
      const id = idOf(key);
      if (state.times.length === 0) return remove(id);
      entries += state.times.length - (logs.get(id)?.state.times.length ?? 0);
      logs.set(id, { windowMs, state });
    },
    remove: (key) => remove(idOf(key)),
  };
}
