import { SecapiError } from '@secapi/kernel';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createRunner, type SqlDriver, SqlFailedError, sql } from '../src/index.js';

/** A driver that answers with what it was asked. */
const echo = (rows: unknown[] = [{ id: 1 }]) => {
  const asked: [string, unknown[]][] = [];
  const driver: SqlDriver = {
    async query(text, values) {
      asked.push([text, values]);
      return { rows };
    },
  };
  return { asked, driver };
};

describe('createRunner', () => {
  it('sends text and values apart', async () => {
    const { asked, driver } = echo();
    const rows = await createRunner(driver).query<{ id: number }>(
      sql`SELECT id FROM posts WHERE title = ${"x' OR 1=1"}`,
    );
    expectTypeOf(rows).toEqualTypeOf<{ id: number }[]>();
    expect(rows).toEqual([{ id: 1 }]);
    expect(asked).toEqual([['SELECT id FROM posts WHERE title = $1', ["x' OR 1=1"]]]);
  });

  it('writes question marks where the driver wants them', async () => {
    const { asked, driver } = echo();
    const execute = async (text: string, values: unknown[]): Promise<[unknown, unknown]> => {
      const { rows } = await driver.query(text, values);
      return [rows, undefined];
    };
    await createRunner({ execute }, { dialect: 'mysql' }).query(sql`SELECT ${1}, ${2}`);
    expect(asked).toEqual([['SELECT ?, ?', [1, 2]]]);
  });

  it.each([
    ['SELECT 1'],
    [{ text: 'DROP TABLE posts', sql: 'DROP TABLE posts', values: [] }],
    [JSON.parse('{"text":"DROP TABLE posts","values":[]}')],
    [Object.create(sql`SELECT 1`)],
    [undefined],
  ])('runs nothing but a genuine query (%#)', async (query) => {
    const { asked, driver } = echo();
    // the types refuse them all, so that only a cast gets here
    await expect(createRunner(driver).query(query as ReturnType<typeof sql>)).rejects.toMatchObject({
      code: 'SQL_NOT_A_QUERY',
    });
    expect(asked).toEqual([]);
  });

  it('has a type that takes no string', () => {
    expectTypeOf<Parameters<ReturnType<typeof createRunner>['query']>[0]>().not.toEqualTypeOf<string>();
    expectTypeOf<string>().not.toExtend<ReturnType<typeof sql>>();
    expectTypeOf<{ text: string; sql: string; values: unknown[] }>().not.toExtend<ReturnType<typeof sql>>();
  });

  it('gives one row, none, or an error for two', async () => {
    expect(await createRunner(echo().driver).one(sql`SELECT 1`)).toEqual({ id: 1 });
    expect(await createRunner(echo([]).driver).one(sql`SELECT 1`)).toBeUndefined();
    await expect(createRunner(echo([1, 2]).driver).one(sql`SELECT 1`)).rejects.toMatchObject({
      code: 'SQL_TOO_MANY_ROWS',
    });
  });

  it("keeps a refusal's codes and names and nothing of its values", async () => {
    const failing: SqlDriver = {
      async query() {
        throw Object.assign(new Error('duplicate key: canary'), {
          code: '23505',
          constraint: 'users_email_key',
          detail: 'Key (email)=(canary@example.com) already exists.',
          table: 'canary; no name',
        });
      },
    };
    const error = await createRunner(failing)
      .query(sql`INSERT INTO users (email) VALUES (${'canary@example.com'})`)
      .catch((caught: unknown) => caught);
    if (!(error instanceof SqlFailedError)) throw new Error('was not refused as it should be');
    expect(error.code).toBe('SQL_FAILED');
    expect(error.failure).toEqual({ state: '23505', constraint: 'users_email_key' });
    expect(error.text).toBe('INSERT INTO users (email) VALUES ($1)');
    expect(`${error.stack}${JSON.stringify(error)}${error.cause}`).not.toContain('canary');
  });

  it.each([null, 'text', 5, {}, { code: 7 }])('wraps a driver that throws %j', async (thrown) => {
    const failing: SqlDriver = {
      query: () => Promise.reject(thrown),
    };
    await expect(createRunner(failing).query(sql`SELECT 1`)).rejects.toMatchObject({
      code: 'SQL_FAILED',
      failure: {},
    });
  });

  it('refuses a driver or an option that it does not know', () => {
    expect(() => createRunner({} as SqlDriver)).toThrow(/runner\.driver has no query function/);
    expect(() => createRunner(echo().driver, { placeholder: 'x' } as object)).toThrow(
      /runner\.placeholder is not an option/,
    );
    expect(() => createRunner(echo().driver, { dialect: 'oracle' as 'postgres' })).toThrow(/runner\.dialect/);
    expect(() => createRunner(echo().driver, { dialect: 'constructor' as 'postgres' })).toThrow(
      /runner\.dialect/,
    );
    expect(() => createRunner(echo().driver, { dialect: 'mysql' as 'postgres' })).toThrow(/has no execute/);
    expect(() => createRunner(echo().driver, { dialect: 'sqlite' as 'postgres' })).toThrow(/has no prepare/);
    expect(() => createRunner(echo().driver, { deadline: 0 })).toThrow(/runner\.deadline/);
  });
});

describe('transaction', () => {
  it('is refused where there is one connection, in which others would write', async () => {
    const client = { ...echo().driver, connect: async () => {}, escapeLiteral: () => '' };
    for (const driver of [echo().driver, client, { ...echo().driver, connect: async () => {} }])
      await expect(createRunner(driver).transaction(async () => {})).rejects.toThrow(/pass a pool/);
  });

  it('runs in that of a driver that has its own, and passes on what its function threw', async () => {
    const { asked, driver } = echo();
    const own = { ...driver, transaction: async (run: (tx: SqlDriver) => Promise<void>) => run(driver) };
    const mine = new Error('mine');
    expect(await createRunner(own).transaction((tx) => tx.query(sql`SELECT 1`))).toEqual([{ id: 1 }]);
    await expect(createRunner(own).transaction(() => Promise.reject(mine))).rejects.toBe(mine);
    expect(asked).toEqual([['SELECT 1', []]]);
    const lazy = { ...driver, transaction: async () => {} };
    await expect(createRunner(lazy).transaction(async () => {})).rejects.toMatchObject({
      code: 'SQL_FAILED',
    });
  });

  it('gives back no connection whose state nobody knows', async () => {
    const released: unknown[] = [];
    const client = {
      query: async (text: string) => {
        if (text !== 'BEGIN') throw new Error('broken');
        return { rows: [] };
      },
      release: (destroy?: boolean) => void released.push(destroy),
    };
    const pool = { ...echo().driver, connect: async () => client };
    await expect(createRunner(pool).transaction(async () => {})).rejects.toMatchObject({ text: 'COMMIT' });
    expect(released).toEqual([true]);
  });
});

it.each([
  [{ code: 'ECONNREFUSED' }, '08006'],
  [new Error('Connection terminated unexpectedly'), '08006'],
  [{ code: 'ER_LOCK_DEADLOCK', sqlState: '40001' }, '40P01'],
  [{ code: 'SQLITE_BUSY' }, '55P03'],
  [{ code: 'ER_PARSE_ERROR', sqlState: '42000' }, '42000'],
])('says of %o in the words of SQL that it is %s', async (thrown, state) => {
  const failing = createRunner({ query: () => Promise.reject(thrown) });
  await expect(failing.query(sql`SELECT 1`)).rejects.toMatchObject({ code: 'SQL_FAILED', sqlState: state });
});

it('passes on the coded error of a store, so that a database out of reach is not taken for a refused query', async () => {
  const down = new SecapiError('DATABASE_UNAVAILABLE', 'the database is out of reach');
  const runner = createRunner({ query: () => Promise.reject(down) });
  await expect(runner.query(sql`SELECT 1`)).rejects.toBe(down);
});
