import { createServer, type Server } from 'node:net';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { type Database, DatabaseError, fromPg, fromPglite, pgPoolOptions, ping } from '../src/index.js';
import { onBoth, onServer } from './databases.js';

async function failureOf(promise: Promise<unknown>): Promise<DatabaseError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseError)) throw new Error(`no DatabaseError: ${String(error)}`);
  return error;
}

onBoth((test) => {
  async function withTable(): Promise<Database> {
    const db = await test.fresh();
    await db.query('CREATE TABLE thing (id integer PRIMARY KEY, note text)');
    return db;
  }
  const ids = async (db: Database): Promise<number[]> => {
    const { rows } = await db.query<{ id: number }>('SELECT id FROM thing ORDER BY id');
    return rows.map(({ id }) => id);
  };

  it('gives 64-bit integers as numbers where they are safe, and as bigint where they are not', async () => {
    const db = await withTable();
    const { rows } = await db.query(
      'SELECT count(*) AS n, 9007199254740993::bigint AS big, now() AS at, 1.5::float8 AS f, \'{"a":1}\'::jsonb AS j FROM thing',
    );
    expect(rows).toEqual([{ n: 0, big: 9007199254740993n, at: expect.any(Date), f: 1.5, j: { a: 1 } }]);
    await db.close();
  });

  it('commits what a transaction wrote, and nothing of one that threw', async () => {
    const db = await withTable();
    const result = await db.transaction(async (tx) => {
      await tx.query('INSERT INTO thing VALUES ($1, $2)', [1, 'a']);
      return 'done';
    });
    expect(result).toBe('done');
    const own = new Error('mine');
    await expect(
      db.transaction(async (tx) => {
        await tx.query('INSERT INTO thing VALUES (2)');
        throw own;
      }),
    ).rejects.toBe(own);
    expect(await ids(db)).toEqual([1]);
    await db.close();
  });

  it('rejects when a statement failed and the function went on as if it had not', async () => {
    const db = await withTable();
    const swallowed = db.transaction(async (tx) => {
      await tx.query('INSERT INTO thing VALUES (1)');
      await tx.query('SELECT 1 / 0').catch(() => {});
      return 'fine';
    });
    expect((await failureOf(swallowed)).sqlState).toBe('22012');
    expect(await ids(db)).toEqual([]);
    await db.close();
  });

  it('takes back a transaction within one, and leaves the outer one alone', async () => {
    const db = await withTable();
    await db.transaction(async (tx) => {
      await tx.query('INSERT INTO thing VALUES (1)');
      await tx
        .transaction(async (inner) => {
          await inner.query('INSERT INTO thing VALUES (2)');
          await inner.query('INSERT INTO thing VALUES (1)');
        })
        .catch(() => {});
      await tx.transaction((inner) => inner.query('INSERT INTO thing VALUES (3)'));
    });
    expect(await ids(db)).toEqual([1, 3]);
    await db.close();
  });

  it('refuses a handle after its transaction ended', async () => {
    const db = await withTable();
    let kept: Database | undefined;
    await db.transaction(async (tx) => {
      kept = tx;
    });
    expect((await failureOf(kept?.query('SELECT 1') ?? Promise.resolve())).code).toBe('DATABASE_CLOSED');
    await db.close();
  });

  it('ends a transaction that is late, without its writes, and goes on', async () => {
    const db = await withTable();
    const late = db.transaction(
      async (tx) => {
        await tx.query('INSERT INTO thing VALUES (1)');
        await new Promise(() => {});
      },
      { deadline: '50ms' },
    );
    expect((await failureOf(late)).code).toBe('DATABASE_DEADLINE');
    expect(await ids(db)).toEqual([]);
    await db.query('INSERT INTO thing VALUES (1)');
    await ping(db);
    await db.close();
  });

  it('never quotes a value in an error, and still says what went wrong', async () => {
    const db = await withTable();
    await db.query('INSERT INTO thing VALUES (1)');
    await db.query('CREATE UNIQUE INDEX thing_note ON thing (note)');
    await db.query('INSERT INTO thing VALUES ($1, $2)', [2, 'canary']);
    const failures = [
      await failureOf(db.query('INSERT INTO thing VALUES ($1, $2)', [3, 'canary'])),
      await failureOf(db.query('SELECT $1::integer', ['canary'])),
      await failureOf(db.query('SELECT nothing FROM thing WHERE note = $1', ['canary'])),
      await failureOf(db.query('SELECT $1::boolean AS b', [{ toJSON: () => 'canary' }])),
    ];
    expect(failures.map(({ code, constraint }) => [code, constraint])).toEqual([
      ['DATABASE_CONFLICT', 'thing_note'],
      ['DATABASE_REFUSED', undefined],
      ['DATABASE_REFUSED', undefined],
      ['DATABASE_REFUSED', undefined],
    ]);
    expect(failures[2]?.message).toContain('column "nothing" does not exist');
    for (const failure of failures) {
      expect(failure.cause).toBeUndefined();
      expect(`${failure.stack} ${JSON.stringify(failure)}`).not.toContain('canary');
    }
    await db.close();
  });
});

onServer((test, { url }) => {
  const deadline = '150ms';
  const connect = (): Database =>
    fromPg(new pg.Pool({ connectionString: url, max: 1, ...pgPoolOptions({ deadline }) }), { deadline });

  it('ends a statement that takes too long on the server as well, and the next one works', async () => {
    const db = connect();
    const failure = await failureOf(db.query("SELECT pg_sleep(30) /* secapi's long one */"));
    expect(failure.code).toBe('DATABASE_DEADLINE');
    expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    const observer = await test.fresh();
    await expect
      .poll(async () => {
        const { rows } = await observer.query(
          "SELECT pid FROM pg_stat_activity WHERE query LIKE '%long one%' AND state = 'active' AND pid <> pg_backend_pid()",
        );
        return rows;
      })
      .toEqual([]);
    await Promise.all([db.close(), observer.close()]);
  });

  it('does not wait for ever for a free connection', async () => {
    const db = connect();
    let letGo = (): void => {};
    const busy = db.transaction(
      () =>
        new Promise<void>((resolve) => {
          letGo = resolve;
        }),
      { deadline: '10s' },
    );
    expect((await failureOf(db.query('SELECT 1'))).code).toMatch(/DATABASE_(?:DEADLINE|UNAVAILABLE)/);
    letGo();
    await busy;
    await ping(db);
    await db.close();
  });

  it('survives the end of its idle connections and of one within a transaction', async () => {
    const db = connect();
    const observer = await test.fresh();
    const pid = async (on: Database): Promise<unknown> =>
      (await on.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
    await observer.query('SELECT pg_terminate_backend($1)', [await pid(db)]);
    await expect
      .poll(() =>
        ping(db).then(
          () => 'up',
          () => 'down',
        ),
      )
      .toBe('up');
    const cut = db.transaction(async (tx) => {
      await observer.query('SELECT pg_terminate_backend($1)', [await pid(tx)]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await tx.query('SELECT 1');
    });
    expect((await failureOf(cut)).code).toBe('DATABASE_UNAVAILABLE');
    await ping(db);
    await Promise.all([db.close(), observer.close()]);
  });

  it('says so when it was closed', async () => {
    const db = connect();
    await db.close();
    expect((await failureOf(db.query('SELECT 1'))).code).toBe('DATABASE_CLOSED');
  });
});

describe('a server that is not there', () => {
  let silent: Server | undefined;
  afterEach(() => silent?.close());

  it('is reported at once when nothing listens', async () => {
    const db = fromPg(new pg.Pool({ host: '127.0.0.1', port: 1 }));
    expect((await failureOf(db.query('SELECT 1'))).code).toBe('DATABASE_UNAVAILABLE');
    await db.close();
  });

  it('is given up at the deadline when it accepts and never answers', async () => {
    const sockets: { destroy(): void }[] = [];
    silent = createServer((socket) => sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => silent?.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const db = fromPg(new pg.Pool({ host: '127.0.0.1', port }), { deadline: '100ms' });
    expect((await failureOf(ping(db))).code).toBe('DATABASE_DEADLINE');
    expect((await failureOf(db.transaction((tx) => tx.query('SELECT 1')))).code).toBe('DATABASE_DEADLINE');
    for (const socket of sockets) socket.destroy();
    await db.close();
  });
});

describe('options', () => {
  const pool = { connect: () => Promise.reject(new Error('no')), end: async () => {}, on: () => {} };
  it('are refused when they are unknown or out of bounds', () => {
    expect(() => fromPg(pool, { deadline: '0s' })).toThrow(/fromPg.deadline/);
    expect(() => fromPg(pool, JSON.parse('{"timeout":5}'))).toThrow(/fromPg.timeout is not an option/);
    expect(() => pgPoolOptions({ deadline: Number.NaN })).toThrow(/pgPoolOptions.deadline/);
    const lite = { query: async () => ({ rows: [] }), transaction: async () => {}, close: async () => {} };
    expect(() => fromPglite(lite, JSON.parse('{"deadline":"soon"}'))).toThrow(/fromPglite.deadline/);
  });
});
