import { type LimitState, type WindowRequest, waitUntil, weigh } from '../sliding-window.js';
import { createKeyedHash } from './keyed-hash.js';
import { type PackedCounter, packedEnd } from './packed.js';

/**
 * A hash table of counters in one typed array: 32 bytes a place, four places for three keys, all of it allocated once.
 *
 * A key is known by its 64-bit keyed hash alone. Collisions are resolved by linear probing; a removal closes the gap, so that places move:
 * a place is good until the next `acquire` or `remove`.
 */
export interface CounterTable {
  /** How many keys are in it. */
  readonly size: number;
  /** The key's place, or -1. */
  find(key: string): number;
  /** The key's place; a new key's counts nothing. -1 when the table is full of counters in force, as far as it looked. */
  acquire(key: string, windowMs: number, now: number): number;
  /**
   * Counts a request in the sliding window under way, in place and without an object but the answer; undefined where there is none under way
   * or no room in it, and nothing is done.
   */
  countUnderWay(place: number, request: WindowRequest, now: number, key: string): LimitState | undefined;
  read(place: number): PackedCounter;
  write(place: number, counter: PackedCounter, windowMs: number): void;
  remove(place: number): void;
}

// A place: where each number stands among its eight 32-bit words. One place is half a cache line.
const low = 0;
const high = 1;
const windowMsAt = 2; // 0: the place is empty
const aAt = 3;
const bAt = 4;
const kindAt = 5;
const words = 8;
const timeAt = 3; // among four 64-bit numbers

/** How many places each new key looks at to free some: a few always, more when there is no room. */
const sweepAlways = 4;
const sweepWhenFull = 16;

export function createCounterTable(maxKeys: number): CounterTable {
  const capacity = Math.ceil((maxKeys * 4) / 3) + 8;
  const hash = createKeyedHash();
  const hashed = new Int32Array(2);
  const scale = capacity / 2 ** 32;
  const bytes = new ArrayBuffer(capacity * words * 4);
  const numbers = new Uint32Array(bytes);
  const signed = new Int32Array(bytes); // the same words as the machine's own integers: twice as fast to compare
  const times = new Float64Array(bytes);
  let size = 0;
  let cursor = 0;

  const at = (place: number, field: number): number => numbers[place * words + field] ?? 0;
  const isEmpty = (place: number): boolean => at(place, windowMsAt) === 0;
  // Faster than a remainder, and as even.
  const homeOf = (hashLow: number): number => ((hashLow >>> 0) * scale) | 0;
  const after = (place: number): number => (place + 1 === capacity ? 0 : place + 1);

  /** The place of the key that was hashed last, or the empty one where it would stand. */
  function probe(): number {
    const wantedLow = hashed[0] as number; // it has two elements
    const wantedHigh = hashed[1] as number;
    let place = homeOf(wantedLow);
    for (;;) {
      const first = place * words;
      // There is always an empty place: capacity is greater than maxKeys.
      if (signed[first + windowMsAt] === 0) return place;
      if (signed[first + low] === wantedLow && signed[first + high] === wantedHigh) return place;
      place = after(place);
    }
  }

  function read(place: number): PackedCounter {
    const first = place * words;
    // A place lies inside the arrays: each of these is a number.
    return {
      kind: signed[first + kindAt] as number,
      time: times[place * 4 + timeAt] as number,
      a: numbers[first + aAt] as number,
      b: numbers[first + bAt] as number,
    };
  }

  function write(place: number, counter: PackedCounter, windowMs: number): void {
    const first = place * words;
    numbers[first + windowMsAt] = windowMs;
    numbers[first + aAt] = counter.a;
    numbers[first + bAt] = counter.b;
    numbers[first + kindAt] = counter.kind;
    times[place * 4 + timeAt] = counter.time;
  }

  function countUnderWay(
    place: number,
    { limit, windowMs, cost }: WindowRequest,
    now: number,
    key: string,
  ): LimitState | undefined {
    const first = place * words;
    const elapsed = now - (times[place * 4 + timeAt] as number);
    const current = numbers[first + bAt] as number;
    if (signed[first + kindAt] !== 0 || current === 0 || elapsed < 0 || elapsed >= windowMs) return undefined;
    const previous = numbers[first + aAt] as number;
    const used = current + weigh(previous, windowMs, elapsed) + cost;
    if (used > limit) return undefined;
    numbers[first + windowMsAt] = windowMs;
    numbers[first + bAt] = current + cost;
    const resetMs = waitUntil(previous, current + cost, windowMs, elapsed, used - 1);
    return { allowed: true, remaining: limit - used, resetMs, retryAfterMs: 0, at: now, counter: key };
  }

  function remove(place: number): void {
    let hole = place;
    for (let next = after(hole); !isEmpty(next); next = after(next)) {
      const home = homeOf(at(next, low));
      // Whoever may stand no earlier than behind the hole stays: moved into it, its search would begin too late.
      const stays = hole < next ? hole < home && home <= next : hole < home || home <= next;
      if (stays) continue;
      numbers.copyWithin(hole * words, next * words, (next + 1) * words);
      hole = next;
    }
    numbers[hole * words + windowMsAt] = 0;
    size -= 1;
  }

  /** Whether a place's counter says nothing any more; the usual one, that has counted in the window under way, is told at a glance. */
  function isOver(place: number, now: number): boolean {
    const windowMs = at(place, windowMsAt);
    const elapsed = now - (times[place * 4 + timeAt] ?? 0);
    if (at(place, kindAt) === 0 && at(place, bAt) > 0 && elapsed < windowMs) return false;
    return packedEnd(read(place), windowMs) <= now;
  }

  /** Looks at the next places and frees those whose counter is no more in force. */
  function sweep(now: number, places: number): void {
    for (let left = Math.min(places, capacity); left > 0; left--) {
      // A removal may have moved another key to this place: it is looked at again.
      if (!isEmpty(cursor) && isOver(cursor, now)) remove(cursor);
      else cursor = after(cursor);
    }
  }

  return {
    get size() {
      return size;
    },
    find(key) {
      hash(key, hashed);
      const place = probe();
      return isEmpty(place) ? -1 : place;
    },
    acquire(key, windowMs, now) {
      hash(key, hashed);
      let place = probe();
      if (!isEmpty(place)) return place;
      sweep(now, size < maxKeys ? sweepAlways : sweepWhenFull);
      if (size >= maxKeys) return -1;
      place = probe();
      signed.set(hashed, place * words);
      write(place, { kind: 0, time: now, a: 0, b: 0 }, windowMs);
      size += 1;
      return place;
    },
    countUnderWay,
    read,
    write,
    remove,
  };
}
