import type { HeaderList } from '@secapi/http';
import { ConfigError, SecapiError } from '@secapi/kernel';
import { type CatalogueCode, catalogue, isCatalogueCode } from './catalogue.js';
import type { ProblemIssue } from './problem.js';

/** What an application says of an error of its own. All of it is shown to the client. */
export interface ApiErrorOptions {
  /** 400 to 599. @default the catalogue's, for its codes */
  readonly status?: number;
  readonly title?: string;
  readonly detail?: string;
  /** Further response headers, for example `retry-after`. */
  readonly headers?: HeaderList;
  /** What is wrong with the input, for 422. */
  readonly errors?: readonly ProblemIssue[];
  /** For the log only; never shown to the client. */
  readonly cause?: unknown;
}

/**
 * An error that is meant for the client: its status, code and texts are answered as a problem (RFC 9457).
 *
 * Every other error is answered as `INTERNAL_ERROR`, with nothing of it in the answer (ASVS v5.0.0-16.5.1).
 *
 * @example
 * ```ts
 * throw new ApiError('NOT_FOUND');
 * throw new ApiError('EMAIL_TAKEN', { status: 409, title: 'Conflict', detail: 'This address is in use.' });
 * ```
 * @throws ConfigError when the code is not upper-case, or when a code of your own comes without a status, or when a header can't be written
 */
export class ApiError extends SecapiError {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly headers: HeaderList;
  readonly errors: readonly ProblemIssue[] | undefined;

  constructor(code: CatalogueCode | (string & {}), options: ApiErrorOptions = {}) {
    const known = isCatalogueCode(code) ? catalogue[code] : undefined;
    const status = options.status ?? known?.status;
    if (!/^[A-Z][A-Z0-9_]{1,63}$/.test(code)) {
      throw new ConfigError(
        'ApiError.code',
        'is not upper-case letters, digits and underscores',
        "write it like 'EMAIL_TAKEN'",
      );
    }
    if (status === undefined || !Number.isInteger(status) || status < 400 || status > 599) {
      throw new ConfigError(
        'ApiError.status',
        'is missing or not an error status',
        'give a status from 400 to 599',
      );
    }
    const title = options.title ?? known?.title ?? titleOf(status);
    super(code, title, { cause: options.cause });
    this.name = 'ApiError';
    this.status = status;
    this.title = title;
    this.detail = options.detail ?? known?.detail ?? title;
    this.headers = checkHeaders(options.headers ?? []);
    this.errors = options.errors;
  }
}

/** A header that no server can write would cost the whole answer, later and without a word of where it came from. */
function checkHeaders(headers: HeaderList): HeaderList {
  for (const [name, value] of headers) {
    if (/^[!#$%&'*+.^_`|~\da-z-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue;
    throw new ConfigError(
      'ApiError.headers',
      'hold a name that is not lower-case or a value with control characters',
      "write them like ['retry-after', '5'], with nothing of a request in them",
    );
  }
  return headers;
}

function titleOf(status: number): string {
  for (const entry of Object.values(catalogue)) if (entry.status === status) return entry.title;
  return status < 500 ? 'Bad Request' : 'Internal Server Error';
}
