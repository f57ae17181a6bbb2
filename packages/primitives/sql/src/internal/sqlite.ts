import { ConfigError } from '@secapi/kernel';
import { mapped } from './failure.js';
import { type Answer, type Connection, overConnection, type Send, type Session } from './session.js';

/** What a runner for SQLite stands on: the database of `node:sqlite` or of `better-sqlite3`. */
export interface SqliteDriver {
  prepare(text: string): SqliteStatement;
}

/** A statement of such a driver. */
export interface SqliteStatement {
  all(...values: SqliteValue[]): unknown[];
  run(...values: SqliteValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  /** That of `better-sqlite3`, which refuses to run what has rows and to ask for rows of what has none. */
  readonly reader?: boolean;
}

/** What these drivers take for a value. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

/** The session over a driver of SQLite. There is one connection, so that a transaction lets all others wait until it ends. */
export function sqliteSession(driver: SqliteDriver): Session {
  if (typeof driver?.prepare !== 'function') {
    throw new ConfigError(
      'runner.driver',
      'has no prepare function',
      'pass a database of node:sqlite or better-sqlite3',
    );
  }
  const send: Send = (text, values, want) => mapped(text, () => ask(driver, text, values, want));
  const connection: Connection = {
    send,
    control: (text) => send(text, [], 'changes'),
    release: () => {},
    cut: false,
  };
  const inTurn = queue();
  return {
    send: (...query) => inTurn(() => send(...query)),
    // Takes the lock for writing at once: one that reads first and then writes could fail half-way.
    transaction: (work) => inTurn(() => overConnection(async () => connection, 'BEGIN IMMEDIATE', work)),
  };
}

function ask(
  driver: SqliteDriver,
  text: string,
  values: readonly unknown[],
  want: 'rows' | 'changes',
): Answer {
  const statement = driver.prepare(text);
  const sent = values as SqliteValue[]; // as the dialect left them
  if (statement.reader ?? want === 'rows') {
    const rows = statement.all(...sent);
    return { rows, ...(want === 'changes' && { affected: rows.length }) };
  }
  const { changes, lastInsertRowid } = statement.run(...sent);
  return { rows: [], affected: Number(changes), id: lastInsertRowid };
}

/** Runs one after the other. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };
}
