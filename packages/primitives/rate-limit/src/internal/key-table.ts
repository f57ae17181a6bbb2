import { createKeyedHash } from './keyed-hash.js';

/** Values by key, so many at most. A key is known by 53 bits of its keyed hash alone, so that long ones take no more room. */
export interface KeyTable<T> {
  readonly size: number;
  get(key: string): T | undefined;
  /** Keeps a value; false when it is a new key's and there is no room for it. */
  set(key: string, value: T, now: number): boolean;
  remove(key: string): void;
}

/** How many values each new key looks at to free some: a few always, more when there is no room. */
const sweepAlways = 4;
const sweepWhenFull = 16;

/** @param endOf the time from which on a value may be given up */
export function createKeyTable<T>(maxKeys: number, endOf: (value: T) => number): KeyTable<T> {
  const values = new Map<number, T>();
  const hash = createKeyedHash();
  const hashed = new Int32Array(2);
  let round = values.entries();

  function idOf(key: string): number {
    hash(key, hashed);
    return ((hashed[1] ?? 0) & 0x1f_ffff) * 2 ** 32 + ((hashed[0] ?? 0) >>> 0);
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
      if (endOf(value) <= now) values.delete(id);
    }
  }

  return {
    get size() {
      return values.size;
    },
    get: (key) => values.get(idOf(key)),
    set(key, value, now) {
      const id = idOf(key);
      if (!values.has(id)) {
        sweep(now, values.size < maxKeys ? sweepAlways : sweepWhenFull);
        if (values.size >= maxKeys) return false;
      }
      values.set(id, value);
      return true;
    },
    remove(key) {
      values.delete(idOf(key));
    },
  };
}
