import type { Clock } from '@secapi/kernel';

/** Keeps a bounded number of answers for a bounded time; the least recently used one goes first. */
export interface PrefixCache {
  get(prefix: string): string | undefined;
  set(prefix: string, text: string): void;
}

/** A cache of a size of 0 keeps nothing. */
export function createPrefixCache(options: {
  readonly size: number;
  readonly ttl: number;
  readonly now: Clock;
}): PrefixCache {
  const { size, ttl, now } = options;
  const entries = new Map<string, { readonly text: string; readonly until: number }>(); // oldest use first

  return {
    get(prefix) {
      const entry = entries.get(prefix);
      if (!entry) return undefined;
      entries.delete(prefix);
      if (entry.until <= now()) return undefined;
      entries.set(prefix, entry);
      return entry.text;
    },
    set(prefix, text) {
      if (size === 0) return;
      const until = entries.get(prefix)?.until ?? now() + ttl;
      entries.delete(prefix);
      entries.set(prefix, { text, until });
      const [oldest] = entries.keys();
      if (entries.size > size && oldest !== undefined) entries.delete(oldest);
    },
  };
}
