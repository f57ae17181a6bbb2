import { identifier, type Sql, sql } from '@secapi/sql';
import type { PgliteLike } from '../from-pglite.js';

/** An instance whose upkeep can be waited for. */
export interface UpkeptPglite extends PgliteLike {
  close(): Promise<void>;
}

const callsPerLook = 64;

/**
 * Does what PostgreSQL's background processes do, which PGlite hasn't: without checkpoints its log grows for ever, and with it the time to
 * recover after a crash; without vacuum and analyze its tables swell and its plans go blind.
 *
 * @param bytes how much log may pile up in between
 */
export function withUpkeep(db: PgliteLike, bytes: number): UpkeptPglite {
  let calls = 0;
  let work: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const { rows } = await db.query(
      'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) > $1::numeric AS due FROM pg_control_checkpoint()',
      [String(bytes)],
    );
    const [row] = rows as { due: boolean }[]; // as selected above
    if (!row?.due) return;
    // One table at a time, so that the event loop gets its turns; the checkpoint last, for vacuum writes a log of its own.
    for (const { text } of await vacuums(db)) await db.query(text);
    await db.query('CHECKPOINT');
  }

  function count(): void {
    calls += 1;
    // Should it fail, the disk is full or the instance closed: the next caller hears of that, and the next look tries again.
    if (calls % callsPerLook === 0) work = work.then(look).catch(() => {});
  }

  return {
    async query(text, values) {
      count();
      return db.query(text, values);
    },
    async transaction(run) {
      count();
      return db.transaction(run);
    },
    async close() {
      await work;
      await db.close();
    },
  };
}

/** Names that can be written in any statement; whose tables have others waits longer, for all of them at once. */
const plain = /^[A-Za-z_]\w{0,62}\.[A-Za-z_]\w{0,62}$/;

async function vacuums(db: PgliteLike): Promise<Sql[]> {
  const { rows } = await db.query(
    "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
  );
  const names = (rows as { name: string }[]).map(({ name }) => name); // as selected above
  if (!names.every((name) => plain.test(name))) return [sql`VACUUM (ANALYZE)`];
  return names.map((name) => sql`VACUUM (ANALYZE) ${identifier(name, names)}`);
}
