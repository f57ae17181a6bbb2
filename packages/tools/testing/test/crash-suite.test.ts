import { describe, expect, it } from 'vitest';
import {
  crashSuite,
  createFaults,
  type Faults,
  faultyClient,
  faultyDatabase,
  InjectedFault,
  type Operation,
  type SqlDatabase,
  type Storm,
  stormSuite,
} from '../src/index.js';

/** Runs a suite and says which of its tests failed. */
async function failuresOf(suite: (runner: Parameters<typeof crashSuite>[0]) => void): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  suite({ describe: (_, body) => body(), it: (title, body) => tests.push([title, body]), expect });
  const failed: string[] = [];
  for (const [title, body] of tests) await body().catch(() => failed.push(title.split(':')[0] ?? ''));
  return failed;
}

/** A server with two registers, each of which is written on its own. */
function registers() {
  const values = new Map<string, number>();
  return {
    values,
    get: async (name: string) => values.get(name) ?? 0,
    set: async (name: string, value: number) => void values.set(name, value),
    add: async () => void values.set('a', (values.get('a') ?? 0) + 1),
    both: async (value: number) => void values.set('a', value).set('b', value),
  };
}
type Registers = ReturnType<typeof registers>;

const raise = (title: string, run: (client: Registers) => Promise<unknown>): Operation<Registers> => ({
  title,
  prepare: (client) => client.both(1),
  run,
  look: async (client) => [await client.get('a'), await client.get('b')],
});

const make = async (faults: Faults) => ({
  store: faultyClient(registers(), faults, ['get', 'set', 'both']),
  close: async () => {},
});

describe('the crash suite', () => {
  it('passes what is one step, and catches what is two, in either order', async () => {
    const operations = [
      raise('one step', (client) => client.both(2)),
      raise('a read and a step', async (client) => client.both((await client.get('a')) + 1)),
      raise('two steps', async (client) => {
        await client.set('a', 2);
        await client.set('b', 2);
      }),
      raise('two steps at once', (client) => Promise.all([client.set('a', 2), client.set('b', 2)])),
      raise('undoes what failed', async (client) => {
        await client.set('a', 2);
        await client.set('b', 2).catch(() => client.both(1));
      }),
      raise('says that it failed, and tidies up, if it can', async (client) => {
        await client.set('a', 2);
        await client.set('b', 2).catch(async (error) => {
          await client.both(1);
          throw error;
        });
      }),
      raise('hides a failure', (client) => client.both(2).catch(() => {})),
    ];
    expect(await failuresOf((runner) => crashSuite(runner, operations, make))).toEqual([
      'two steps',
      'two steps at once',
      'undoes what failed',
      'says that it failed, and tidies up, if it can',
      'hides a failure',
    ]);
  });

  it('catches a race under a failure, and passes what has none', async () => {
    const count = (title: string, run: (client: Registers) => Promise<unknown>): Storm<Registers> => ({
      title,
      prepare: (client) => client.both(0),
      run,
      async judge(runnersExpect, answers, client) {
        const done = answers.filter((answer) => answer !== 'rejected').length;
        const seen = await client.get('a');
        runnersExpect(seen === done || seen === done + 1).toEqual(true);
      },
    });
    const storms = [
      count('one step', (client) => client.add()),
      count('a read and a write', async (client) => client.set('a', (await client.get('a')) + 1)),
      count('retries a lost answer blindly', (client) => client.add().catch(() => client.add())),
    ];
    const failures = await failuresOf((runner) =>
      stormSuite(runner, storms, async (faults) => ({
        store: faultyClient(registers(), faults, ['get', 'set', 'add']),
        close: async () => {},
      })),
    );
    expect(failures).toEqual(['a read and a write', 'retries a lost answer blindly']);
  });

  it('lets the faults of its steps be counted from 1', () => {
    for (const at of [0, -1, 0.5, Number.NaN]) {
      expect(() => createFaults().arm(at, 'before')).toThrow(RangeError);
    }
  });
});

describe('a faulty database', () => {
  /** What reached a database that keeps a log. */
  function logged(): { db: SqlDatabase; log: string[] } {
    const log: string[] = [];
    const db: SqlDatabase = {
      async query(text) {
        log.push(text);
        return { rows: [] };
      },
      async transaction(run) {
        log.push('BEGIN');
        try {
          const result = await run(db);
          log.push('COMMIT');
          return result;
        } catch (error) {
          log.push('ROLLBACK');
          throw error;
        }
      },
      async close() {},
    };
    return { db, log };
  }

  it.each([
    [1, 'before', []],
    [1, 'outage', []],
    [2, 'before', ['BEGIN', 'ROLLBACK']],
    [2, 'after', ['BEGIN', 'one', 'ROLLBACK']],
    [3, 'after', ['BEGIN', 'one', 'two', 'ROLLBACK']],
    [4, 'before', ['BEGIN', 'one', 'two', 'ROLLBACK']],
    [4, 'after', ['BEGIN', 'one', 'two', 'COMMIT']],
  ] as const)('fails at step %i of a transaction, %s it', async (at, moment, expected) => {
    const { db, log } = logged();
    const faults = createFaults();
    faults.arm(at, moment);
    const work = faultyDatabase(db, faults).transaction(async (tx) => {
      await tx.query('one');
      await tx.query('two');
    });
    await expect(work).rejects.toThrow(InjectedFault);
    expect(faults.disarm()).toBe(true);
    expect(log).toEqual(expected);
  });

  it('lets nobody commit what went on after a failure', async () => {
    const { db, log } = logged();
    const faults = createFaults();
    faults.arm(2, 'before');
    const work = faultyDatabase(db, faults).transaction(async (tx) => {
      await tx.query('one').catch(() => {});
      await tx.query('two').catch(() => {});
    });
    await expect(work).rejects.toThrow(InjectedFault);
    expect(log).toEqual(['BEGIN', 'ROLLBACK']);
  });

  it('does everything when nothing is armed, or the fault lies beyond', async () => {
    const { db, log } = logged();
    const faults = createFaults();
    faults.arm(9, 'before');
    await faultyDatabase(db, faults).transaction(async (tx) => {
      await tx.query('one');
      await tx.transaction((inner) => inner.query('two'));
    });
    expect(faults.disarm()).toBe(false);
    expect(log).toEqual(['BEGIN', 'one', 'BEGIN', 'two', 'COMMIT', 'COMMIT']);
  });
});
