import { SecapiError } from '@secapi/kernel';
import { ApiError } from './api-error.js';
import type { CatalogueCode } from './catalogue.js';
import type { ErrorMapper } from './constraint-errors.js';
import { chainOf, partOf, textOf } from './error-parts.js';
import { isNotNow } from './not-now.js';

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
  [499, 'CLIENT_GONE'],
]);

const soon = [['retry-after', '5']] as const;

/** The error that stands for a bare status, with nothing of the answer that came with it. */
export function errorOfStatus(status: number, cause?: unknown): ApiError {
  if (status === 503) return new ApiError('UNAVAILABLE', { headers: soon, cause });
  const code = byStatus.get(status);
  // A 401 names its scheme (RFC 9110 §15.5.2).
  if (code === 'UNAUTHENTICATED')
    return new ApiError(code, { headers: [['www-authenticate', 'Bearer']], cause });
  if (code) return new ApiError(code, { cause });
  return status < 500
    ? new ApiError('REQUEST_REFUSED', { status, cause })
    : new ApiError('INTERNAL_ERROR', { cause });
}

/** What is known besides an error when it is mapped. */
export interface ErrorCircumstances {
  /** The application's own mappings, asked first. */
  readonly mappers?: readonly ErrorMapper[];
  /** Whether the client has gone. */
  readonly gone?: boolean;
}

/**
 * Any error as one that may be answered. Of what isn't an {@link ApiError} only the status is taken, and only from
 * a framework's own errors: meant for the client (`expose`, as http-errors has it, Fastify's `FST_` codes, or a
 * parser's SyntaxError and URIError with a status). Whatever was thrown, this doesn't throw.
 */
export function toApiError(
  error: unknown,
  { mappers = [], gone = false }: ErrorCircumstances = {},
): ApiError {
  try {
    if (error instanceof ApiError) return error;
    for (const map of mappers) {
      const mapped = map(error);
      if (mapped instanceof ApiError) return mapped;
    }
    // Nobody reads the answer, and it is no failure of the server's that its log should tell of.
    if (isOfLeaving(error, gone)) return errorOfStatus(499, error);
    const status = statusOf(error) ?? (isNotNow(error) ? 503 : undefined);
    if (status !== undefined) return errorOfStatus(status, error);
  } catch {
    // It can't even be looked at, or a mapping failed: as unforeseen as anything.
  }
  return new ApiError('INTERNAL_ERROR', { cause: error });
}

/** What work is ended with whose client has gone; most of it means something else where the client is still there. */
const left: ReadonlySet<string> = new Set([
  ...['ECONNRESET', 'EPIPE', 'ABORT_ERR', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'],
]);

function isOfLeaving(error: unknown, gone: boolean): boolean {
  const [first] = chainOf(error);
  if (!first) return false;
  if (first instanceof SecapiError) return first.code === 'HASHING_ABORTED';
  if (textOf(first, 'type') === 'request.aborted') return true; // as raw-body has it
  return gone && (textOf(first, 'name') === 'AbortError' || left.has(textOf(first, 'code') ?? ''));
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code = textOf(error, 'code') ?? '';
  if (code === 'FST_ERR_VALIDATION') return 422;
  if (textOf(error, 'name') === 'MulterError' && code.startsWith('LIMIT_'))
    return code === 'LIMIT_UNEXPECTED_FILE' ? 422 : 413;
  const statusCode = partOf(error, 'statusCode');
  const answered = typeof statusCode === 'number' ? statusCode : partOf(error, 'status');
  const expose = partOf(error, 'expose');
  const ofParser = error instanceof SyntaxError || error instanceof URIError;
  const ofFramework = code.startsWith('FST_');
  if (answered === 503) return ofFramework || typeof expose === 'boolean' ? 503 : undefined;
  const meant = expose === true || ofParser || ofFramework;
  const isStatus =
    typeof answered === 'number' && Number.isInteger(answered) && answered >= 400 && answered < 500;
  return meant && isStatus ? answered : undefined;
}
