import { checkNumber, checkOptions } from '@secapi/kernel';
import { genesisHash, type TrailEntry } from './entry.js';
import type { TrailStore } from './store.js';

/** The options of {@link memoryTrailStore}. */
export interface MemoryTrailStoreOptions {
  /** How many entries are kept; the oldest are let go. @default 100_000 */
  readonly maxEntries?: number;
}

/** A trail in this process's memory: for development and tests, gone when the process ends. */
export function memoryTrailStore(options: MemoryTrailStoreOptions = {}): TrailStore {
  checkOptions('memoryTrailStore', options, ['maxEntries']);
  const maxEntries = checkNumber('memoryTrailStore.maxEntries', options.maxEntries ?? 100_000, {
    min: 1,
    max: 10_000_000,
  });
  let entries: TrailEntry[] = [];
  let letGo = 0; // how many were let go: the number of entries[0] since the beginning
  let head = genesisHash;
  let anchor = genesisHash;
  let turn: Promise<unknown> = Promise.resolve();

  function append(
    build: (previousHash: string) => Promise<readonly TrailEntry[]>,
  ): Promise<readonly TrailEntry[]> {
    const run = async () => {
      const added = await build(head);
      for (const entry of added) entries.push(Object.freeze({ ...entry }));
      head = added.at(-1)?.hash ?? head;
      shrink();
      return added;
    };
    const result = turn.then(run, run);
    turn = result.catch(() => {}); // the caller hears of it; the next one has its turn all the same
    return result;
  }

  // A tenth at a time, so that a full trail doesn't move its entries at every append.
  function shrink(): void {
    if (entries.length <= maxEntries * 1.1) return;
    const surplus = entries.length - maxEntries;
    anchor = entries[surplus - 1]?.hash ?? anchor;
    entries = entries.slice(surplus);
    letGo += surplus;
  }

  return {
    append,
    async list({ limit, before }) {
      if (before !== undefined && !/^\d{1,15}$/.test(before)) return { items: [] };
      const end = before === undefined ? entries.length : Math.min(Number(before) - letGo, entries.length);
      const start = Math.max(0, end - limit);
      const items = end > 0 ? entries.slice(start, end).reverse() : [];
      return start > 0 && items.length > 0 ? { items, next: String(start + letGo) } : { items };
    },
    async each(visit) {
      for (const entry of entries.slice()) visit(entry);
    },
    anchor: () => anchor,
  };
}
