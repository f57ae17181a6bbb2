import type { TrailEntry, TrailStore } from '@secapi/audit';
import { checkNumber, fromBase64Url, toBase64Url, utf8 } from '@secapi/kernel';
import type { Database } from './database.js';

interface Row {
  position: number;
  entry: TrailEntry;
}

const entriesPerRead = 500;

/**
 * Keeps the audit trail in PostgreSQL, append-only: a trigger refuses to change or delete an entry (ASVS v5.0.0-16.4.2).
 *
 * Appends of all processes queue for the lock on one row that holds the head of the chain, so group them: a trail's group commit
 * puts everything that waits into one append. Made on the handle of a transaction, it appends as part of that transaction.
 */
export function postgresTrailStore(db: Database): TrailStore {
  async function append(
    build: (previousHash: string) => Promise<readonly TrailEntry[]>,
  ): Promise<readonly TrailEntry[]> {
    return db.transaction(async (tx) => {
      const { rows } = await tx.query<{ position: number; hash: string }>(
        'SELECT position, hash FROM secapi_trail_head FOR UPDATE',
      );
      const head = rows[0];
      if (!head) throw new Error('secapi_trail_head is empty: the tables were not made by migrate()');
      const entries = await build(head.hash);
      const last = entries.at(-1);
      if (!last) return entries;
      await tx.query(
        `INSERT INTO secapi_trail (position, id, entry)
        SELECT $1::bigint + n, id, entry::json FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS added (id, entry, n)`,
        [head.position, entries.map(({ id }) => id), entries.map((entry) => JSON.stringify(entry))],
      );
      await tx.query('UPDATE secapi_trail_head SET position = $1, hash = $2', [
        head.position + entries.length,
        last.hash,
      ]);
      return entries;
    });
  }

  async function list(page: {
    limit: number;
    before?: string;
  }): Promise<{ items: TrailEntry[]; next?: string }> {
    const limit = checkNumber('list.limit', page.limit, { min: 1, max: 1_000 });
    const before = page.before === undefined ? undefined : fromCursor(page.before);
    if (page.before !== undefined && before === undefined) return { items: [] };
    const { rows } = await db.query<Row>(
      'SELECT position, entry FROM secapi_trail WHERE $1::bigint IS NULL OR position < $1 ORDER BY position DESC LIMIT $2',
      [before ?? null, limit + 1],
    );
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const more = rows.length > limit && last;
    return { items: items.map(({ entry }) => entry), ...(more ? { next: toCursor(last.position) } : {}) };
  }

  async function each(visit: (entry: TrailEntry) => void): Promise<void> {
    let after = 0;
    for (;;) {
      const { rows } = await db.query<Row>(
        'SELECT position, entry FROM secapi_trail WHERE position > $1 ORDER BY position LIMIT $2',
        [after, entriesPerRead],
      );
      for (const { entry } of rows) visit(entry);
      const last = rows.at(-1);
      if (!last || rows.length < entriesPerRead) return;
      after = last.position;
    }
  }

  return { append, list, each };
}

function toCursor(position: number): string {
  return toBase64Url(utf8(String(position)));
}

function fromCursor(cursor: string): number | undefined {
  if (cursor.length > 24) return undefined;
  const bytes = fromBase64Url(cursor);
  const text = bytes && String.fromCharCode(...bytes);
  return text !== undefined && /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text))
    ? Number(text)
    : undefined;
}
