/** What the catalogue knows of a code: the status it answers with and the texts of its problem. */
export interface CatalogueEntry {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

const entries = {
  REQUEST_INVALID: { status: 400, title: 'Bad Request', detail: 'The request is not well-formed.' },
  HOST_INVALID: {
    status: 400,
    title: 'Bad Request',
    detail: 'The host of the request is not one that is served here.',
  },
  JSON_INVALID: { status: 400, title: 'Bad Request', detail: 'The body is not acceptable JSON.' },
  QUERY_INVALID: { status: 400, title: 'Bad Request', detail: 'The query string is not acceptable.' },
  COOKIE_INVALID: { status: 400, title: 'Bad Request', detail: 'The Cookie header is not acceptable.' },
  UNAUTHENTICATED: { status: 401, title: 'Unauthorized', detail: 'This needs a signed-in principal.' },
  INVALID_TOKEN: { status: 401, title: 'Unauthorized', detail: 'The access token is not valid.' },
  STEP_UP_REQUIRED: {
    status: 401,
    title: 'Unauthorized',
    detail: 'This needs a more recent sign-in; see the WWW-Authenticate header.',
  },
  FORBIDDEN: { status: 403, title: 'Forbidden', detail: 'This principal may not do this.' },
  ACCESS_UNDECLARED: {
    status: 403,
    title: 'Forbidden',
    detail: 'This route declares no access, so nobody has any.',
  },
  CSRF_REFUSED: {
    status: 403,
    title: 'Forbidden',
    detail: 'A request from another site is not accepted here.',
  },
  ORIGIN_REFUSED: { status: 403, title: 'Forbidden', detail: 'This origin is not allowed.' },
  HTTPS_REQUIRED: { status: 403, title: 'Forbidden', detail: 'This is served over HTTPS only.' },
  NOT_FOUND: { status: 404, title: 'Not Found', detail: 'There is nothing here.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method Not Allowed',
    detail: 'This method is not served here; see the Allow header.',
  },
  REQUEST_TIMEOUT: { status: 408, title: 'Request Timeout', detail: 'The request did not arrive in time.' },
  CONFLICT: { status: 409, title: 'Conflict', detail: 'The request conflicts with the present state.' },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Content Too Large',
    detail: 'The body is larger than this accepts.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'Unsupported Media Type',
    detail: 'The body must be application/json.',
  },
  VALIDATION_FAILED: {
    status: 422,
    title: 'Unprocessable Content',
    detail: 'The input does not match what this accepts.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too Many Requests',
    detail: 'The limit is reached; see the Retry-After header.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Request Header Fields Too Large',
    detail: 'The header fields are larger than this accepts.',
  },
  INTERNAL_ERROR: { status: 500, title: 'Internal Server Error', detail: 'An unexpected error occurred.' },
  UNAVAILABLE: {
    status: 503,
    title: 'Service Unavailable',
    detail: 'This can not be served just now; try again later.',
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
