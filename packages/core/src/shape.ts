import { andThen, type MaybePromise, SecapiError } from '@secapi/kernel';
import { validate } from '@secapi/validation';
import type { Exchange } from './exchange.js';
import { errorOfStatus } from './map-error.js';
import type { Answer, Reply } from './reply.js';

const json = ['content-type', 'application/json; charset=utf-8'] as const;
const empty = new Set([204, 205, 304]);

/** Statuses that say where else the answer is: they need no body. */
const elsewhere = new Set([301, 302, 303, 307, 308]);

/**
 * An answer as a reply: what `returns` declares and nothing else (ASVS v5.0.0-15.3.1), as JSON.
 *
 * Where something is declared, an answer from 400 up becomes the problem of its status: its own body is dropped. A success without a body
 * must be declared as well, or say by its status (204, 205, 304, a redirect) that there is none.
 *
 * @throws ApiError for such a status
 * @throws SecapiError `ANSWER_MISMATCH` when it doesn't match `returns`, or when it is a stream, which nobody can judge before it is sent; the
 * message names paths, never values
 */
export function shapeAnswer(exchange: Exchange, { status, headers, body }: Answer): MaybePromise<Reply> {
  if (empty.has(status)) return { status, headers };
  const schema = exchange.route?.returns;
  if (!schema) {
    if (body === undefined) return { status, headers };
    refuseStream(body);
    return serialize(status, headers, body);
  }
  if (status >= 400) throw errorOfStatus(status);
  if (body === undefined && elsewhere.has(status)) return { status, headers };
  refuseStream(body);
  return andThen(validate(schema, body, 'answer'), (shaped) => {
    if (!shaped.ok) {
      const where = shaped.issues.map((issue) => `${issue.path || '/'} ${issue.code}`).join(', ');
      throw new SecapiError('ANSWER_MISMATCH', `the answer does not match returns: ${where}`);
    }
    return shaped.value === undefined ? { status, headers } : serialize(status, headers, shaped.value);
  });
}

/** A stream written as JSON would be its inner state. */
function refuseStream(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const { pipe, getReader } = body as { pipe?: unknown; getReader?: unknown }; // streams of Node and of the web
  if (typeof pipe !== 'function' && typeof getReader !== 'function' && !(Symbol.asyncIterator in body))
    return;
  throw new SecapiError(
    'ANSWER_MISMATCH',
    "the answer is a stream: leave returns out, and send it by the framework's own means",
  );
}

function serialize(status: number, headers: Reply['headers'], body: unknown): Reply {
  const typed = headers.some(([name]) => name === 'content-type');
  if (typed && (typeof body === 'string' || body instanceof Uint8Array)) return { status, headers, body };
  const text = JSON.stringify(body);
  if (text === undefined)
    throw new SecapiError('ANSWER_MISMATCH', 'the answer is not a value that JSON can hold');
  return {
    status,
    headers: typed ? headers : headers.length > 0 ? [...headers, json] : jsonOnly,
    body: text,
  };
}

const jsonOnly: Reply['headers'] = [json];
