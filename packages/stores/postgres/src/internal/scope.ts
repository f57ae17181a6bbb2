import { ConfigError } from '@secapi/kernel';
import type { Database } from '../database.js';
import { DatabaseError, toDatabaseError } from '../errors.js';

/** Sends one statement over the connection that holds the transaction. */
export type Send = (text: string, values: readonly unknown[]) => Promise<{ rows: unknown[] }>;

/** The handle of an open transaction, and its end. */
export interface Scope {
  readonly tx: Database;
  /**
   * From now on the handle refuses.
   *
   * @throws DatabaseError when a statement failed and the caller went on regardless: the server would answer COMMIT with a silent rollback
   */
  end(): void;
}

/** Opens the handle that both drivers give to a transaction's function. */
export function openScope(send: Send): Scope {
  let open = true;
  let depth = 0;
  let failure: DatabaseError | undefined;

  async function query<T>(text: string, values: readonly unknown[] = []): Promise<{ rows: T[] }> {
    if (!open) throw new DatabaseError('DATABASE_CLOSED', 'a transaction was used after its end');
    try {
      const { rows } = await send(text, values);
      return { rows: rows as T[] }; // the caller knows its statement's columns, the driver doesn't
    } catch (error) {
      failure = toDatabaseError(error);
      throw failure;
    }
  }

  async function savepoint<T>(run: (inner: Database) => Promise<T>): Promise<T> {
    depth += 1;
    const name = `secapi_${depth}`;
    await query(`SAVEPOINT ${name}`);
    try {
      const result = await run(tx);
      await query(`RELEASE SAVEPOINT ${name}`);
      return result;
    } catch (error) {
      await query(`ROLLBACK TO SAVEPOINT ${name}`);
      failure = undefined;
      throw error;
    } finally {
      depth -= 1;
    }
  }

  const tx: Database = {
    query,
    transaction: savepoint,
    close(): Promise<void> {
      throw new ConfigError(
        'tx.close',
        'would end a transaction from within',
        'return from its function, or throw',
      );
    },
  };
  return {
    tx,
    end(): void {
      open = false;
      if (failure) throw failure;
    },
  };
}
