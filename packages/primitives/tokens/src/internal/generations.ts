/** A map of bounded size that forgets what was not asked for lately. */
export interface Generations<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  readonly size: number;
}

/**
 * Two maps, a young and an old one: what is asked for moves to the young; when that is half full it becomes the old one, and what was in the
 * old is gone. A hit costs a lookup and nothing else, which a list in order of use does not achieve.
 */
export function createGenerations<T>(max: number): Generations<T> {
  const half = Math.ceil(max / 2);
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  function set(key: string, value: T): void {
    old.delete(key);
    young.set(key, value);
    if (young.size < half) return;
    old = young;
    young = new Map();
  }
  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    get size() {
      return young.size + old.size;
    },
  };
}
