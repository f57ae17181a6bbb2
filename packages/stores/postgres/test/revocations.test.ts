import { expect, it } from 'vitest';
import {
  type Database,
  DatabaseError,
  type PostgresRevocationsOptions,
  postgresRevocations,
} from '../src/index.js';
import { onBoth, onServer, type TestDatabase } from './databases.js';

const start = 1_800_000_000_000;
const claims = { jti: 'token', sid: 'session', sub: 'ann', iat: start / 1_000 };
const ended = { kind: 'session', id: 'session', at: start, until: start + 900_000 } as const;

/** A process with a clock and a ticker of its own. */
function processOn(db: Database, options: PostgresRevocationsOptions = {}) {
  let time = start;
  let tick = (): void => {};
  const store = postgresRevocations(db, {
    now: () => time,
    every(run) {
      tick = run;
      return () => {
        tick = () => {};
      };
    },
    ...options,
  });
  return {
    store,
    tick: async () => {
      tick();
      await store.refresh();
    },
    later: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

/** A database that can be made to fail. */
function breakable(db: Database): { db: Database; broken: boolean; asked: number } {
  const handle = {
    broken: false,
    asked: 0,
    db: {
      ...db,
      async query<T>(text: string, values?: readonly unknown[]): Promise<{ rows: T[] }> {
        handle.asked += 1;
        if (handle.broken) throw new DatabaseError('DATABASE_UNAVAILABLE', 'cut');
        return db.query<T>(text, values);
      },
    },
  };
  return handle;
}

onBoth((test: TestDatabase) => {
  it('answers at once while its mirror is fresh', async () => {
    const db = await test.fresh();
    const { store } = processOn(db);
    await store.start();
    expect(store.isRevoked(claims)).toBe(false);
    await store.revoke(ended);
    expect(store.isRevoked(claims)).toBe(true);
    await store.close();
    await db.close();
  });

  it('tells other processes at their next poll, and new ones at their start', async () => {
    const db = await test.fresh();
    const [here, there] = [processOn(db), processOn(await test.another())];
    await Promise.all([here.store.start(), there.store.start()]);
    await here.store.revoke(ended);
    expect(there.store.isRevoked(claims)).toBe(false);
    await there.tick();
    expect(there.store.isRevoked(claims)).toBe(true);
    const newcomer = processOn(db);
    await newcomer.store.start();
    expect(newcomer.store.isRevoked(claims)).toBe(true);
    await Promise.all([here.store.close(), there.store.close(), newcomer.store.close()]);
    await db.close();
  });

  it('asks the table before it has started, rather than say no', async () => {
    const db = await test.fresh();
    await processOn(db).store.revoke(ended);
    expect(await processOn(db).store.isRevoked(claims)).toBe(true);
    await db.close();
  });

  it('gives no verdict from a mirror that is too old, and goes on when the table is back', async () => {
    const handle = breakable(await test.fresh());
    const here = processOn(handle.db);
    await here.store.start();
    handle.broken = true;
    here.later(10_000);
    expect(here.store.isRevoked(claims)).toBe(false);
    here.later(1);
    await expect(here.store.isRevoked(claims)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    handle.broken = false;
    await processOn(handle.db).store.revoke(ended);
    expect(await here.store.isRevoked(claims)).toBe(true);
    await here.store.close();
    await handle.db.close();
  });

  it('counts a revocation here even when the table can’t be written, and says that it can’t', async () => {
    const handle = breakable(await test.fresh());
    const { store } = processOn(handle.db);
    await store.start();
    handle.broken = true;
    await expect(store.revoke(ended)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(store.isRevoked(claims)).toBe(true);
    await handle.db.close();
  });

  it('polls once at a time and not at all after its end', async () => {
    const handle = breakable(await test.fresh());
    let tick = (): void => {};
    const store = postgresRevocations(handle.db, {
      now: () => start,
      every(run, milliseconds) {
        expect(milliseconds).toBe(500);
        tick = run;
        return () => {
          tick = () => {};
        };
      },
    });
    await store.start();
    const before = handle.asked;
    for (let i = 0; i < 5; i++) tick();
    await store.refresh();
    expect(handle.asked - before).toBe(1);
    await store.close();
    tick();
    expect(handle.asked - before).toBe(1);
    await handle.db.close();
  });

  it('sweeps out what has ended', async () => {
    const db = await test.fresh();
    const here = processOn(db);
    await here.store.start();
    await here.store.revoke(ended);
    await here.store.revoke({ ...ended, kind: 'token', id: 'other', until: start + 2_000_000 });
    here.later(900_000);
    await here.tick();
    await expect
      .poll(async () => (await db.query('SELECT id FROM secapi_revocation')).rows)
      .toEqual([{ id: 'other' }]);
    await here.store.close();
    await db.close();
  });

  it('refuses entries and options that make no sense', async () => {
    const db = await test.fresh();
    const { store } = processOn(db);
    await expect(store.revoke({ ...ended, until: Number.NaN })).rejects.toThrow(/revocation.until/);
    expect(() => postgresRevocations(db, { pollEvery: '0ms' })).toThrow(/pollEvery/);
    expect(() => postgresRevocations(db, { pollEvery: '8s' })).toThrow(/maxAge/);
    expect(() => postgresRevocations(db, JSON.parse('{"poll":1}'))).toThrow(/is not an option/);
    await db.close();
  });
});

onServer((test) => {
  it('misses nothing that commits late, after a later one was seen', async () => {
    const [db, other] = [await test.fresh(), await test.another()];
    const here = processOn(db);
    await here.store.start();
    await other.transaction(async (tx) => {
      await processOn(tx).store.revoke(ended);
      await processOn(db).store.revoke({ ...ended, kind: 'token', id: 'another token' });
      await here.tick();
      expect(here.store.isRevoked({ ...claims, jti: 'another token' })).toBe(true);
      expect(here.store.isRevoked(claims)).toBe(false);
    });
    await here.tick();
    expect(here.store.isRevoked(claims)).toBe(true);
    await here.store.close();
    await Promise.all([db.close(), other.close()]);
  });
});
