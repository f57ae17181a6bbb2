import { beforeAll, describe, expect, it } from 'vitest';
import { constraintErrors } from '../../../../core/src/index.js';
import { choose, type Runner, type Sql, type SqlFailedError, sql } from '../../src/index.js';
import type { TestDatabase } from '../databases.js';

/** What a refusal tells, and that it tells nothing of values. */
export function failureSuite(database: TestDatabase): void {
  const db = (): Runner => database.runner();
  const { dialect } = database;

  async function refusal(query: Sql): Promise<SqlFailedError> {
    const error = await db()
      .execute(query)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'SQL_FAILED' });
    const { stack, message, cause } = error as SqlFailedError; // as its code says
    expect(`${stack} ${message} ${JSON.stringify(error)} ${cause}`).not.toContain('canary');
    return error as SqlFailedError;
  }

  describe('a refusal', () => {
    beforeAll(async () => {
      const name = choose(dialect, { postgres: sql`text`, mysql: sql`varchar(100)`, sqlite: sql`text` });
      if (dialect === 'sqlite') await db().execute(sql`PRAGMA foreign_keys = ON`);
      await db().execute(
        sql`CREATE TABLE person (id integer PRIMARY KEY, email ${name} NOT NULL, age integer,
          CONSTRAINT person_email_key UNIQUE (email), CONSTRAINT person_age_check CHECK (age > 0))`,
      );
      await db().execute(
        sql`CREATE TABLE pet (id integer PRIMARY KEY, owner integer,
          CONSTRAINT pet_owner_fkey FOREIGN KEY (owner) REFERENCES person (id))`,
      );
      await db().execute(
        sql`INSERT INTO person (id, email, age) VALUES (${1}, ${'canary@example.org'}, ${5})`,
      );
    });

    it('of a value that is taken says so, in the same way everywhere, and can be answered', async () => {
      const error = await refusal(sql`INSERT INTO person (id, email) VALUES (${2}, ${'canary@example.org'})`);
      const constraint = { postgres: 'person_email_key', mysql: 'person_email_key', sqlite: 'person.email' }[
        dialect
      ];
      expect(error).toMatchObject({ sqlState: '23505', constraint });
      expect(error.text).toMatch(/VALUES \((?:\$1, \$2|\?, \?)\)$/);
      expect(constraintErrors({ [constraint]: 'EMAIL_TAKEN' })(error)).toMatchObject({
        status: 409,
        code: 'EMAIL_TAKEN',
      });
    });

    it.each([
      ['a row that is not there', '23503', sql`INSERT INTO pet (id, owner) VALUES (${1}, ${77})`],
      ['a missing value', '23502', sql`INSERT INTO person (id, email) VALUES (${3}, ${null})`],
      ['a check', '23514', sql`INSERT INTO person (id, email, age) VALUES (${4}, ${'canary'}, ${-1})`],
    ])('of %s has the SQLSTATE %s', async (_title, state, query) => {
      const error = await refusal(query);
      expect(error.sqlState).toBe(state);
      if (state === '23514' || (state === '23503' && dialect !== 'sqlite'))
        expect(error.constraint).toMatch(/^(?:person_age_check|pet_owner_fkey)$/);
    });

    it('of a wrong statement tells where it is wrong in the log, by its text, and no value', async () => {
      const error = await refusal(sql`SELECT nothing FROM person WHERE email = ${'canary'}`);
      expect(error.text).toContain('SELECT nothing FROM person');
      expect(await db().query(sql`SELECT age FROM person`)).toEqual([{ age: 5 }]);
    });

    it('tells of a new row its number, where the database gives one', async () => {
      const { affected, id } = await db().execute(
        sql`INSERT INTO person (id, email) VALUES (${9}, ${'new'})`,
      );
      expect(affected).toBe(1);
      if (dialect === 'sqlite') expect(Number(id)).toBe(9);
      const changed = await db().execute(sql`UPDATE person SET age = ${null} WHERE id IN (${1}, ${9})`);
      expect(changed.affected).toBe(2);
      expect((await db().execute(sql`DELETE FROM person WHERE id = ${9}`)).affected).toBe(1);
    });
  });
}
