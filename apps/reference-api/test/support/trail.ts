import { createHash } from 'node:crypto';
import { expectStatus } from './claims.js';
import type { User } from './journey.js';

/** An item of `GET /api/audit`. */
export interface TrailItem {
  readonly id: string;
  readonly at: string;
  readonly event: string;
  readonly outcome: string;
  readonly actor: string | null;
  readonly target: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  readonly hash: string;
}

interface TrailPage {
  readonly items: readonly TrailItem[];
  readonly nextCursor: string | null;
}

/** The whole trail, oldest first, read page by page as a client would. */
export async function readTrail(admin: User): Promise<TrailItem[]> {
  const items: TrailItem[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await admin.send('GET', `/api/audit?limit=100${from}`);
    expectStatus(answer, 200);
    const page = answer.json<TrailPage>();
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items.reverse();
}

/** What is wrong with a trail: each entry whose hash or whose link to the one before is not what it must be. */
export function faultsOf(trail: readonly TrailItem[]): string[] {
  const faults: string[] = [];
  let previous = '0'.repeat(64);
  for (const item of trail) {
    if (item.previousHash !== previous) faults.push(`${item.id} does not follow the entry before`);
    if (item.hash !== hashOf(item)) faults.push(`${item.id} was changed`);
    previous = item.hash;
  }
  return faults;
}

/** The SHA-256 of the canonical JSON (RFC 8785) of all members but the hash itself. */
function hashOf({ hash: _, ...content }: TrailItem): string {
  return createHash('sha256').update(canonical(content)).digest('hex');
}

/** Keys in the order of their UTF-16 code units; `JSON.stringify` writes texts and numbers as the RFC wants them. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}
