import { checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';
import type { Database } from './database.js';
import { type DatabaseError, toDatabaseError } from './errors.js';
import { within } from './internal/deadline.js';
import { openScope } from './internal/scope.js';

/** What is used of a connection of `pg`. */
export interface PgClientLike {
  query(config: PgQuery): Promise<{ rows: unknown[] }>;
  getTypeParser(oid: number, format?: 'text'): (text: string) => unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  release(destroy?: boolean): void;
}

/** What is used of a `Pool` of `pg`. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** A statement as `pg` takes it. */
export interface PgQuery {
  text: string;
  values?: unknown[];
  types?: { getTypeParser(oid: number, format?: 'text'): (text: string) => unknown };
}

/** How a pool is used. */
export interface FromPgOptions {
  /** How long a statement, or a whole transaction, may take, waiting for a free connection included. @default '5s' */
  readonly deadline?: Duration;
}

/**
 * The database behind a `Pool` of `pg`.
 *
 * A call that passes its deadline rejects and its connection is cut, so that a hung server never hangs a request. Make
 * the pool with {@link pgPoolOptions} too: then the server itself ends such a statement.
 *
 * @example
 * ```ts
 * const db = fromPg(new Pool({ connectionString, ...pgPoolOptions({ deadline: '5s' }) }), { deadline: '5s' });
 * ```
 * @throws ConfigError when an option is not usable
 */
export function fromPg(pool: PgPoolLike, options: FromPgOptions = {}): Database {
  checkOptions('fromPg', options, ['deadline']);
  const patience = toMilliseconds('fromPg.deadline', options.deadline ?? '5s');
  // A connection that breaks while it is idle: the pool drops it, but without a listener the process would end.
  pool.on('error', ignore);

  async function query<T>(text: string, values: readonly unknown[] = []): Promise<{ rows: T[] }> {
    return borrow(pool, patience, async (connection) => {
      const { rows } = await connection.send(text, values);
      return { rows: rows as T[] }; // the caller knows its statement's columns, the driver doesn't
    });
  }

  async function transaction<T>(
    run: (tx: Database) => Promise<T>,
    { deadline }: { readonly deadline?: Duration } = {},
  ): Promise<T> {
    const limit = deadline === undefined ? patience : toMilliseconds('transaction.deadline', deadline);
    return borrow(pool, limit, async (connection) => {
      await connection.send(beginWithin(limit));
      const scope = openScope(connection.send);
      try {
        const result = await connection.bound(run(scope.tx));
        scope.end();
        await connection.send('COMMIT');
        return result;
      } catch (error) {
        closeQuietly(scope);
        await connection.rollBack();
        throw error;
      }
    });
  }

  return { query, transaction, close: () => pool.end() };
}

/**
 * Options for a `Pool` of `pg` that make the server keep the same deadlines: spread them into yours.
 *
 * @throws ConfigError when the deadline is not usable
 */
export function pgPoolOptions(options: FromPgOptions = {}): {
  connectionTimeoutMillis: number;
  statement_timeout: number;
  idle_in_transaction_session_timeout: number;
  keepAlive: boolean;
} {
  checkOptions('pgPoolOptions', options, ['deadline']);
  const limit = toMilliseconds('pgPoolOptions.deadline', options.deadline ?? '5s');
  return {
    connectionTimeoutMillis: limit,
    statement_timeout: limit,
    idle_in_transaction_session_timeout: limit,
    keepAlive: true,
  };
}

interface Connection {
  send(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
  /** Waits for the caller's own work, as long as the deadline allows. */
  bound<T>(work: Promise<T>): Promise<T>;
  /** Ends the transaction without its writes: a connection that can't do it is cut, which does the same. */
  rollBack(): Promise<void>;
}

/** Runs `work` on a connection of its own; one that is late or broken is cut, never handed back to the pool. */
async function borrow<T>(
  pool: PgPoolLike,
  limit: number,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const end = performance.now() + limit;
  const left = (): number => end - performance.now();
  const client = await checkOut(pool, limit);
  client.on('error', ignore); // its queries reject as well; an unheard event would end the process
  let sound = true;

  async function send(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }> {
    const config: PgQuery = {
      text,
      types: { getTypeParser: (oid, format) => parserFor(client, oid, format) },
    };
    if (values !== undefined) config.values = [...values];
    try {
      return await within(left(), 'a statement', client.query(config));
    } catch (error) {
      const failure = toDatabaseError(error);
      sound &&= isHarmless(failure);
      throw failure;
    }
  }

  async function bound<R>(promise: Promise<R>): Promise<R> {
    let ended = false;
    const watched = promise.finally(() => {
      ended = true;
    });
    try {
      return await within(left(), 'a transaction', watched);
    } catch (error) {
      sound &&= ended; // it still runs, and must not find the connection in others' hands
      throw error;
    }
  }

  async function rollBack(): Promise<void> {
    if (!sound) return;
    await send('ROLLBACK').catch(() => {
      sound = false;
    });
  }

  try {
    return await work({ send, bound, rollBack });
  } finally {
    if (sound) client.removeListener('error', ignore);
    client.release(!sound);
  }
}

async function checkOut(pool: PgPoolLike, limit: number): Promise<PgClientLike> {
  const coming = pool.connect();
  try {
    return await within(limit, 'waiting for a connection', coming);
  } catch (error) {
    coming.then((client) => client.release()).catch(ignore); // it came too late, or never
    throw toDatabaseError(error);
  }
}

const int8 = 20;

function parserFor(client: PgClientLike, oid: number, format?: 'text'): (text: string) => unknown {
  return oid === int8 ? safeInteger : client.getTypeParser(oid, format);
}

function safeInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** The server keeps the transaction's deadline as well, for the case that this process is gone or stalled. */
function beginWithin(limit: number): string {
  const milliseconds = Math.max(1, Math.ceil(limit));
  return `BEGIN; SET LOCAL statement_timeout = ${milliseconds}; SET LOCAL idle_in_transaction_session_timeout = ${milliseconds}`;
}

/** Whether the connection is still good after this error. */
function isHarmless(error: DatabaseError): boolean {
  return (
    error.code === 'DATABASE_REFUSED' || error.code === 'DATABASE_CONFLICT' || error.sqlState === '57014'
  );
}

function closeQuietly(scope: { end(): void }): void {
  try {
    scope.end();
  } catch {
    // the failure is on its way to the caller already
  }
}

function ignore(): void {}
