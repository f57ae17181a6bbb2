import { type WindowCounter, windowEnd } from '../sliding-window.js';
import { createKeyedHash, type Hash64 } from './keyed-hash.js';

/**
 * A hash table of counters in typed arrays: 28 bytes a place, four places for three keys, all of it allocated once.
 *
 * A key is known by its 64-bit keyed hash alone. Collisions are resolved by linear probing; a removal closes the gap, so that places move:
 * an index is good until the next `remove` or `sweep`.
 */
export interface CounterTable {
  /** How many keys are in it. */
  readonly size: number;
  /** The key's place, or -1. */
  find(key: string): number;
  /** The key's place; a new key begins at zero. -1 when the table is full. */
  acquire(key: string, windowMs: number, now: number): number;
  read(place: number): WindowCounter;
  write(place: number, counter: WindowCounter, windowMs: number): void;
  remove(place: number): void;
  /** Looks at the next `places` places and frees those whose counter is no more in force. */
  sweep(now: number, places: number): void;
}

export function createCounterTable(maxKeys: number): CounterTable {
  const capacity = Math.ceil((maxKeys * 4) / 3) + 8;
  const hash = createKeyedHash();
  const hashed: Hash64 = { low: 0, high: 0 };
  const lows = new Uint32Array(capacity);
  const highs = new Uint32Array(capacity);
  const starts = new Float64Array(capacity);
  const previous = new Uint32Array(capacity);
  const current = new Uint32Array(capacity);
  const windows = new Uint32Array(capacity); // 0: the place is empty
  let size = 0;
  let cursor = 0;

  function probe(key: string): number {
    hash(key, hashed);
    const { low, high } = hashed;
    let place = low % capacity;
    while (windows[place] !== 0) {
      if (lows[place] === low && highs[place] === high) return place;
      place = place + 1 === capacity ? 0 : place + 1;
    }
    return place; // there is always an empty place: capacity is greater than maxKeys
  }

  function read(place: number): WindowCounter {
    return { start: starts[place] ?? 0, previous: previous[place] ?? 0, current: current[place] ?? 0 };
  }

  function write(place: number, counter: WindowCounter, windowMs: number): void {
    starts[place] = counter.start;
    previous[place] = counter.previous;
    current[place] = counter.current;
    windows[place] = windowMs;
  }

  function remove(place: number): void {
    let hole = place;
    let next = place;
    for (;;) {
      next = next + 1 === capacity ? 0 : next + 1;
      if (windows[next] === 0) break;
      const home = (lows[next] ?? 0) % capacity;
      // Whoever may stand no earlier than behind the hole stays: moved into it, its search would begin too late.
      const stays = hole < next ? hole < home && home <= next : hole < home || home <= next;
      if (stays) continue;
      lows[hole] = lows[next] ?? 0;
      highs[hole] = highs[next] ?? 0;
      write(hole, read(next), windows[next] ?? 0);
      hole = next;
    }
    windows[hole] = 0;
    size -= 1;
  }

  return {
    get size() {
      return size;
    },
    find(key) {
      const place = probe(key);
      return windows[place] === 0 ? -1 : place;
    },
    acquire(key, windowMs, now) {
      const place = probe(key);
      if (windows[place] !== 0) return place;
      if (size >= maxKeys) return -1;
      lows[place] = hashed.low;
      highs[place] = hashed.high;
      write(place, { start: now, previous: 0, current: 0 }, windowMs);
      size += 1;
      return place;
    },
    read,
    write,
    remove,
    sweep(now, places) {
      for (let left = Math.min(places, capacity); left > 0; left--) {
        const windowMs = windows[cursor] ?? 0;
        // A removal may have moved another key to this place: it is looked at again.
        if (windowMs !== 0 && windowEnd(read(cursor), windowMs) <= now) remove(cursor);
        else cursor = cursor + 1 === capacity ? 0 : cursor + 1;
      }
    },
  };
}
