import { checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';
import type { Database } from './database.js';
import { DatabaseError, toDatabaseError } from './errors.js';
import { within } from './internal/deadline.js';
import { openScope } from './internal/scope.js';

/** What is used of an instance of `PGlite` (`@electric-sql/pglite`). */
export interface PgliteLike {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  transaction(run: (tx: Pick<PgliteLike, 'query'>) => Promise<void>): Promise<unknown>;
  close(): Promise<void>;
}

/** How a PGlite instance is used. */
export interface FromPgliteOptions {
  /**
   * How long a transaction's function may take. A single statement runs inside this process and holds its event loop
   * until it ends, so no deadline can reach it.
   * @default '10s'
   */
  readonly deadline?: Duration;
}

/**
 * The database inside an embedded PGlite: one connection, so transactions run one after the other.
 *
 * @throws ConfigError when an option is not usable
 */
export function fromPglite(db: PgliteLike, options: FromPgliteOptions = {}): Database {
  checkOptions('fromPglite', options, ['deadline']);
  const patience = toMilliseconds('fromPglite.deadline', options.deadline ?? '10s');

  async function query<T>(text: string, values: readonly unknown[] = []): Promise<{ rows: T[] }> {
    try {
      const { rows } = await db.query(text, [...values]);
      return { rows: rows as T[] }; // the caller knows its statement's columns, the driver doesn't
    } catch (error) {
      throw toPgliteError(error);
    }
  }

  async function transaction<T>(
    run: (tx: Database) => Promise<T>,
    { deadline }: { readonly deadline?: Duration } = {},
  ): Promise<T> {
    const limit = deadline === undefined ? patience : toMilliseconds('transaction.deadline', deadline);
    let outcome: { done: T } | { thrown: unknown } | undefined;
    try {
      await db.transaction(async (raw) => {
        const scope = openScope((text, values) => raw.query(text, [...values]));
        try {
          const done = await within(limit, 'a transaction', run(scope.tx));
          scope.end();
          outcome = { done };
        } catch (error) {
          closeQuietly(scope);
          outcome = { thrown: error };
          throw error; // makes the driver roll back
        }
      });
    } catch (error) {
      // What the function threw is the caller's own; anything else came from BEGIN or COMMIT.
      throw outcome && 'thrown' in outcome ? outcome.thrown : toPgliteError(error);
    }
    if (!outcome || !('done' in outcome)) {
      throw new DatabaseError('DATABASE_UNAVAILABLE', 'PGlite ended a transaction without running it');
    }
    return outcome.done;
  }

  return { query, transaction, close: () => db.close() };
}

function closeQuietly(scope: { end(): void }): void {
  try {
    scope.end();
  } catch {
    // the failure is on its way to the caller already
  }
}

function toPgliteError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (error instanceof Error && /^PGlite is clos(?:ed|ing)/.test(error.message)) {
    return new DatabaseError('DATABASE_CLOSED', 'the database was used after its end');
  }
  if (error instanceof Error && !('code' in error)) {
    return new DatabaseError('DATABASE_REFUSED', "a parameter can't be sent to PostgreSQL"); // there is no connection to lose
  }
  return toDatabaseError(error);
}
