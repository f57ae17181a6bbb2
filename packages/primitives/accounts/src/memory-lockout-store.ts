import { checkNumber, checkOptions } from '@secapi/kernel';
import type { LockoutPolicy, LockoutStore, LockoutVerdict } from './types.js';

/** Bounds of a {@link memoryLockoutStore}. */
export interface MemoryLockoutStoreOptions {
  /**
   * How many keys are remembered. Beyond it the one that was quiet longest is forgotten, but never one that is locked: when
   * no other is left, further keys share one count.
   * @default 100_000
   */
  readonly maxKeys?: number;
}

interface Entry {
  readonly failures: number;
  readonly lockedUntil: number;
  readonly forgetAt: number;
}

// How many locked keys are passed over in search of one to forget: an attempt never costs more than this.
const farthestSearch = 1_000;

/** Counts failures in memory, for one process; synchronous. */
export function memoryLockoutStore(options: MemoryLockoutStoreOptions = {}): LockoutStore {
  checkOptions('memoryLockoutStore', options, ['maxKeys']);
  const maxKeys = checkNumber('memoryLockoutStore.maxKeys', options.maxKeys ?? 100_000, {
    min: 10,
    max: 10_000_000,
  });
  const entries = new Map<string, Entry>(); // quiet longest first
  let shared: Entry | undefined; // of the keys that found no room

  function makeRoom(now: number): boolean {
    if (entries.size < maxKeys) return true;
    let searched = 0;
    for (const [key, { lockedUntil }] of entries) {
      if (lockedUntil <= now) return entries.delete(key);
      if (++searched >= farthestSearch) return false;
    }
    return false;
  }

  function attempt(key: string, policy: LockoutPolicy, now: number, correct = false): LockoutVerdict {
    const own = entries.has(key) || makeRoom(now);
    const entry = recall(own ? entries.get(key) : shared, now);
    const allowed = !entry || entry.lockedUntil <= now;
    if (correct && allowed) return { allowed, failures: entry?.failures ?? 0 };

    const failures = (entry?.failures ?? 0) + 1;
    let lockedUntil = entry?.lockedUntil ?? 0;
    if (allowed && failures >= policy.limit) lockedUntil = now + delayOf(failures, policy);
    const counted = { failures, lockedUntil, forgetAt: Math.max(now, lockedUntil) + policy.windowMs };
    if (own) {
      entries.delete(key);
      entries.set(key, counted);
    } else {
      shared = counted;
    }
    return lockedUntil > now ? { allowed, failures, lockedUntil } : { allowed, failures };
  }

  return {
    attempt,
    succeed(key) {
      entries.delete(key);
    },
    clear(key) {
      entries.delete(key);
    },
  };
}

function recall(entry: Entry | undefined, now: number): Entry | undefined {
  return entry && entry.forgetAt > now ? entry : undefined;
}

function delayOf(failures: number, { limit, baseDelayMs, maxDelayMs }: LockoutPolicy): number {
  return Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(failures - limit, 40));
}
