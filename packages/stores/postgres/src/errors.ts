import { SecapiError } from '@secapi/kernel';

/**
 * Why a database call failed.
 *
 * - `DATABASE_UNAVAILABLE`: no connection, a lost one, a server that is starting, stopping or full
 * - `DATABASE_DEADLINE`: no answer within the deadline; whether a write took place is not known
 * - `DATABASE_CONFLICT`: a deadlock, a serialization failure or a unique key that is taken; nothing was written
 * - `DATABASE_REFUSED`: the server refused the statement; nothing was written
 * - `DATABASE_CLOSED`: the handle or the transaction was used after its end
 * - `MIGRATION_CHANGED`: a migration that ran before now has other statements
 * - `MIGRATION_OUT_OF_ORDER`: a new migration has a lower number than one that ran before
 * - `PGLITE_LOCKED`: another process has the folder open
 * - `PGLITE_UNREADABLE`: the folder or the dump holds no database that this PGlite can open
 */
export type DatabaseErrorCode =
  | 'DATABASE_UNAVAILABLE'
  | 'DATABASE_DEADLINE'
  | 'DATABASE_CONFLICT'
  | 'DATABASE_REFUSED'
  | 'DATABASE_CLOSED'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_OUT_OF_ORDER'
  | 'PGLITE_LOCKED'
  | 'PGLITE_UNREADABLE';

/**
 * A failed database call, without the driver's error: that one quotes values ("Key (email)=(…) already exists"),
 * and values may be secrets. What a developer needs to find the fault is kept.
 */
export class DatabaseError extends SecapiError<DatabaseErrorCode> {
  /** The server's five-character code, when it answered. */
  readonly sqlState: string | undefined;
  /** The name of the violated constraint, when there was one. */
  readonly constraint: string | undefined;

  constructor(
    code: DatabaseErrorCode,
    message: string,
    details: { sqlState?: string; constraint?: string } = {},
  ) {
    super(code, message);
    this.name = 'DatabaseError';
    this.sqlState = details.sqlState;
    this.constraint = details.constraint;
  }
}

/** A driver's error as a {@link DatabaseError}. */
export function toDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code, constraint, message } = partsOf(error);
  if (error instanceof TypeError || error instanceof RangeError) {
    return new DatabaseError('DATABASE_REFUSED', "a parameter can't be sent to PostgreSQL");
  }
  if (message?.startsWith('Cannot use a pool after calling end')) {
    return new DatabaseError('DATABASE_CLOSED', 'the database was used after its end');
  }
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) {
    return new DatabaseError(
      'DATABASE_UNAVAILABLE',
      `PostgreSQL can't be reached (${code ?? 'connection lost'})`,
    );
  }
  const details = { sqlState: code, ...(constraint === undefined ? {} : { constraint }) };
  return new DatabaseError(kindOf(code), describe(code, constraint, message), details);
}

function describe(sqlState: string, constraint: string | undefined, message: string | undefined): string {
  const where = constraint === undefined ? '' : `, constraint ${constraint}`;
  // Class 42 (syntax, unknown names, missing rights) speaks of the statement's text, which is code, never of its values.
  const what = sqlState.startsWith('42') && message !== undefined ? `: ${message}` : '';
  return `PostgreSQL refused a statement (SQLSTATE ${sqlState}${where})${what}`;
}

function kindOf(sqlState: string): DatabaseErrorCode {
  if (sqlState === '57014' || sqlState === '55P03') return 'DATABASE_DEADLINE';
  if (sqlState === '40001' || sqlState === '40P01' || sqlState === '23505') return 'DATABASE_CONFLICT';
  return /^(?:08|28|3D|53|57|58|XX)/.test(sqlState) ? 'DATABASE_UNAVAILABLE' : 'DATABASE_REFUSED';
}

function partsOf(error: unknown): { code?: string; constraint?: string; message?: string } {
  if (typeof error !== 'object' || error === null) return {};
  const text = (key: string): string | undefined => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' ? value : undefined;
  };
  const [code, constraint, message] = [text('code'), text('constraint'), text('message')];
  return {
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(message === undefined ? {} : { message }),
  };
}
