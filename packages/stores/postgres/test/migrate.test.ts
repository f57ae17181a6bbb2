import { createRunner, identifier, sql } from '@secapi/sql';
import { expect, it } from 'vitest';
import { type Migration, migrate } from '../src/index.js';
import { ownMigrations } from '../src/migrations.js';
import { onBoth, onServer } from './databases.js';

const own = ownMigrations.map(({ number }) => `secapi/${number}`);
const posts: Migration = {
  number: 1,
  name: 'posts',
  statements: ['CREATE TABLE post (id integer PRIMARY KEY)'],
};
const title: Migration = { number: 3, name: 'titles', statements: ['ALTER TABLE post ADD title text'] };

onBoth((test) => {
  it('applies each migration once, its own first and then the caller’s in order', async () => {
    const db = await test.fresh(); // migrates
    expect(await migrate(db)).toEqual({ applied: [] });
    expect(await migrate(db, [title, posts])).toEqual({ applied: ['app/1', 'app/3'] });
    expect(await migrate(db, [posts, title])).toEqual({ applied: [] });
    const { rows } = await db.query<{ id: string }>(
      "SELECT owner || '/' || number AS id FROM secapi_migration ORDER BY owner DESC, number",
    );
    expect(rows.map(({ id }) => id)).toEqual([...own, 'app/1', 'app/3']);
    await db.close();
  });

  it('leaves the old schema whole when a statement fails', async () => {
    const db = await test.fresh();
    const broken = {
      number: 2,
      name: 'broken',
      statements: ['CREATE TABLE half (id integer)', 'CREATE nonsense'],
    };
    await expect(migrate(db, [posts, broken])).rejects.toMatchObject({ sqlState: '42601' });
    expect((await db.query("SELECT to_regclass('post') AS a, to_regclass('half') AS b")).rows).toEqual([
      { a: null, b: null },
    ]);
    expect(await migrate(db, [posts])).toEqual({ applied: ['app/1'] });
    await db.close();
  });

  it('refuses one that was edited after it ran, and takes a new name for it', async () => {
    const db = await test.fresh();
    await migrate(db, [posts]);
    const edited = { ...posts, statements: ['CREATE TABLE post (id text PRIMARY KEY)'] };
    await expect(migrate(db, [edited])).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
    expect(await migrate(db, [{ ...posts, name: 'the posts' }])).toEqual({ applied: [] });
    await db.close();
  });

  it('refuses a new one that is numbered below one that ran', async () => {
    const db = await test.fresh();
    await migrate(db, [posts, title]);
    const late = { number: 2, name: 'late', statements: ['CREATE TABLE late (id integer)'] };
    await expect(migrate(db, [posts, late, title])).rejects.toMatchObject({ code: 'MIGRATION_OUT_OF_ORDER' });
    await db.close();
  });

  it('accepts a schema that a newer version has taken further', async () => {
    const db = await test.fresh();
    await migrate(db, [posts, title]);
    expect(await migrate(db, [posts])).toEqual({ applied: [] });
    await db.close();
  });

  it('refuses numbers that are none, twice there, or without statements', async () => {
    const db = await test.fresh();
    for (const bad of [
      [{ ...posts, number: 0 }],
      [{ ...posts, number: 1.5 }],
      [posts, posts],
      [{ ...posts, statements: [] }],
    ]) {
      await expect(migrate(db, bad)).rejects.toThrow(/migrate.extra/);
    }
    await db.close();
  });
});

onServer((test) => {
  it('lets one of many processes do the work', async () => {
    const first = await test.fresh();
    const others = await Promise.all(Array.from({ length: 6 }, () => test.another()));
    const { rows } = await first.query<{ name: string }>('SELECT current_schema() AS name');
    const schema = identifier(
      rows[0]?.name ?? '',
      rows.map(({ name }) => name),
    );
    await createRunner(first).execute(sql`DROP SCHEMA ${schema} CASCADE`);
    await createRunner(first).execute(sql`CREATE SCHEMA ${schema}`);
    const reports = await Promise.all([first, ...others].map((db) => migrate(db, [posts])));
    expect(reports.map(({ applied }) => applied).filter(({ length }) => length > 0)).toEqual([
      [...own, 'app/1'],
    ]);
    await Promise.all([first, ...others].map((db) => db.close()));
  });
});
