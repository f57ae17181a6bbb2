import { ConfigError } from '@secapi/kernel';
import { mapped } from './failure.js';
import { type Answer, type Connection, overConnection, type Send, type Session } from './session.js';

/** What a runner for MySQL or MariaDB stands on: a pool of `mysql2/promise`, or a connection of it. */
export interface MysqlDriver {
  /** Sends text and values apart. `query` is never used with values: it would put them into the text. */
  execute(
    text: string,
    values: (string | number | bigint | boolean | Date | null | Uint8Array)[],
  ): Promise<[unknown, unknown]>;
  /** A pool's: it lends the connection of a transaction. */
  getConnection?(): Promise<MysqlConnection>;
}

/** A connection that a pool lends. */
export interface MysqlConnection extends MysqlDriver {
  query(text: string): Promise<unknown>;
  release(): void;
  destroy(): void;
}

/** The session over a driver of MySQL. */
export function mysqlSession(driver: MysqlDriver): Session {
  if (typeof driver?.execute !== 'function') {
    throw new ConfigError(
      'runner.driver',
      'has no execute function',
      "pass a pool of mysql2, import { createPool } from 'mysql2/promise'",
    );
  }
  const send = sender(driver);
  if (typeof driver.getConnection !== 'function') return { send };
  return { send, transaction: (work) => overConnection(() => borrow(driver), 'START TRANSACTION', work) };
}

async function borrow(pool: MysqlDriver): Promise<Connection> {
  const connection = await mapped('START TRANSACTION', () => pool.getConnection?.());
  if (!connection) throw new ConfigError('runner.driver', 'lends no connections', 'pass a pool of mysql2');
  return {
    send: sender(connection),
    control: (text) => mapped(text, () => connection.query(text)), // these can't be prepared in MySQL
    release: (sound) => (sound ? connection.release() : connection.destroy()),
    cut: true,
  };
}

function sender(driver: MysqlDriver): Send {
  return (text, values) =>
    mapped(text, async () => {
      const [result] = await driver.execute(text, [...values] as Parameters<MysqlDriver['execute']>[1]); // as checked
      return answerOf(result);
    });
}

function answerOf(result: unknown): Answer {
  if (Array.isArray(result)) return { rows: result };
  if (typeof result !== 'object' || result === null) return { rows: [] };
  const affected: unknown = Reflect.get(result, 'affectedRows');
  const id: unknown = Reflect.get(result, 'insertId');
  return {
    rows: [],
    affected: typeof affected === 'number' ? affected : undefined,
    id: typeof id === 'number' && id !== 0 ? id : undefined,
  };
}
