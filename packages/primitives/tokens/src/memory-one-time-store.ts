import { checkNumber, checkOptions, SecapiError } from '@secapi/kernel';
import type { OneTimeRecord, OneTimeStore } from './one-time-store.js';

/** The options of {@link memoryOneTimeStore}: its bounds. What exceeds one drops the oldest token. */
export interface MemoryOneTimeStoreOptions {
  /** Tokens at once, some 300 bytes each. @default 100_000 */
  readonly max?: number | undefined;
  /** Tokens of one subject and purpose at once. @default 10 */
  readonly maxPerSubject?: number | undefined;
}

/**
 * One-time tokens in memory: for one process; unused ones end with it.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function memoryOneTimeStore(options: MemoryOneTimeStoreOptions = {}): OneTimeStore {
  checkOptions('oneTimeStore', options, ['max', 'maxPerSubject']);
  const max = checkNumber('oneTimeStore.max', options.max ?? 100_000, { min: 1, max: 10_000_000 });
  const maxPerSubject = checkNumber('oneTimeStore.maxPerSubject', options.maxPerSubject ?? 10, {
    min: 1,
    max: 1_000,
  });
  const records = new Map<string, OneTimeRecord>(); // the oldest first
  const owners = new Map<string, Set<string>>(); // the digests of each owner, the oldest first
  let sweepAt = 1_024;

  function remove(record: OneTimeRecord): void {
    const owner = ownerOf(record.purpose, record.subject);
    records.delete(record.digest);
    const digests = owners.get(owner);
    digests?.delete(record.digest);
    if (digests?.size === 0) owners.delete(owner);
  }

  function removeFirst(digests: Iterable<string>): void {
    for (const digest of digests) {
      const record = records.get(digest);
      if (record) remove(record);
      return;
    }
  }

  function sweep(now: number): void {
    if (records.size < sweepAt) return;
    for (const record of records.values()) if (record.expiresAt <= now) remove(record);
    sweepAt = Math.max(1_024, records.size * 2);
  }

  return {
    async put(record) {
      if (records.has(record.digest)) {
        throw new SecapiError('TOKEN_STORE_CONFLICT', 'the one-time store has this digest already');
      }
      const owner = ownerOf(record.purpose, record.subject);
      const digests = owners.get(owner) ?? new Set();
      owners.set(owner, digests.add(record.digest));
      records.set(record.digest, { ...record });
      if (digests.size > maxPerSubject) removeFirst(digests);
      if (records.size > max) removeFirst(records.keys());
    },
    async take(digest, purpose, now) {
      sweep(now);
      const record = records.get(digest);
      if (record?.purpose !== purpose) return undefined;
      remove(record);
      return record.expiresAt > now ? record : undefined;
    },
    async drop(purpose, subject) {
      for (const digest of owners.get(ownerOf(purpose, subject)) ?? []) records.delete(digest);
      owners.delete(ownerOf(purpose, subject));
    },
  };
}

// As JSON, so that no purpose and subject can be put together to look like another pair.
function ownerOf(purpose: string, subject: string): string {
  return JSON.stringify([purpose, subject]);
}
