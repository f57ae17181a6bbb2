import { SecapiError } from '@secapi/kernel';

/** What a database answered. */
export interface Answer {
  readonly rows: unknown[];
  /** How many rows a statement changed, where the driver says it. */
  readonly affected?: number | undefined;
  /** The number that MySQL or SQLite gave to a new row. */
  readonly id?: number | bigint | undefined;
}

/** Sends one statement; some drivers have one call for rows and one for changes. */
export type Send = (text: string, values: readonly unknown[], want: 'rows' | 'changes') => Promise<Answer>;

/** A driver as the runner needs it; whatever it rejects with holds no value. */
export interface Session {
  readonly send: Send;
  /** Runs `work` in a transaction, committed when it resolves, rolled back when it rejects. Absent where the driver has none. */
  readonly transaction?: ((work: (inner: Session) => Promise<void>) => Promise<void>) | undefined;
}

/** A connection, for one transaction. */
export interface Connection {
  readonly send: Send;
  /** Sends one of the statements that begin and end transactions. */
  control(text: string): Promise<unknown>;
  /** Gives it back; one that isn't `sound` is in a state that nobody knows. */
  release(sound: boolean): void;
  /** Whether an unsound one is cut, which rolls back whatever happens. */
  readonly cut: boolean;
}

/** Transactions over connections that are borrowed for them. */
export async function overConnection(
  borrow: () => Promise<Connection>,
  begin: string,
  work: (inner: Session) => Promise<void>,
): Promise<void> {
  const connection = await borrow();
  const guard = guarded(connection);
  let sound = false;
  try {
    await connection.control(begin);
    await work(nested(guard));
    await guard.control('COMMIT');
    sound = true;
  } catch (error) {
    // One that hangs would let the rollback wait as well: it is cut.
    const hangs = connection.cut && error instanceof SecapiError && error.code === 'SQL_DEADLINE';
    sound = !hangs && (await succeeds(connection.control('ROLLBACK')));
    throw error;
  } finally {
    guard.close(new SecapiError('SQL_TRANSACTION_ENDED', 'a transaction was used after its end'));
    connection.release(sound);
  }
}

/** What may still be sent in a transaction: nothing after its end, and nothing once a savepoint could not be gone back to. */
interface Guard extends Pick<Connection, 'send' | 'control'> {
  savepoint(): Promise<Savepoint>;
  close(why: unknown): void;
}

interface Savepoint {
  release(): Promise<unknown>;
  back(): Promise<unknown>;
}

/** Guards the connection of an open transaction. */
export function guarded(connection: Pick<Connection, 'send' | 'control'>): Guard {
  let closed: { readonly why: unknown } | undefined;
  let savepoints = 0;
  const control: Connection['control'] = (text) =>
    closed ? Promise.reject(closed.why) : connection.control(text);
  return {
    send: (...query) => (closed ? Promise.reject(closed.why) : connection.send(...query)),
    control,
    async savepoint() {
      // Each has a name of its own: MySQL forgets a savepoint when another gets its name.
      savepoints += 1;
      const name = `secapi_${savepoints}`;
      await control(`SAVEPOINT ${name}`);
      return {
        release: () => control(`RELEASE SAVEPOINT ${name}`),
        back: () => control(`ROLLBACK TO SAVEPOINT ${name}`),
      };
    },
    close(why) {
      closed ??= { why };
    },
  };
}

/** The session of an open transaction; its own transactions are savepoints. */
export function nested(guard: Guard): Session {
  return {
    send: guard.send,
    async transaction(work) {
      const savepoint = await guard.savepoint();
      try {
        await work(nested(guard));
        await savepoint.release();
      } catch (error) {
        // Where that fails, such as after a deadlock in MySQL, the whole transaction is gone: what came next would be committed alone.
        if (!(await succeeds(savepoint.back()))) guard.close(error);
        throw error;
      }
    },
  };
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
