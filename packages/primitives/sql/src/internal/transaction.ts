import { ConfigError, SecapiError } from '@secapi/kernel';
import { misuse } from '../errors.js';
import type { Send, Session } from './session.js';

/** Runs `work` in a transaction of the session, for at most `limit` milliseconds. */
export async function inTransaction<T>(
  session: Session,
  limit: number | undefined,
  work: (inner: Session) => Promise<T>,
): Promise<T> {
  if (!session.transaction) {
    throw new ConfigError(
      'runner.driver',
      'has no transactions: over one connection, others would write into them',
      'pass a pool',
    );
  }
  let done: { readonly result: T } | undefined;
  await session.transaction(async (inner) => {
    const scope = openScope(inner);
    try {
      const result = await within(limit, work(scope.session));
      await scope.end();
      done = { result };
    } finally {
      scope.close();
    }
  });
  if (!done) throw new SecapiError('SQL_FAILED', 'the driver ended a transaction without running it');
  return done.result;
}

/** The session that a transaction's function gets, and its end. */
interface Scope {
  readonly session: Session;
  /**
   * Waits for what was sent and not waited for.
   *
   * @throws the failure of a statement that the caller went on after: what came before it is not to be committed alone
   */
  end(): Promise<void>;
  close(): void;
}

function openScope(inner: Session): Scope {
  let state: 'open' | 'nested' | 'ended' = 'open';
  let failed: { readonly error: unknown } | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function admit(): void {
    if (state === 'ended') misuse('SQL_TRANSACTION_ENDED', 'a transaction was used after its end');
    if (state === 'nested') {
      misuse(
        'SQL_TRANSACTION_BUSY',
        'a transaction within it is open: use the handle that its function was given, and one at a time',
      );
    }
  }

  const send: Send = async (...query) => {
    admit();
    const turn = queue.then(() => {
      if (failed) throw failed.error; // databases differ in what they do after a failure: nothing more is sent
      return inner.send(...query);
    });
    queue = turn.catch((error: unknown) => {
      failed ??= { error };
    });
    return turn;
  };

  async function transaction(work: (session: Session) => Promise<void>): Promise<void> {
    admit();
    state = 'nested';
    try {
      await queue;
      if (failed) throw failed.error;
      await inner.transaction?.(work);
    } finally {
      if (state === 'nested') state = 'open';
    }
  }

  return {
    session: { send, transaction: inner.transaction && transaction },
    async end() {
      const busy = state === 'nested';
      state = 'ended';
      await queue;
      if (failed) throw failed.error;
      if (busy) misuse('SQL_TRANSACTION_BUSY', 'a transaction ended while one within it was open: await it');
    },
    close() {
      state = 'ended';
    },
  };
}

async function within<T>(limit: number | undefined, work: Promise<T>): Promise<T> {
  if (limit === undefined) return work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const fail = (): void => {
      const error = new SecapiError(
        'SQL_DEADLINE',
        `a transaction took longer than ${limit} ms, and was rolled back`,
      );
      // As PostgreSQL says it of its own timeout: those who look for what may be tried again look here.
      reject(Object.assign(error, { sqlState: '25P04' }));
    };
    timer = setTimeout(fail, limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
