import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { startPostgres } from '../../../../scripts/postgres.mjs';
import { type Database, fromPg, migrate, pgPoolOptions } from '../src/index.js';
import { openPglite } from '../src/pglite.js';

/** One initialised database for every test that starts from a new one. */
export const dump: string = join(tmpdir(), `secapi-pglite-${process.versions.node}.tar.gz`);

/** A database for a file of tests, where each test gets tables of its own. */
export interface TestDatabase {
  /** A new, migrated set of tables, over a connection or a pool of its own. */
  fresh(): Promise<Database>;
  /** A second, independent way to the tables of the last `fresh()`. */
  another(): Promise<Database>;
}

let schemas = 0;

/** Runs the tests in `body` on the embedded PGlite and on a real server. */
export function onBoth(body: (test: TestDatabase) => void): void {
  describe('on PGlite', () => {
    body(embedded());
  });
  onServer(body);
}

/** Runs the tests in `body` on a real server. */
export function onServer(body: (test: TestDatabase, server: { url: string }) => void): void {
  describe('on PostgreSQL', async () => {
    const started = await startPostgres({ settings: { max_connections: 60 } });
    describe.skipIf(started.skipped !== undefined)('server', () => {
      if (started.skipped !== undefined) return;
      afterAll(() => started.stop());
      body(served(started.url), started);
    });
  });
}

function embedded(): TestDatabase {
  let db: Database;
  beforeAll(async () => {
    db = await openPglite({ folder: 'memory', dump });
  });
  afterAll(() => db.close());
  // One session serves all, so closing a handle must leave it open.
  const handle = (): Database => ({ ...db, close: async () => {} });
  return {
    async fresh() {
      await db.query(`CREATE SCHEMA test_${++schemas}`);
      await db.query(`SET search_path TO test_${schemas}`);
      await migrate(db);
      return handle();
    },
    another: async () => handle(),
  };
}

function served(url: string): TestDatabase {
  const connect = (schema: string): Database => {
    const options = `-c search_path=${schema}`;
    return fromPg(new pg.Pool({ connectionString: url, options, max: 10, ...pgPoolOptions() }));
  };
  return {
    async fresh() {
      const schema = `test_${++schemas}`;
      const db = connect(schema);
      await db.query(`CREATE SCHEMA ${schema}`);
      await migrate(db);
      return db;
    },
    another: async () => connect(`test_${schemas}`),
  };
}
