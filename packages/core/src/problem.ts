import type { HeaderList } from '@secapi/http';
import type { Reply } from './reply.js';

/** What a problem is made from: an {@link ApiError}, or an entry of the catalogue. */
export interface ProblemSource {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly headers: HeaderList;
  readonly errors: readonly ProblemIssue[] | undefined;
}

/** How errors are answered: problem details (RFC 9457), or the short `{ error, code }`. */
export type ErrorFormat = 'problem' | 'simple';

/** One thing that is wrong with the input: where, as a JSON pointer, and what. It never holds the value. */
export interface ProblemIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** A problem as it is answered (RFC 9457), with secapi's `code`, `requestId` and, for 422, `errors`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly ProblemIssue[];
}

const problemHeaders: HeaderList = [
  ['content-type', 'application/problem+json'],
  ['cache-control', 'no-store'],
];
const simpleHeaders: HeaderList = [
  ['content-type', 'application/json; charset=utf-8'],
  ['cache-control', 'no-store'],
];

/** The problem of an error, for one request. */
function toProblem(error: ProblemSource, requestId: string): Problem {
  return {
    type: `urn:secapi:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: error.title,
    status: error.status,
    detail: error.detail,
    instance: `urn:uuid:${requestId}`,
    code: error.code,
    requestId,
    ...(error.errors ? { errors: error.errors } : {}),
  };
}

/** The answer to a request that ended in an error. */
export function problemReply(error: ProblemSource, requestId: string, format: ErrorFormat): Reply {
  const simple = format === 'simple';
  const body = simple ? { error: error.detail, code: error.code } : toProblem(error, requestId);
  const headers = simple ? simpleHeaders : problemHeaders;
  return {
    status: error.status,
    headers: error.headers.length > 0 ? [...headers, ...error.headers] : headers,
    body: JSON.stringify(body),
  };
}
