// This file imports nothing: `docs/errors.md` is made from it alone.

/** What the catalogue knows of a code: the status it answers with, the texts of its problem, and those of its documentation. */
export interface CatalogueEntry {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** When it is answered. */
  readonly when: string;
  /** What a client should do. */
  readonly action: string;
}

const entries = {
  REQUEST_INVALID: {
    status: 400,
    title: 'Bad Request',
    detail: 'The request is not well-formed.',
    when: 'The target, a header or the end of the request can be read in more than one way, or not at all; or an id or a path is not well-formed.',
    action: 'Mend the request; the same one is refused again.',
  },
  HOST_INVALID: {
    status: 400,
    title: 'Bad Request',
    detail: 'The host of the request is not one that is served here.',
    when: '`Host` names a host that is not on the list, or is not a host.',
    action: 'Call the API by its own name.',
  },
  JSON_INVALID: {
    status: 400,
    title: 'Bad Request',
    detail: 'The body is not acceptable JSON.',
    when: 'The body is no JSON, not UTF-8, deeper or larger in number than is accepted, has a key twice or one such as `__proto__`.',
    action: 'Send JSON (RFC 8259) with each key once; the same body is refused again.',
  },
  QUERY_INVALID: {
    status: 400,
    title: 'Bad Request',
    detail: 'The query string is not acceptable.',
    when: "The query string can't be decoded, has a name twice or too many names.",
    action: 'Encode it, each name once.',
  },
  COOKIE_INVALID: {
    status: 400,
    title: 'Bad Request',
    detail: 'The Cookie header is not acceptable.',
    when: "The `Cookie` header can't be parsed, is too large, or holds a guarded name twice.",
    action: 'Delete the cookies of this site and sign in again.',
  },
  REQUEST_REFUSED: {
    status: 400,
    title: 'Bad Request',
    detail: 'The request is refused.',
    when: 'The framework or a library refused the request with a 4xx status that has no code of its own here; the problem bears that status.',
    action: 'Go by the status.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Unauthorized',
    detail: 'This needs a signed-in principal.',
    when: 'The route needs a signed-in principal and the request bears no access token.',
    action: 'Sign in, and send `Authorization: Bearer …`.',
  },
  INVALID_TOKEN: {
    status: 401,
    title: 'Unauthorized',
    detail: 'The access token is not valid.',
    when: 'The access token is malformed, expired, revoked, for somebody else or signed by a key that is unknown. Which of these is never told.',
    action: 'Get a new one with the refresh token once; sign in again when that is refused too.',
  },
  STEP_UP_REQUIRED: {
    status: 401,
    title: 'Unauthorized',
    detail: 'This needs a more recent sign-in; see the WWW-Authenticate header.',
    when: 'The route asks for a sign-in more recent than this one (RFC 9470).',
    action: 'Have the user sign in again, and repeat the request with the new token.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    detail: 'This principal may not do this.',
    when: 'The policy does not grant this to the principal.',
    action: "Don't repeat it; another principal or role is needed.",
  },
  FIELD_FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    detail: 'This principal may not write all of these fields.',
    when: 'The body holds a field that the policy does not let the principal write; `errors` names each.',
    action: 'Leave those fields out; another principal or role is needed to write them.',
  },
  ACCESS_UNDECLARED: {
    status: 403,
    title: 'Forbidden',
    detail: 'This route declares no access, so nobody has any.',
    when: 'The route declares no access. Its handler never runs.',
    action: 'Nothing: the operators have to declare it.',
  },
  CSRF_REFUSED: {
    status: 403,
    title: 'Forbidden',
    detail: 'A request from another site is not accepted here.',
    when: 'A browser sent the request from another site, or its token against forgery is missing or wrong.',
    action: "Call it from the application's own pages.",
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: 'Forbidden',
    detail: 'This origin is not allowed.',
    when: 'The `Origin` is none that may call the API.',
    action: 'Call it from an origin that is allowed.',
  },
  HTTPS_REQUIRED: {
    status: 403,
    title: 'Forbidden',
    detail: 'This is served over HTTPS only.',
    when: 'The request came over plain HTTP. What it held, such as a token, may have been read on the way.',
    action: 'Use `https:`, and replace the token that was sent.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'Not Found',
    detail: 'There is nothing here.',
    when: 'No route takes the path, or the principal may not know whether the resource is there.',
    action: 'Check the path and the id.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method Not Allowed',
    detail: 'This method is not served here; see the Allow header.',
    when: 'The path is known and the method is not; or it is one that is never served, such as TRACE.',
    action: 'Use one of those in `Allow`.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request Timeout',
    detail: 'The request did not arrive in time.',
    when: 'Headers or body did not arrive in time.',
    action: 'Send it again, without pauses.',
  },
  CONFLICT: {
    status: 409,
    title: 'Conflict',
    detail: 'The request conflicts with the present state.',
    when: 'What is asked for contradicts what is stored, such as a name that is taken.',
    action: 'Read the present state, then decide.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Content Too Large',
    detail: 'The body is larger than this accepts.',
    when: 'The body, or one of its parts, has more bytes than are accepted, as counted while it streams.',
    action: 'Send less, or send it in several requests.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'Unsupported Media Type',
    detail: 'The body must be application/json.',
    when: '`Content-Type` or `Content-Encoding` is none that the route takes.',
    action: 'Send `application/json` in UTF-8, not compressed.',
  },
  VALIDATION_FAILED: {
    status: 422,
    title: 'Unprocessable Content',
    detail: 'The input does not match what this accepts.',
    when: 'The input does not match the schema. `errors` lists for each problem its `path` (a JSON pointer), `code` and `message`, and never the value.',
    action: 'Mend what `errors` names.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too Many Requests',
    detail: 'The limit is reached; see the Retry-After header.',
    when: 'A limit of this client, principal or route is reached, or the client is banned for a while.',
    action: 'Wait for `Retry-After` seconds, and some at random on top.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Request Header Fields Too Large',
    detail: 'The header fields are larger than this accepts.',
    when: 'The header fields are larger together than the server accepts.',
    action: 'Send fewer or smaller ones; delete cookies.',
  },
  CLIENT_GONE: {
    status: 499,
    title: 'Client Closed Request',
    detail: 'The client went away before the answer.',
    when: 'The connection was closed while the request was worked on. Only logs and proxies see this.',
    action: 'Nothing reads it.',
  },
  INTERNAL_ERROR: {
    status: 500,
    title: 'Internal Server Error',
    detail: 'An unexpected error occurred.',
    when: 'Something failed that nobody foresaw. The log has it under the `requestId`.',
    action: 'Report the `requestId`. Repeat only what may be done twice.',
  },
  UNAVAILABLE: {
    status: 503,
    title: 'Service Unavailable',
    detail: 'This can not be served just now; try again later.',
    when: 'Something that the answer needs, such as a database, does not answer, has no place left or gave up in time.',
    action:
      'Repeat it after `Retry-After` seconds. What was asked may have been done: make sure before you do it twice.',
  },
} as const;

/** The codes of the problems that secapi itself answers with. */
export type CatalogueCode = keyof typeof entries;

/**
 * Every problem that secapi itself answers with. The texts are fixed: nothing of a request or of an error is ever
 * put into them (ASVS v5.0.0-16.5.1).
 */
export const catalogue: Readonly<Record<CatalogueCode, CatalogueEntry>> = entries;

/** Whether a code stands in the catalogue. */
export function isCatalogueCode(code: string): code is CatalogueCode {
  return Object.hasOwn(catalogue, code);
}

/** The `type` of a code's problem (RFC 9457 §3.1.1): it never changes, and is the code in another spelling. */
export function problemType(code: string): string {
  return `urn:secapi:problem:${code.toLowerCase().replaceAll('_', '-')}`;
}
