import { type Duration, toMilliseconds } from '@secapi/kernel';
import { within } from './internal/deadline.js';

/**
 * A PostgreSQL database as the stores need it: {@link fromPg} and {@link fromPglite} make one.
 *
 * Every call ends: it resolves, or it rejects with a `DatabaseError` within the deadline.
 * 64-bit integers come back as numbers where they are safe integers, else as bigint, whatever the driver.
 */
export interface Database {
  /** Runs one statement. Values only ever travel as parameters (`$1`, `$2` …), never inside the text. */
  query<T>(text: string, values?: readonly unknown[]): Promise<{ rows: T[] }>;
  /**
   * Runs statements in one transaction: committed when `run` resolves, rolled back when it rejects or is late.
   * On the handle given to `run`, `transaction` opens a savepoint, so that a store works inside a caller's transaction.
   */
  transaction<T>(run: (tx: Database) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Ends it and its connections. */
  close(): Promise<void>;
}

/** How a transaction is run. */
export interface TransactionOptions {
  /** How long the whole of it may take. @default the database's deadline */
  readonly deadline?: Duration;
}

/**
 * Asks the database for an answer, for a health check.
 *
 * @param deadline how long it may take
 * @default '1s'
 * @throws DatabaseError when it doesn't answer in time
 */
export async function ping(db: Database, deadline: Duration = '1s'): Promise<void> {
  await within(toMilliseconds('deadline', deadline), 'ping', db.query('SELECT 1'));
}
