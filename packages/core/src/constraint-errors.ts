import { ConfigError, checkOptions } from '@secapi/kernel';
import { ApiError, type ApiErrorOptions } from './api-error.js';
import { isCatalogueCode } from './catalogue.js';
import { chainOf, textOf } from './error-parts.js';

/** Turns an error of your own parts into one that is meant for the client, or leaves it to others. */
export type ErrorMapper = (error: unknown) => ApiError | undefined;

/** What a violated constraint is answered with. All of it is shown to the client. */
export interface ConstraintAnswer {
  readonly code: string;
  /** @default 409 */
  readonly status?: 409 | 422;
  readonly title?: string;
  readonly detail?: string;
  /** The member of the body that is at fault, as a JSON pointer like `/email`: it is then listed under `errors`. */
  readonly path?: string;
}

/**
 * Answers violated constraints of a database by their names: what a check before the write can't decide, since another
 * request may come between. A constraint that isn't named here stays a 500, and no name is ever answered.
 *
 * It knows the errors of `@secapi/postgres`, of `pg` and PGlite, also as a `cause`; MySQL's by the name of the key,
 * SQLite's by `table.column`.
 *
 * @example
 * ```ts
 * mapErrors: [constraintErrors({ users_email_key: 'EMAIL_TAKEN', posts_author_id_fkey: { code: 'AUTHOR_GONE', status: 422, path: '/authorId' } })]
 * ```
 * @throws ConfigError when an answer is none
 */
export function constraintErrors(answers: Readonly<Record<string, string | ConstraintAnswer>>): ErrorMapper {
  const known = new Map<string, (cause: unknown) => ApiError>();
  for (const [constraint, answer] of Object.entries(answers)) {
    const given = typeof answer === 'string' ? { code: answer } : answer;
    const make = compile(`constraintErrors.${constraint}`, given);
    make(undefined); // what makes no sense in it is told now and not at the first violation
    known.set(constraint, make);
  }

  return function mapConstraint(error) {
    for (const each of chainOf(error)) {
      const make = known.get(constraintOf(each) ?? '');
      if (make) return make(error);
    }
    return undefined;
  };
}

function compile(option: string, answer: ConstraintAnswer): (cause: unknown) => ApiError {
  checkOptions(option, answer, ['code', 'status', 'title', 'detail', 'path']);
  const { code, status = 409, title, detail, path } = answer;
  if (status !== 409 && status !== 422)
    throw new ConfigError(`${option}.status`, 'is neither 409 nor 422', 'use 409, or 422 for wrong input');
  if (path !== undefined && !/^(?:\/[^/]+)+$/.test(path))
    throw new ConfigError(`${option}.path`, 'is not a JSON pointer', "write it like '/email'");
  const options: ApiErrorOptions = {
    status,
    // A code of the catalogue may stand there with another status, whose texts it would have.
    title: title ?? (status === 409 ? 'Conflict' : 'Unprocessable Content'),
    ...(detail === undefined && isCatalogueCode(code) ? {} : { detail: detail ?? details[status] }),
  };
  return (cause) => {
    const error = new ApiError(code, { ...options, cause });
    if (path === undefined) return error;
    const issue = { path, code: code.toLowerCase(), message: error.detail };
    return new ApiError(code, { ...options, cause, errors: [issue] });
  };
}

const details = {
  409: 'This conflicts with what is there already.',
  422: 'The input refers to what is not there, or not allowed.',
} as const;

/** The name of the constraint that an error says was violated. */
function constraintOf(error: object): string | undefined {
  const code = textOf(error, 'code') ?? '';
  const sqlState = textOf(error, 'sqlState') ?? code;
  if (sqlState.startsWith('23') && sqlState.length === 5) {
    const constraint = textOf(error, 'constraint');
    if (constraint !== undefined) return constraint;
  }
  // These two say it in their message alone, at its end; what comes before may hold anything.
  const end = (textOf(error, 'message') ?? '').slice(-200);
  if (code === 'ER_DUP_ENTRY') return / for key '([\w$.-]{1,128})'$/.exec(end)?.[1];
  if (code.startsWith('SQLITE_CONSTRAINT')) return / constraint failed: ([\w$.]{1,128})$/.exec(end)?.[1];
  return undefined;
}
