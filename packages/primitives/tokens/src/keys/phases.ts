import type { KeyRecord } from './key-store.js';

/**
 * Where a key is in its life: `published` in the JWKS and not signing yet, `active`: it signs, `verify-only`: what it signed still
 * lives, `retired`.
 */
export type KeyPhase = 'published' | 'active' | 'verify-only' | 'retired';

/**
 * The key that signs at a time: of those whose `activeAt` has come, the latest. Where none has, because the clock of the process that made the first
 * one is ahead, it is the earliest.
 */
export function activeKey(records: readonly KeyRecord[], time: number): KeyRecord | undefined {
  const inOrder = [...records].sort(byActivation);
  return inOrder.findLast(({ activeAt }) => activeAt <= time) ?? inOrder[0];
}

/** The phase of a key: a function of the records and the clock alone, so that all processes agree on it without a word. */
export function phaseOf(record: KeyRecord, records: readonly KeyRecord[], time: number): KeyPhase {
  if (isRetired(record, time)) return 'retired';
  if (record.kid === activeKey(records, time)?.kid) return 'active';
  return time < record.activeAt ? 'published' : 'verify-only';
}

/** Whether nothing that a key signed is valid any more. */
export function isRetired({ retireAt }: KeyRecord, time: number): boolean {
  return retireAt !== undefined && retireAt <= time;
}

/** The key that will sign last of all, as far as is known. */
export function newestKey(records: readonly KeyRecord[]): KeyRecord | undefined {
  return [...records].sort(byActivation).at(-1);
}

// Two keys of one moment are told apart by their ids, or two processes could pick one each.
function byActivation(a: KeyRecord, b: KeyRecord): number {
  return a.activeAt - b.activeAt || (a.kid < b.kid ? -1 : 1);
}
