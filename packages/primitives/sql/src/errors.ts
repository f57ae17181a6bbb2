import { SecapiError } from '@secapi/kernel';

/** What can be wrong with a query before it reaches a database. */
export type SqlMisuseCode =
  | 'SQL_NOT_A_TEMPLATE'
  | 'SQL_NOT_A_QUERY'
  | 'SQL_UNKNOWN_FRAGMENT'
  | 'SQL_PLACEHOLDER_IN_TEXT'
  | 'SQL_VALUE_TYPE'
  | 'SQL_EMPTY_LIST'
  | 'SQL_IDENTIFIER_NOT_ALLOWED'
  | 'SQL_TOO_MANY_ROWS';

/** The closed set of codes that `@secapi/sql` throws or rejects with. */
export type SqlErrorCode = SqlMisuseCode | 'SQL_FAILED';

/** What a database says about its refusal, as far as it is made of names: no message, no detail, no value. */
export interface SqlFailure {
  /** The five characters of SQLSTATE, such as `23505` for a unique constraint, or the driver's own code, such as `ECONNREFUSED`. */
  readonly state?: string;
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
}

/** Throws for a mistake in the code that builds a query. */
export function misuse(code: SqlMisuseCode, message: string): never {
  throw new SecapiError(code, message);
}
