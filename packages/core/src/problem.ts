import type { HeaderList } from '@secapi/http';
import { type CatalogueCode, catalogue, problemType } from './catalogue.js';
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
function toProblem(error: ProblemSource, requestId: string, instance?: string): Problem {
  return {
    type: problemType(error.code),
    title: error.title,
    status: error.status,
    detail: error.detail,
    instance: instance ?? instanceOf(requestId),
    code: error.code,
    requestId,
    ...(error.errors ? { errors: error.errors } : {}),
  };
}

const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** The request as a URN; an id that a proxy has given may be no UUID. */
function instanceOf(requestId: string): string {
  return `${uuid.test(requestId) ? 'urn:uuid' : 'urn:secapi:request'}:${requestId}`;
}

/** Makes the answers to requests that ended in an error, in one format. */
export interface Problems {
  ofError(error: ProblemSource, requestId: string): Reply;
  /** The same for a code of the catalogue: its text is made once, and the request's id is put into it. */
  ofCode(
    code: CatalogueCode,
    requestId: string,
    headers: HeaderList,
    errors: readonly ProblemIssue[] | undefined,
  ): Reply;
}

/** Stand for the request's id and URN until there are some; nothing in the catalogue reads like them. */
const places = { id: '{requestId}', instance: '{instance}' };

export function createProblems(format: ErrorFormat): Problems {
  const simple = format === 'simple';
  const common = simple ? simpleHeaders : problemHeaders;
  const texts = new Map<CatalogueCode, readonly string[]>();

  function ofError(error: ProblemSource, requestId: string): Reply {
    return replyTo(error, requestId);
  }

  function replyTo(error: ProblemSource, requestId: string, instance?: string): Reply {
    const body = simple ? { error: error.detail, code: error.code } : toProblem(error, requestId, instance);
    return reply(error.status, error.headers, JSON.stringify(body));
  }

  function textOf(code: CatalogueCode): readonly string[] {
    let text = texts.get(code);
    if (!text) {
      const source = { ...catalogue[code], code, headers: [], errors: undefined };
      const body = String(replyTo(source, places.id, places.instance).body);
      text = body.split(places.instance).flatMap((part) => part.split(places.id));
      texts.set(code, text);
    }
    return text;
  }

  function ofCode(
    code: CatalogueCode,
    requestId: string,
    headers: HeaderList,
    errors: readonly ProblemIssue[] | undefined,
  ): Reply {
    const [before = '', between, after] = textOf(code);
    // An id is of letters, digits, - and _, of which JSON escapes nothing.
    const body =
      between === undefined ? before : `${before}${instanceOf(requestId)}${between}${requestId}${after}`;
    const issues = errors && !simple ? `${body.slice(0, -1)},"errors":${JSON.stringify(errors)}}` : body;
    return reply(catalogue[code].status, headers, issues);
  }

  function reply(status: number, headers: HeaderList, body: string): Reply {
    return { status, headers: headers.length > 0 ? [...common, ...headers] : common, body };
  }

  return { ofError, ofCode };
}
