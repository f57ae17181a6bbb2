import { ConfigError } from '@secapi/kernel';
import { mapped } from './failure.js';
import { type Connection, guarded, nested, overConnection, type Send, type Session } from './session.js';

/** What a runner for PostgreSQL stands on: `pg`'s pool, PGlite and others have it; so has a transaction of theirs. */
export interface SqlDriver {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
  /** A pool's: it lends the connection of a transaction. */
  connect?(): Promise<unknown>;
  /** That of PGlite and of `@secapi/postgres`: where it is, it runs the transactions. */
  transaction?(run: (tx: SqlDriver) => Promise<void>): Promise<unknown>;
}

/** A connection that a pool lends. */
interface PooledClient extends SqlDriver {
  release(destroy?: boolean): void;
  on?(event: 'error', listener: () => void): unknown;
  removeListener?(event: 'error', listener: () => void): unknown;
}

/** The session over a driver of PostgreSQL. */
export function postgresSession(driver: SqlDriver): Session {
  if (typeof driver?.query !== 'function') {
    throw new ConfigError(
      'runner.driver',
      'has no query function',
      'pass { query(text, values) }, such as a pg pool',
    );
  }
  return { send: sender(driver), transaction: transactionOf(driver) };
}

function transactionOf(driver: SqlDriver): Session['transaction'] {
  if (typeof driver.transaction === 'function') return (work) => byDriver(driver, work);
  // A client has a `connect` as well, but others may be writing through it.
  if (typeof driver.connect !== 'function' || 'release' in driver || 'escapeLiteral' in driver)
    return undefined;
  return (work) => overConnection(() => borrow(driver), 'BEGIN', work);
}

async function byDriver(driver: SqlDriver, work: (inner: Session) => Promise<void>): Promise<void> {
  let thrown: { readonly error: unknown } | undefined;
  const run = async (tx: SqlDriver): Promise<void> => {
    const control = (text: string): Promise<unknown> => send(text, [], 'changes');
    const send = sender(tx);
    const transaction = transactionOf(tx);
    const inner = transaction ? { send, transaction } : nested(guarded({ send, control }));
    await work(inner).catch((error: unknown) => {
      thrown = { error };
      throw error; // makes the driver roll back
    });
  };
  try {
    await mapped('COMMIT', () => driver.transaction?.(run));
  } catch (error) {
    throw thrown ? thrown.error : error; // what the work itself threw is the caller's own
  }
}

async function borrow(pool: SqlDriver): Promise<Connection> {
  const client = await mapped('BEGIN', () => pool.connect?.());
  if (!isPooledClient(client)) {
    throw new ConfigError('runner.driver', 'lends no connections', 'pass a pool of pg, new Pool(…)');
  }
  // Its queries reject as well when the connection breaks; an event that nobody hears would end the process.
  const ignore = (): void => {};
  client.on?.('error', ignore);
  const send = sender(client);
  return {
    send,
    control: (text) => send(text, [], 'changes'),
    release(sound) {
      if (sound) client.removeListener?.('error', ignore);
      client.release(!sound);
    },
    cut: true,
  };
}

function isPooledClient(client: unknown): client is PooledClient {
  if (typeof client !== 'object' || client === null) return false;
  return ['query', 'release'].every((name) => typeof Reflect.get(client, name) === 'function');
}

function sender(driver: SqlDriver): Send {
  return (text, values) =>
    mapped(text, async () => {
      const result = await driver.query(text, [...values]);
      const affected = numberOf(result, 'rowCount') ?? numberOf(result, 'affectedRows');
      return { rows: result.rows, affected };
    });
}

function numberOf(result: object, key: string): number | undefined {
  const value: unknown = Reflect.get(result, key);
  return typeof value === 'number' ? value : undefined;
}
