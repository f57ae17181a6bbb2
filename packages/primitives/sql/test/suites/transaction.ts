import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Runner, sql } from '../../src/index.js';
import type { TestDatabase } from '../databases.js';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const add = (db: Runner, id: number) => db.execute(sql`INSERT INTO step (id) VALUES (${id})`);

/** Transactions, savepoints and what ends them. */
export function transactionSuite(database: TestDatabase): void {
  const db = () => database.runner();
  const ids = async () =>
    (await db().query<{ id: number }>(sql`SELECT id FROM step ORDER BY id`)).map(({ id }) => id);

  describe('transaction', () => {
    beforeAll(async () => {
      await db().execute(sql`CREATE TABLE step (id integer PRIMARY KEY)`);
    });
    beforeEach(async () => {
      await db().execute(sql`DELETE FROM step`);
    });

    it('commits what its function did, and gives its result', async () => {
      const result = await db().transaction(async (tx) => {
        expect((await add(tx, 1)).affected).toBe(1);
        expect(await tx.one(sql`SELECT id FROM step`)).toEqual({ id: 1 });
        return 'done';
      });
      expect([result, await ids()]).toEqual(['done', [1]]);
    });

    it('rolls back when its function throws, with that error', async () => {
      const mine = new Error('mine');
      const work = db().transaction(async (tx) => {
        await add(tx, 1);
        throw mine;
      });
      await expect(work).rejects.toBe(mine);
      expect(await ids()).toEqual([]);
    });

    it('rolls back when a statement failed, even if the function went on', async () => {
      let after: unknown;
      const work = db().transaction(async (tx) => {
        await add(tx, 1);
        await add(tx, 1).catch(() => {});
        after = await add(tx, 2).catch((error: unknown) => error);
      });
      await expect(work).rejects.toMatchObject({ code: 'SQL_FAILED', sqlState: '23505' });
      expect(after).toMatchObject({ code: 'SQL_FAILED', sqlState: '23505' });
      expect(await ids()).toEqual([]);
    });

    it('undoes in a transaction within it what failed there, and nothing else', async () => {
      await db().transaction(async (tx) => {
        await add(tx, 1);
        const inner = tx.transaction(async (nested) => {
          await add(nested, 2);
          await nested.transaction((deeper) => add(deeper, 3));
          await add(nested, 1);
        });
        await expect(inner).rejects.toMatchObject({ sqlState: '23505' });
        await tx.transaction(async (nested) => {
          await add(nested, 4);
          await expect(nested.transaction((deeper) => add(deeper, 4))).rejects.toMatchObject({
            code: 'SQL_FAILED',
          });
          await nested.transaction((deeper) => add(deeper, 5));
        });
        await add(tx, 6);
      });
      expect(await ids()).toEqual([1, 4, 5, 6]);
    });

    it('refuses its handle after its end, and while one within it is open', async () => {
      let kept: Runner | undefined;
      await db().transaction(async (tx) => {
        kept = tx;
        await tx.transaction(async (nested) => {
          await expect(add(tx, 1)).rejects.toMatchObject({ code: 'SQL_TRANSACTION_BUSY' });
          await expect(tx.transaction(async () => {})).rejects.toMatchObject({
            code: 'SQL_TRANSACTION_BUSY',
          });
          await add(nested, 2);
        });
        await add(tx, 3);
      });
      await expect(kept?.query(sql`SELECT 1`)).rejects.toMatchObject({ code: 'SQL_TRANSACTION_ENDED' });
      await expect(kept?.transaction(async () => {})).rejects.toMatchObject({
        code: 'SQL_TRANSACTION_ENDED',
      });
      expect(await ids()).toEqual([2, 3]);
    });

    it('commits what its function sent and did not wait for, or rolls back with it', async () => {
      await db().transaction(async (tx) => {
        void add(tx, 1);
        void add(tx, 2);
      });
      expect(await ids()).toEqual([1, 2]);
      const work = db().transaction(async (tx) => {
        add(tx, 3).catch(() => {});
        add(tx, 1).catch(() => {});
      });
      await expect(work).rejects.toMatchObject({ sqlState: '23505' });
      expect(await ids()).toEqual([1, 2]);
    });

    it('is rolled back when it is late, and what it sends then reaches nothing', async () => {
      let late: Promise<unknown> = Promise.resolve();
      const work = db().transaction(async (tx) => {
        await add(tx, 1);
        late = wait(700).then(() => add(tx, 2));
        late.catch(() => {});
        await tx.transaction(async () => wait(700));
      });
      await expect(work).rejects.toMatchObject({ code: 'SQL_DEADLINE', sqlState: '25P04' });
      await expect(late).rejects.toMatchObject({ code: 'SQL_TRANSACTION_ENDED' });
      await add(db(), 3);
      expect(await ids()).toEqual([3]);
    });

    it.runIf(database.pool)('does not wait for a statement that hangs: its connection is cut', async () => {
      const begin = performance.now();
      const sleep = database.dialect === 'postgres' ? sql`SELECT pg_sleep(20)` : sql`SELECT SLEEP(20)`;
      const works = [1, 2, 3, 4].map(() =>
        db().transaction(async (tx) => {
          await tx.query(sql`SELECT ${1}`);
          await tx.query(sleep);
        }),
      );
      const outcomes = await Promise.allSettled(works);
      expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
      expect(performance.now() - begin).toBeLessThan(5_000);
      await add(db(), 7); // the pool, of four, has others
    });

    it.runIf(database.pool && database.dialect === 'postgres')(
      'survives a connection that breaks in the middle of it',
      async () => {
        const work = db().transaction(async (tx) => {
          await add(tx, 1);
          await tx.query(sql`SELECT pg_terminate_backend(pg_backend_pid())`);
        });
        await expect(work).rejects.toMatchObject({ sqlState: '57P01' });
        expect(await ids()).toEqual([]);
      },
    );

    it('keeps twenty at once apart', async () => {
      const works = Array.from({ length: 20 }, (_, index) =>
        db().transaction(async (tx) => {
          await add(tx, index);
          await wait(1);
          await add(tx, 100 + index);
          if (index % 2) throw new Error('odd');
        }),
      );
      await Promise.allSettled(works);
      expect(await ids()).toEqual([...even(0), ...even(100)]);
    });

    it('is not run for a plain string either', async () => {
      const work = db().transaction((tx) =>
        tx.query('DELETE FROM step' as unknown as ReturnType<typeof sql>),
      );
      await expect(work).rejects.toMatchObject({ code: 'SQL_NOT_A_QUERY' });
    });
  });
}

const even = (from: number) => Array.from({ length: 10 }, (_, index) => from + 2 * index);
