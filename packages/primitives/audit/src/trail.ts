import { type Clock, ConfigError, checkNumber, checkOptions, SecapiError, systemClock } from '@secapi/kernel';
import { chain, type DraftEntry } from './entry.js';
import type { AuditErrorCode } from './errors.js';
import type { EventDetails, SecurityEvent } from './event.js';
import { draftOf } from './internal/draft.js';
import type { TrailList, TrailPage, TrailStore } from './store.js';
import { type TrailVerdict, type VerifyOptions, verifyTrail } from './verify.js';

/** The options of {@link createTrail}. */
export interface TrailOptions {
  readonly store: TrailStore;
  readonly now?: Clock;
  /** Masks an event's details before they are chained. @default as they are */
  readonly redact?: (details: EventDetails) => EventDetails;
  /** How many entries go into one commit at most. @default 1_000 */
  readonly maxBatch?: number;
  /** How many entries may wait for the store; beyond, an append is rejected. @default 10_000 */
  readonly maxWaiting?: number;
}

/** A trail of what happened: append-only, each entry holding the hash of the one before. */
export interface Trail {
  /**
   * Appends events, in order, and resolves when they are durable. What comes in while the store is busy goes into one
   * commit together. Rejects with what the store rejected with: then none of these events counts as stored.
   *
   * @throws SecapiError (rejects) `AUDIT_EVENT_INVALID` or `AUDIT_QUEUE_FULL`
   */
  append(events: readonly SecurityEvent[]): Promise<void>;
  /** A page, newest first. @throws ConfigError (rejects) when `limit` is not from 1 to 1,000 */
  list(page: TrailPage): Promise<TrailList>;
  /** Whether the chain is whole, or which entry is the first bad one (ASVS v5.0.0-16.4.2). */
  verify(options?: VerifyOptions): Promise<TrailVerdict>;
  /** Resolves when all that was appended before is stored or rejected: for a clean end of the process. */
  flush(): Promise<void>;
}

interface Waiting {
  readonly drafts: readonly DraftEntry[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Opens a trail on a store. */
export function createTrail(options: TrailOptions): Trail {
  checkOptions('trail', options, ['store', 'now', 'redact', 'maxBatch', 'maxWaiting']);
  const { store, now = systemClock, redact = (details: EventDetails) => details } = options;
  if (typeof store?.append !== 'function') {
    throw new ConfigError(
      'trail.store',
      'is not a trail store',
      'pass memoryTrailStore() or another TrailStore',
    );
  }
  const maxBatch = checkNumber('trail.maxBatch', options.maxBatch ?? 1_000, { min: 1, max: 100_000 });
  const maxWaiting = checkNumber('trail.maxWaiting', options.maxWaiting ?? 10_000, {
    min: 1,
    max: 1_000_000,
  });
  let queue: Waiting[] = [];
  let waiting = 0;
  let running: Promise<void> | undefined;

  async function append(events: readonly SecurityEvent[]): Promise<void> {
    const at = now();
    const drafts = events.map((event) => draftOf(event, at, redact));
    if (drafts.length === 0) return;
    if (waiting + drafts.length > maxWaiting) {
      throw new SecapiError<AuditErrorCode>('AUDIT_QUEUE_FULL', 'too many entries wait for the trail store');
    }
    waiting += drafts.length;
    const stored = new Promise<void>((resolve, reject) => queue.push({ drafts, resolve, reject }));
    running ??= drain();
    await stored;
  }

  async function drain(): Promise<void> {
    await Promise.resolve(); // all that is appended in this turn goes into the first commit
    while (queue.length > 0) await commit(nextBatch());
    running = undefined;
  }

  function nextBatch(): Waiting[] {
    let size = 0;
    // The first goes in whatever its size: one append is never torn apart.
    const end = queue.findIndex((each, i) => {
      size += each.drafts.length;
      return i > 0 && size > maxBatch;
    });
    const batch = end < 0 ? queue : queue.slice(0, end);
    queue = end < 0 ? [] : queue.slice(end);
    return batch;
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    const drafts = batch.flatMap((each) => each.drafts);
    try {
      await store.append((previousHash) => chain(drafts, previousHash));
      for (const each of batch) each.resolve();
    } catch (error) {
      for (const each of batch) each.reject(error);
    }
    waiting -= drafts.length;
  }

  return {
    append,
    async list(page) {
      checkNumber('page.limit', page.limit, { min: 1, max: 1_000 });
      return store.list(page);
    },
    verify: (verifyOptions) => verifyTrail(store, verifyOptions),
    async flush() {
      await running;
    },
  };
}
