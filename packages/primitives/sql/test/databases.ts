import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import initSqlJs, { type SqlValue } from 'sql.js';
import { afterAll, beforeAll, describe } from 'vitest';
import { startMariadb } from '../../../../scripts/mariadb.mjs';
import { startPostgres } from '../../../../scripts/postgres.mjs';
import { createRunner, type Dialect, type Runner, type SqliteDriver } from '../src/index.js';

/** A real database for the tests of a file. */
export interface TestDatabase {
  readonly dialect: Dialect;
  /** A runner over it, with a deadline of half a second for transactions. */
  runner(): Runner;
  /** Whether it has connections of their own for transactions. */
  readonly pool: boolean;
}

type Opened = { readonly runner: Runner; close(): unknown };

/** Runs the tests in `body` on every database that can be had. */
export function onEach(body: (db: TestDatabase) => void): void {
  describe('PostgreSQL', async () => {
    const server = await startPostgres();
    if (server.skipped !== undefined) return skipped(server.skipped);
    afterAll(() => server.stop());
    held('postgres', true, body, async () => {
      const pool = new pg.Pool({ connectionString: server.url, max: 4 });
      const close = () => {
        // The server may go before it has read the farewell of an idle client.
        pool.on('error', () => {});
        return pool.end();
      };
      return { runner: createRunner(pool, { deadline: '500ms' }), close };
    });
  });
  describe('PGlite', () => {
    held('postgres', false, body, async () => {
      const lite = await openPglite();
      return { runner: createRunner(lite, { deadline: '500ms' }), close: () => lite.close() };
    });
  });
  describe('MariaDB', async () => {
    const server = await startMariadb();
    if (server.skipped !== undefined) return skipped(server.skipped);
    afterAll(() => server.stop());
    for (const mode of ['STRICT_TRANS_TABLES', 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES,ANSI_QUOTES']) {
      describe(mode, () => held('mysql', true, body, () => openMariadb(server.socket, mode)));
    }
  });
  describe('SQLite', () => {
    held('sqlite', false, body, openSqlJs);
  });
  if ('sqlite' in process.versions) {
    describe('node:sqlite', () => {
      held('sqlite', false, body, openNodeSqlite);
    });
  }
}

function held(
  dialect: Dialect,
  pool: boolean,
  body: (db: TestDatabase) => void,
  open: () => Promise<Opened>,
): void {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());
  body({ dialect, pool, runner: () => opened.runner });
}

function skipped(why: string): void {
  describe.skip(why, () => {});
}

async function openMariadb(socketPath: string, mode: string): Promise<Opened> {
  const admin = createPool({ socketPath, user: 'root' });
  await admin.query('SET GLOBAL sql_mode = ?', [mode]);
  await admin.query('DROP DATABASE IF EXISTS test');
  await admin.query('CREATE DATABASE test CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin');
  await admin.end();
  const pool = createPool({ socketPath, user: 'root', database: 'test', connectionLimit: 4 });
  return {
    runner: createRunner(pool, { dialect: 'mysql', deadline: '500ms' }),
    close: () => pool.end(),
  };
}

/** One initialised folder serves all: it takes seconds to make. */
async function openPglite(): Promise<PGlite> {
  const { openPglite: prepare } = await import('../../../stores/postgres/src/pglite.js');
  const dump = join(tmpdir(), `secapi-pglite-${process.versions.node}.tar.gz`);
  await (await prepare({ folder: 'memory', dump })).close();
  return PGlite.create({ loadDataDir: new Blob([readFileSync(dump)]) });
}

async function openSqlJs(): Promise<Opened> {
  const { Database } = await initSqlJs();
  const db = new Database();
  const driver: SqliteDriver = {
    prepare: (text) => ({
      all(...values) {
        const statement = db.prepare(text);
        try {
          statement.bind(values as SqlValue[]);
          const rows: unknown[] = [];
          while (statement.step()) rows.push(statement.getAsObject());
          return rows;
        } finally {
          statement.free();
        }
      },
      run(...values) {
        db.run(text, values as SqlValue[]);
        const [[id] = []] = db.exec('SELECT last_insert_rowid()')[0]?.values ?? [];
        return { changes: db.getRowsModified(), lastInsertRowid: Number(id) };
      },
    }),
  };
  return sqlite(driver, () => db.close());
}

async function openNodeSqlite(): Promise<Opened> {
  const name = 'node:sqlite'; // unknown to the types of the oldest Node that is supported
  const { DatabaseSync } = (await import(name)) as {
    DatabaseSync: new (file: string) => SqliteDriver & { close(): void };
  };
  const db = new DatabaseSync(':memory:');
  return sqlite(db, () => db.close());
}

function sqlite(driver: SqliteDriver, close: () => void): Opened {
  return { runner: createRunner(driver, { dialect: 'sqlite', deadline: '500ms' }), close };
}
