import { SecapiError } from '@secapi/kernel';

/** What can be wrong with a query before it reaches a database. */
export type SqlMisuseCode =
  | 'SQL_NOT_A_TEMPLATE'
  | 'SQL_NOT_A_QUERY'
  | 'SQL_UNKNOWN_FRAGMENT'
  | 'SQL_PLACEHOLDER_IN_TEXT'
  | 'SQL_TEXT_UNCLOSED'
  | 'SQL_TEXT_AMBIGUOUS'
  | 'SQL_MANY_STATEMENTS'
  | 'SQL_VALUE_IN_QUOTES'
  | 'SQL_VALUE_TOUCHES_TEXT'
  | 'SQL_VALUE_TYPE'
  | 'SQL_VALUE_NOT_STORABLE'
  | 'SQL_TOO_MANY_VALUES'
  | 'SQL_EMPTY_LIST'
  | 'SQL_RAGGED_ROWS'
  | 'SQL_IDENTIFIER_NOT_ALLOWED'
  | 'SQL_CHOICE_NOT_ALLOWED'
  | 'SQL_TOO_MANY_ROWS'
  | 'SQL_TRANSACTION_BUSY'
  | 'SQL_TRANSACTION_ENDED';

/** The closed set of codes that `@secapi/sql` throws or rejects with. */
export type SqlErrorCode = SqlMisuseCode | 'SQL_FAILED' | 'SQL_DEADLINE';

/** What a database says about its refusal, as far as it is made of names: no message, no detail, no value. */
export interface SqlFailure {
  /**
   * The five characters of SQLSTATE, such as `23505` for a unique constraint: PostgreSQL's own, and those that come nearest for MySQL, SQLite and
   * for a connection that is lost; else the driver's code.
   */
  readonly state?: string;
  /** The constraint's name; of a unique one in MySQL the key, `users.email`, in SQLite the column, `users.email`. */
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
}

/**
 * A database's refusal. Drivers put values into their messages (`Key (email)=(…) already exists`), so nothing of the driver's error is kept
 * but codes and names, and the query's text, in which a value never stands.
 */
export class SqlFailedError extends SecapiError<'SQL_FAILED'> {
  readonly failure: SqlFailure;
  /** The query with its placeholders. */
  readonly text: string;

  constructor(text: string, failure: SqlFailure) {
    const facts = Object.entries(failure).map(([name, value]) => `${name} ${value}`);
    super('SQL_FAILED', `the database refused a query${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`);
    this.name = 'SqlFailedError';
    this.failure = failure;
    this.text = text;
  }

  /** As `failure.state`, where those look who know the errors of databases. */
  get sqlState(): string | undefined {
    return this.failure.state;
  }

  /** As `failure.constraint`. */
  get constraint(): string | undefined {
    return this.failure.constraint;
  }
}

/** Throws for a mistake in the code that builds a query. */
export function misuse(code: SqlMisuseCode, message: string): never {
  throw new SecapiError(code, message);
}
