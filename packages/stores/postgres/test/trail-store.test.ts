import { createTrail, type SecurityEvent } from '@secapi/audit';
import { expect, it } from 'vitest';
import { postgresTrailStore } from '../src/index.js';
import { onBoth } from './databases.js';

const failed = (actor: string): SecurityEvent => ({ event: 'authn_login_fail', outcome: 'failure', actor });

onBoth((test) => {
  it('keeps one whole chain under 20 parallel writers on two connections', async () => {
    const [one, two] = [await test.fresh(), await test.another()];
    const trails = Array.from({ length: 20 }, (_, i) =>
      createTrail({ store: postgresTrailStore(i % 2 ? one : two) }),
    );
    await Promise.all(
      trails.map(async (trail, i) => {
        for (let round = 0; round < 5; round++) await trail.append([failed(`${i}`), failed(`${i}`)]);
      }),
    );
    const verdict = await createTrail({ store: postgresTrailStore(one) }).verify();
    expect(verdict).toMatchObject({ ok: true, entries: 200 });
    await Promise.all([one.close(), two.close()]);
  });

  it('refuses to change, delete or truncate an entry', async () => {
    const db = await test.fresh();
    await createTrail({ store: postgresTrailStore(db) }).append([failed('ann')]);
    for (const statement of [
      `UPDATE secapi_trail SET entry = '{}'`,
      'DELETE FROM secapi_trail',
      'TRUNCATE secapi_trail',
      `INSERT INTO secapi_trail SELECT * FROM secapi_trail ON CONFLICT (position) DO UPDATE SET entry = '{}'`,
    ]) {
      await expect(db.query(statement)).rejects.toMatchObject({ sqlState: '23001' });
    }
    expect(await createTrail({ store: postgresTrailStore(db) }).verify()).toMatchObject({
      ok: true,
      entries: 1,
    });
    await db.close();
  });

  it('has the entry found that somebody changed with the trigger off', async () => {
    const db = await test.fresh();
    const trail = createTrail({ store: postgresTrailStore(db) });
    await trail.append([failed('ann'), failed('bob'), failed('eve')]);
    const { items } = await trail.list({ limit: 3 });
    await db.query('ALTER TABLE secapi_trail DISABLE TRIGGER secapi_trail_append_only');
    await db.query(`UPDATE secapi_trail SET entry = replace(entry::text, 'bob', 'tom')::json`);
    expect(await trail.verify()).toEqual({ ok: false, at: items[1]?.id, reason: 'altered' });
    await db.close();
  });

  it('appends as a part of the caller’s transaction', async () => {
    const db = await test.fresh();
    await db.query('CREATE TABLE post (id integer)');
    const write = (id: number, fails: boolean): Promise<void> =>
      db.transaction(async (tx) => {
        await tx.query('INSERT INTO post VALUES ($1)', [id]);
        await createTrail({ store: postgresTrailStore(tx) }).append([failed(`${id}`)]);
        if (fails) throw new Error('no');
      });
    await write(1, false);
    await expect(write(2, true)).rejects.toThrow('no');
    const { items } = await postgresTrailStore(db).list({ limit: 10 });
    expect(items.map(({ actor }) => actor)).toEqual(['1']);
    expect((await db.query('SELECT id FROM post')).rows).toEqual([{ id: 1 }]);
    expect(await createTrail({ store: postgresTrailStore(db) }).verify()).toMatchObject({
      ok: true,
      entries: 1,
    });
    await db.close();
  });

  it('reads a trail that is longer than one read', async () => {
    const db = await test.fresh();
    const trail = createTrail({ store: postgresTrailStore(db) });
    await trail.append(Array.from({ length: 1_201 }, (_, i) => failed(`${i}`)));
    expect(await trail.verify()).toMatchObject({ ok: true, entries: 1_201 });
    await db.close();
  });
});
