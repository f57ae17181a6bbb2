import { SecapiError } from '@secapi/kernel';
import { ApiError } from './api-error.js';
import type { CatalogueCode } from './catalogue.js';

/** The problems that errors of frameworks, parsers and secapi's own parts become, by status. */
const byStatus = new Map<number, CatalogueCode>([
  [400, 'REQUEST_INVALID'],
  [404, 'NOT_FOUND'],
  [405, 'METHOD_NOT_ALLOWED'],
  [408, 'REQUEST_TIMEOUT'],
  [413, 'BODY_TOO_LARGE'],
  [415, 'MEDIA_TYPE_UNSUPPORTED'],
  [431, 'HEADERS_TOO_LARGE'],
]);

/** Codes of secapi's own errors that mean "not now" and not "never". */
const busy = new Set(['HASHING_BUSY', 'STORE_UNAVAILABLE']);

/**
 * Any error as one that may be answered. Of what isn't an {@link ApiError} only the status is taken, and only from
 * a framework's own errors: 4xx and meant for the client (`expose`, as http-errors has it, or Fastify's `FST_` codes).
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof SecapiError && busy.has(error.code)) {
    return new ApiError('UNAVAILABLE', { headers: [['retry-after', '5']], cause: error });
  }
  const code = byStatus.get(clientStatus(error) ?? 0);
  return new ApiError(code ?? 'INTERNAL_ERROR', { cause: error });
}

function clientStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { status, statusCode, expose, code } = error as Record<string, unknown>;
  const answered = typeof statusCode === 'number' ? statusCode : status;
  const meant = expose === true || (typeof code === 'string' && code.startsWith('FST_'));
  return meant && typeof answered === 'number' ? answered : undefined;
}
