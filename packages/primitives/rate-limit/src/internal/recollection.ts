/** What was said a moment ago, within a bound. */
export interface Recollection<T> {
  /** What is known of a key, and since when. */
  recall(key: string, now: number): { readonly value: T; readonly since: number } | undefined;
  /** Keeps what was asked at `since`, unless something was forgotten meanwhile: `from` is the epoch of that time. */
  keep(key: string, value: T, since: number, until: number, from: number): void;
  forget(key: string): void;
  /** Changes with each `forget`. */
  readonly epoch: number;
}

/** @param most how many keys; beyond, the oldest goes, which only costs a question */
export function createRecollection<T>(most: number): Recollection<T> {
  const known = new Map<string, { value: T; since: number; until: number }>();
  let epoch = 0;

  return {
    get epoch() {
      return epoch;
    },
    recall(key, now) {
      const found = known.get(key);
      if (!found) return undefined;
      if (now >= found.since && now < found.until) return found;
      known.delete(key);
      return undefined;
    },
    keep(key, value, since, until, from) {
      if (from !== epoch || key.length > 256) return; // a bound on memory needs one on its parts
      known.delete(key);
      if (known.size >= most) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
      known.set(key, { value, since, until });
    },
    forget(key) {
      epoch += 1;
      known.delete(key);
    },
  };
}
