import { beforeAll, expect, it } from 'vitest';
import { choose, identifier, like, rows, type SqlValue, sql } from '../../src/index.js';
import type { TestDatabase } from '../databases.js';
import { injections } from './injections.js';

const all = injections(2_000);
/** Scanned for each of them; with SECAPI_LONG all of them. */
const some = process.env.SECAPI_LONG ? all : all.filter((_, index) => index < 20 || index % 50 === 0);
const victims = [
  [1, 'ada', 10],
  [2, 'grace', 20],
] satisfies SqlValue[][];

/** 2,000 strings as values, in patterns and as names: nothing is altered, and what is stored reads back identical. */
export function injectionSuite(database: TestDatabase): void {
  const db = () => database.runner();
  const victim = () => db().query(sql`SELECT id, name, balance FROM victim ORDER BY id`);
  const stored = victims.map(([id, name, balance]) => ({ id, name, balance }));

  beforeAll(async () => {
    const text = choose(database.dialect, {
      postgres: sql`text`,
      mysql: sql`varchar(400)`,
      sqlite: sql`text`,
    });
    await db().execute(sql`CREATE TABLE victim (id integer, name ${text}, balance integer)`);
    await db().execute(sql`CREATE TABLE kept (id integer, content ${text})`);
    await db().execute(sql`INSERT INTO victim (id, name, balance) VALUES ${rows(victims)}`);
  });

  it('keeps 2,000 injections as values, and gives each back as it was', async () => {
    for (let from = 0; from < all.length; from += 250) {
      const batch = all.slice(from, from + 250).map((text, index) => [from + index, text]);
      const { affected } = await db().execute(sql`INSERT INTO kept (id, content) VALUES ${rows(batch)}`);
      expect(affected).toBe(batch.length);
    }
    const back = await db().query<{ id: number; content: string }>(
      sql`SELECT id, content FROM kept ORDER BY id`,
    );
    expect(back.map(({ content }) => content)).toEqual(all);
    expect(await victim()).toEqual(stored);
  });

  it('finds by each of them its own row, and changes no other', async () => {
    for (const text of some) {
      const found = await db().query<{ id: number }>(sql`SELECT id FROM kept WHERE content = ${text}`);
      expect([text, found]).toEqual([text, [{ id: all.indexOf(text) }]]);
      const { affected } = await db().execute(
        sql`UPDATE victim SET balance = balance + 1, name = ${text} WHERE name = ${text}`,
      );
      expect([text, affected]).toEqual([text, 0]);
      expect(
        (
          await db().execute(
            sql`DELETE FROM victim WHERE name = ${text} OR name LIKE ${like.endsWith(`${text}\u0001`)}`,
          )
        ).affected,
      ).toBe(0);
    }
    expect(await victim()).toEqual(stored);
  });

  it('takes each of them for itself in a pattern', async () => {
    // SQLite's LIKE knows no case in ASCII
    const fold = (text: string) =>
      database.dialect === 'sqlite' ? text.replaceAll(/[A-Z]/g, (a) => a.toLowerCase()) : text;
    const folded = all.map(fold);
    for (const text of some) {
      const found = await db().query<{ id: number }>(
        sql`SELECT id FROM kept WHERE content LIKE ${like.contains(text)} ORDER BY id`,
      );
      const expected = folded.flatMap((content, id) => (content.includes(fold(text)) ? [id] : []));
      expect([text, found.map(({ id }) => id)]).toEqual([text, expected]);
      const [begun] = await db().query<{ id: number }>(
        sql`SELECT id FROM kept WHERE content LIKE ${like.startsWith(text)} AND id = ${all.indexOf(text)}`,
      );
      expect(begun?.id).toBe(all.indexOf(text));
    }
  });

  it('quotes a listed name as the database does', async () => {
    const found = await db().query(
      sql`SELECT ${identifier('victim.name', ['victim.name'])} FROM victim ORDER BY ${identifier('balance', ['balance', 'name'])} DESC`,
    );
    expect(found).toEqual([{ name: 'grace' }, { name: 'ada' }]);
  });
}
