import type { TrailEntry, TrailStore } from '@secapi/audit';

/** What stands for the hash before the first entry. */
export const zeros: string = '0'.repeat(64);

/** Entries whose hashes are only names: a store looks at nothing but the last one's. */
export function entriesAfter(previousHash: string, ...names: readonly string[]): TrailEntry[] {
  return names.map((name, i) => ({
    id: name,
    at: '2027-01-15T08:00:00.000Z',
    event: 'authn_login_fail',
    outcome: 'failure',
    actor: null,
    target: null,
    address: null,
    requestId: null,
    details: {},
    previousHash: i === 0 ? previousHash : `hash of ${names[i - 1]}`,
    hash: `hash of ${name}`,
  }));
}

/** Every entry, the oldest first. */
export async function all(store: TrailStore): Promise<TrailEntry[]> {
  const entries: TrailEntry[] = [];
  await store.each((entry) => {
    entries.push(entry);
  });
  return entries;
}
