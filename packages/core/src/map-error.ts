import { SecapiError } from '@secapi/kernel';
import { ApiError } from './api-error.js';
import type { CatalogueCode } from './catalogue.js';

/** The problems that errors of frameworks, parsers and secapi's own parts become, by status. */
const byStatus = new Map<number, CatalogueCode>([
  [400, 'REQUEST_INVALID'],
  [404, 'NOT_FOUND'],
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [405, 'METHOD_NOT_ALLOWED'],
  [408, 'REQUEST_TIMEOUT'],
  [409, 'CONFLICT'],
  [413, 'BODY_TOO_LARGE'],
  [415, 'MEDIA_TYPE_UNSUPPORTED'],
  [422, 'VALIDATION_FAILED'],
  [429, 'RATE_LIMITED'],
  [431, 'HEADERS_TOO_LARGE'],
  [503, 'UNAVAILABLE'],
]);

/** The error that stands for a bare status, with nothing of the answer that came with it. */
export function errorOfStatus(status: number, cause?: unknown): ApiError {
  const code = byStatus.get(status);
  if (code) return new ApiError(code, { cause });
  return status < 500
    ? new ApiError('REQUEST_REFUSED', { status, cause })
    : new ApiError('INTERNAL_ERROR', { cause });
}

/** Codes of secapi's own errors that mean "not now" and not "never". */
const busy = new Set([
  'HASHING_BUSY',
  'HASHING_BREACH_CHECK_UNAVAILABLE',
  'KEYS_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'DATABASE_DEADLINE',
  'REDIS_TIMEOUT',
  'REDIS_UNREACHABLE',
  'REDIS_CIRCUIT_OPEN',
  'REDIS_FAILED',
  'AUDIT_QUEUE_FULL',
]);

/**
 * Any error as one that may be answered. Of what isn't an {@link ApiError} only the status is taken, and only from
 * a framework's own errors: 4xx and meant for the client (`expose`, as http-errors has it, Fastify's `FST_` codes, or a
 * parser's SyntaxError and URIError with a status).
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof SecapiError && busy.has(error.code)) {
    return new ApiError('UNAVAILABLE', { headers: [['retry-after', '5']], cause: error });
  }
  // The client has gone: nobody reads the answer, and it is no failure of the server's that its log should tell of.
  if (error instanceof SecapiError && error.code === 'HASHING_ABORTED') return errorOfStatus(499, error);
  const status = clientStatus(error);
  return status === undefined
    ? new ApiError('INTERNAL_ERROR', { cause: error })
    : errorOfStatus(status, error);
}

function clientStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { status, statusCode, expose, code } = error as Record<string, unknown>;
  const answered = typeof statusCode === 'number' ? statusCode : status;
  const ofParser = error instanceof SyntaxError || error instanceof URIError;
  const meant = expose === true || ofParser || (typeof code === 'string' && code.startsWith('FST_'));
  const isStatus =
    typeof answered === 'number' && Number.isInteger(answered) && answered >= 400 && answered < 500;
  return meant && isStatus ? answered : undefined;
}
