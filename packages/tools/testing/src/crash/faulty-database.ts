import { type Faults, InjectedFault } from './faults.js';

/** An SQL database: the `Database` of `@secapi/postgres`, or one of the same shape. */
export interface SqlDatabase {
  query<T>(text: string, values?: readonly unknown[]): Promise<{ rows: T[] }>;
  transaction<T>(
    run: (tx: SqlDatabase) => Promise<T>,
    options?: { readonly deadline?: string | number },
  ): Promise<T>;
  close(): Promise<void>;
}

type Step = Faults['step'];

/**
 * A database of which each step can fail: every statement, and of a transaction its BEGIN and its COMMIT as well (of one inside another, the
 * savepoint and its release). After a failure inside a transaction the rest of it fails too, as on a connection that broke.
 *
 * A lost answer to COMMIT leaves the transaction done; any other failure in it rolls it back.
 */
export function faultyDatabase(db: SqlDatabase, faults: Pick<Faults, 'step'>): SqlDatabase {
  const { step } = faults;

  async function transaction<T>(
    run: (tx: SqlDatabase) => Promise<T>,
    options?: { readonly deadline?: string | number },
  ): Promise<T> {
    const connection = breakable(step);
    await connection.step(nothing); // BEGIN
    let isAnswerLost = false;
    const result = await db.transaction(async (tx) => {
      const value = await run(faultyDatabase(tx, connection));
      if (connection.isBroken()) throw new InjectedFault(); // whoever caught the failure and went on can't commit
      isAnswerLost = await losesAnswer(connection.step);
      return value;
    }, options);
    if (isAnswerLost) throw new InjectedFault();
    return result;
  }

  return {
    query: (text, values) => step(() => db.query(text, values)),
    transaction,
    close: () => db.close(),
  };
}

/** Steps of which none works once one has failed. */
function breakable(step: Step): { readonly step: Step; isBroken(): boolean } {
  let broken = false;
  return {
    isBroken: () => broken,
    async step(work) {
      if (broken) throw new InjectedFault();
      try {
        return await step(work);
      } catch (error) {
        broken ||= error instanceof InjectedFault;
        throw error;
      }
    },
  };
}

/**
 * Whether a step is done and only its answer lost.
 *
 * @throws InjectedFault when it isn't done
 */
async function losesAnswer(step: Step): Promise<boolean> {
  let isDone = false;
  try {
    await step(async () => {
      isDone = true;
    });
    return false;
  } catch (error) {
    if (!isDone) throw error;
    return true;
  }
}

async function nothing(): Promise<void> {}
