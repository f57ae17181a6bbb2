import { createKeyedHash } from './keyed-hash.js';

/** Values by key, with a bound on their weight together. A key is known by 53 bits of its keyed hash alone, so that long ones take no more room. */
export interface KeyTable<T> {
  /** How many keys have a value. */
  readonly size: number;
  get(key: string): T | undefined;
  /** Whether there is room for more, once some of what is no more in force was freed. */
  hasRoom(now: number): boolean;
  /** Keeps a value, whether there is room or not. */
  set(key: string, value: T): void;
  remove(key: string): void;
}

/** How many values are looked at to free some: a few always, more when there is no room. */
const sweepAlways = 4;
const sweepWhenFull = 16;

/**
 * @param most what all values may weigh together
 * @param weightOf what one weighs
 * @param endOf the time from which on one may be given up
 */
export function createKeyTable<T>(
  most: number,
  weightOf: (value: T) => number,
  endOf: (value: T) => number,
): KeyTable<T> {
  const values = new Map<number, T>();
  const hash = createKeyedHash();
  const hashed = new Int32Array(2);
  let weight = 0;
  let round = values.entries();

  function idOf(key: string): number {
    hash(key, hashed);
    return ((hashed[1] ?? 0) & 0x1f_ffff) * 2 ** 32 + ((hashed[0] ?? 0) >>> 0);
  }

  function drop(id: number): void {
    const value = values.get(id);
    if (value === undefined) return;
    weight -= weightOf(value);
    values.delete(id);
  }

  function sweep(now: number, places: number): void {
    for (let left = places; left > 0; left--) {
      let next = round.next();
      if (next.done) {
        round = values.entries();
        next = round.next();
        if (next.done) return;
      }
      const [id, value] = next.value;
      if (endOf(value) <= now) drop(id);
    }
  }

  return {
    get size() {
      return values.size;
    },
    get: (key) => values.get(idOf(key)),
    hasRoom(now) {
      sweep(now, weight < most ? sweepAlways : sweepWhenFull);
      return weight < most;
    },
    set(key, value) {
      const id = idOf(key);
      const before = values.get(id);
      weight += weightOf(value) - (before === undefined ? 0 : weightOf(before));
      values.set(id, value);
    },
    remove: (key) => drop(idOf(key)),
  };
}
