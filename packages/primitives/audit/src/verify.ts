import { entryHash, genesisHash, type TrailEntry } from './entry.js';
import type { TrailStore } from './store.js';

/**
 * Why a trail isn't whole.
 *
 * `altered`: the entry's content doesn't have its hash. `link_broken`: it doesn't build on the entry before it, so
 * something was removed, put in, moved or replaced there. `truncated`: the known head isn't in the trail.
 */
export type TrailFault = 'altered' | 'link_broken' | 'truncated';

/** Whether a trail is whole, and where it first isn't. */
export type TrailVerdict =
  | {
      readonly ok: true;
      readonly entries: number /** The newest entry's hash, to keep elsewhere. */;
      readonly head: string;
    }
  | {
      readonly ok: false /** The id of the first bad entry. */;
      readonly at: string;
      readonly reason: TrailFault;
    };

/** What is known of a trail from elsewhere. */
export interface VerifyOptions {
  /** The `head` of an earlier verification: it must still be in the trail, or its end was cut off. */
  readonly knownHead?: string;
}

/** Goes through a whole trail, oldest first. */
export async function verifyTrail(store: TrailStore, options: VerifyOptions = {}): Promise<TrailVerdict> {
  const anchored = store.anchor?.() ?? genesisHash;
  // Awaited only if it must be: what a store in memory says of its anchor holds for this turn.
  let expected = typeof anchored === 'string' ? anchored : await anchored;
  let entries = 0;
  let last = '';
  let bad: { at: string; reason: TrailFault } | undefined;
  let known = options.knownHead === undefined || options.knownHead === expected;
  let checked: Promise<void> = Promise.resolve();

  async function check(entry: TrailEntry): Promise<void> {
    if (bad) return;
    entries++;
    if (entry.previousHash !== expected) {
      bad = { at: entry.id, reason: 'link_broken' };
    } else if ((await entryHash(entry)) !== entry.hash) {
      bad = { at: entry.id, reason: 'altered' };
    }
    expected = entry.hash;
    last = entry.id;
    known ||= entry.hash === options.knownHead;
  }

  await store.each((entry) => {
    checked = checked.then(() => check(entry));
  });
  await checked;
  if (bad) return { ok: false, ...bad };
  if (!known) return { ok: false, at: last, reason: 'truncated' };
  return { ok: true, entries, head: expected };
}
