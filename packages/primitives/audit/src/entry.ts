import { sha256, toHex } from '@secapi/kernel';
import { canonicalJson } from './canonical.js';
import type { EventDetails, EventOutcome } from './event.js';
import type { SecurityEventName } from './vocabulary.js';

/** One entry of the trail, as it is stored and shown. */
export interface TrailEntry {
  /** A UUID version 7. */
  readonly id: string;
  /** When it happened, in UTC: `2026-01-31T12:00:00.000Z` (ASVS v5.0.0-16.2.2). */
  readonly at: string;
  readonly event: SecurityEventName;
  readonly outcome: EventOutcome;
  readonly actor: string | null;
  readonly target: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly details: EventDetails;
  /** The `hash` of the entry before, or {@link genesisHash}. */
  readonly previousHash: string;
  /** The SHA-256, in hexadecimal, of the canonical JSON (RFC 8785) of all the other members. */
  readonly hash: string;
}

/** An entry that waits for its place in the chain. */
export type DraftEntry = Omit<TrailEntry, 'previousHash' | 'hash'>;

/** What the first entry has as its `previousHash`: 64 zeros. */
export const genesisHash: string = '0'.repeat(64);

/** The hash that an entry must have. Anyone can compute it from the entry alone. */
export async function entryHash(entry: Omit<TrailEntry, 'hash'>): Promise<string> {
  return toHex(await sha256(contentOf(entry)));
}

/** The canonical JSON of an entry. Its own members are in order here, so that only the details have to be sorted. */
function contentOf(entry: Omit<TrailEntry, 'hash'>): string {
  const { id, at, event, outcome, actor, target, address, requestId, details, previousHash } = entry;
  return (
    `{"actor":${canonicalJson(actor)},"address":${canonicalJson(address)},"at":${canonicalJson(at)}` +
    `,"details":${canonicalJson(details)},"event":${canonicalJson(event)},"id":${canonicalJson(id)}` +
    `,"outcome":${canonicalJson(outcome)},"previousHash":${canonicalJson(previousHash)}` +
    `,"requestId":${canonicalJson(requestId)},"target":${canonicalJson(target)}}`
  );
}

/** Chains drafts, in order, to what was stored before them. */
export async function chain(
  drafts: readonly DraftEntry[],
  previousHash: string,
): Promise<readonly TrailEntry[]> {
  const entries: TrailEntry[] = [];
  let previous = previousHash;
  for (const draft of drafts) {
    const entry = { ...draft, previousHash: previous };
    previous = await entryHash(entry);
    entries.push({ ...entry, hash: previous });
  }
  return entries;
}
