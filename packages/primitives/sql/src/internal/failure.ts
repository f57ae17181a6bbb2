import { SecapiError } from '@secapi/kernel';
import { SqlFailedError, type SqlFailure } from '../errors.js';

/** Waits for a driver; what it throws holds values, and is left behind. */
export async function mapped<T>(text: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A coded error of a store says more, such as that the database is out of reach, and holds no value either.
    if (error instanceof SecapiError) throw error;
    throw new SqlFailedError(text, failureOf(error));
  }
}

const name = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/;
const code = /^(?:[0-9A-Z]{5}|[A-Z][A-Z0-9_]{2,39})$/;

/** Codes and names out of a driver's error. */
function failureOf(error: unknown): SqlFailure {
  if (typeof error !== 'object' || error === null) return {};
  const { state, constraint, column } = saidByMessage(error);
  const found = {
    state: state ?? standardState(error),
    constraint: constraint ?? textOf(error, 'constraint', name),
    table: textOf(error, 'table', name),
    column: column ?? textOf(error, 'column', name),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** SQLSTATEs for the codes of other databases and of sockets, as far as programs decide by them. */
const states: ReadonlyMap<string, string> = new Map([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EPIPE'].map(
    lost,
  ),
  ...['EAI_AGAIN', 'ENOTFOUND', 'PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT'].map(lost),
  ['ER_CON_COUNT_ERROR', '53300'],
  ['ER_TOO_MANY_USER_CONNECTIONS', '53300'],
  ['ER_LOCK_WAIT_TIMEOUT', '55P03'],
  ['ER_LOCK_DEADLOCK', '40P01'],
  ['ER_QUERY_TIMEOUT', '57014'],
  ['ER_STATEMENT_TIMEOUT', '57014'],
  ['SQLITE_BUSY', '55P03'],
  ['SQLITE_LOCKED', '55P03'],
  ['ER_DUP_ENTRY', '23505'],
  ['ER_ROW_IS_REFERENCED_2', '23503'],
  ['ER_NO_REFERENCED_ROW_2', '23503'],
  ['ER_BAD_NULL_ERROR', '23502'],
  ['ER_NO_DEFAULT_FOR_FIELD', '23502'],
  ['ER_CHECK_CONSTRAINT_VIOLATED', '23514'],
]);

function lost(code: string): [string, string] {
  return [code, '08006'];
}

function standardState(error: object): string | undefined {
  const own = textOf(error, 'code', code);
  const known = own === undefined ? undefined : states.get(own);
  if (known !== undefined) return known;
  if (/^(?:Connection terminated|timeout exceeded when trying to connect)/.test(messageOf(error)))
    return '08006';
  return textOf(error, 'sqlState', code) ?? own;
}

/** SQLite's constraints by how it names them. */
const kinds: Readonly<Record<string, string>> = {
  UNIQUE: '23505',
  'PRIMARY KEY': '23505',
  'FOREIGN KEY': '23503',
  'NOT NULL': '23502',
  CHECK: '23514',
};

/** MySQL and SQLite tell the name of a constraint in their message alone, where no value can be taken for it. */
function saidByMessage(error: object): SqlFailure {
  const message = messageOf(error);
  switch (textOf(error, 'code', code)) {
    case 'ER_DUP_ENTRY':
      return named('constraint', / for key '([\w$.-]{1,128})'$/.exec(message.slice(-200)));
    case 'ER_ROW_IS_REFERENCED_2':
    case 'ER_NO_REFERENCED_ROW_2':
      return named(
        'constraint',
        /, CONSTRAINT [`"]([\w$-]{1,64})[`"] FOREIGN KEY/.exec(message.slice(0, 600)),
      );
    case 'ER_CHECK_CONSTRAINT_VIOLATED':
      return named('constraint', /^Check constraint '([\w$-]{1,64})' is violated/.exec(message));
    case 'ER_BAD_NULL_ERROR':
      return named('column', /^Column '([\w$]{1,64})' cannot be null/.exec(message));
  }
  // MariaDB's of a check, whose code its drivers don't know
  const check =
    Reflect.get(error, 'errno') === 4025 && /^CONSTRAINT [`"]([\w$.-]{1,128})[`"] failed for /.exec(message);
  if (check) return { state: '23514', ...named('constraint', check) };
  const [, kind = '', where] =
    /^(UNIQUE|PRIMARY KEY|FOREIGN KEY|NOT NULL|CHECK) constraint failed(?:: ([\w$.]{1,128}))?/.exec(
      message,
    ) ?? [];
  const state = kinds[kind];
  if (state === undefined) return {};
  return where === undefined ? { state } : { state, constraint: where };
}

function named(key: 'constraint' | 'column', match: RegExpExecArray | null): SqlFailure {
  return match?.[1] === undefined ? {} : { [key]: match[1] };
}

function textOf(error: object, key: string, pattern: RegExp): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function messageOf(error: object): string {
  const message: unknown = Reflect.get(error, 'message');
  return typeof message === 'string' ? message : '';
}
