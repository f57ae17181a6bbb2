import { checkNumber, checkOptions, type MaybePromise } from '@secapi/kernel';
import { createKeyTable } from './internal/key-table.js';
import {
  offend,
  type Penalty,
  type PenaltyBounds,
  type PenaltyState,
  penaltyEnd,
  penaltyOf,
} from './penalty.js';

/** Where offences are kept. Each method is one atomic operation. */
export interface PenaltyStore {
  /**
   * What the key has to bear.
   *
   * @param now this process's time in milliseconds; a store that several processes share goes by its own
   */
  check(key: string, bounds: PenaltyBounds, now: number): MaybePromise<Penalty>;
  /** Counts an offence, and says what the key has to bear from now on. */
  offend(key: string, bounds: PenaltyBounds, now: number): MaybePromise<Penalty>;
  /** Forgets a key's offences and ends its ban. */
  pardon(key: string): MaybePromise<void>;
}

/** Options of {@link memoryPenaltyStore}. */
export interface MemoryPenaltyStoreOptions {
  /** How many offenders are known at the same time. @default 10_000 */
  readonly maxKeys?: number;
}

/** Offences in this process's memory: it answers at once. */
export interface MemoryPenaltyStore extends PenaltyStore {
  check(key: string, bounds: PenaltyBounds, now: number): Penalty;
  offend(key: string, bounds: PenaltyBounds, now: number): Penalty;
  pardon(key: string): void;
  /** How many offenders are known. */
  readonly size: number;
}

/**
 * Remembers offenders within a hard bound: when `maxKeys` of them are known, none is forgotten before its time, and who offends
 * anew goes without a penalty. What a limit refuses it refuses all the same.
 *
 * @throws ConfigError when the bound is not a whole number from 1 to 1,000,000
 */
export function memoryPenaltyStore(options: MemoryPenaltyStoreOptions = {}): MemoryPenaltyStore {
  checkOptions('memoryPenaltyStore', options, ['maxKeys']);
  const bounds = { min: 1, max: 1_000_000 };
  const maxKeys = checkNumber('memoryPenaltyStore.maxKeys', options.maxKeys ?? 10_000, bounds);
  const table = createKeyTable<{ readonly state: PenaltyState; readonly end: number }>(
    maxKeys,
    () => 1,
    ({ end }) => end,
  );

  return {
    get size() {
      return table.size;
    },
    check: (key, bounds, now) => penaltyOf(table.get(key)?.state, bounds, now),
    offend(key, bounds, now) {
      const before = table.get(key)?.state;
      if (!before && !table.hasRoom(now)) return penaltyOf(undefined, bounds, now);
      const state = offend(before, bounds, now);
      table.set(key, { state, end: penaltyEnd(state, bounds) });
      return penaltyOf(state, bounds, now);
    },
    pardon: (key) => table.remove(key),
  };
}
