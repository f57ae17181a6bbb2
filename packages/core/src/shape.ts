import { andThen, type MaybePromise, SecapiError } from '@secapi/kernel';
import { validate } from '@secapi/validation';
import type { Exchange } from './exchange.js';
import { errorOfStatus } from './map-error.js';
import type { Answer, Reply } from './reply.js';

const json = ['content-type', 'application/json; charset=utf-8'] as const;
const empty = new Set([204, 205, 304]);

/**
 * An answer as a reply: what `returns` declares and nothing else (ASVS v5.0.0-15.3.1), as JSON.
 *
 * Where something is declared, an answer from 400 up becomes the problem of its status: its own body is dropped.
 *
 * @throws ApiError for such a status
 * @throws SecapiError `ANSWER_MISMATCH` when it doesn't match `returns`; the message names paths, never values
 */
export function shapeAnswer(exchange: Exchange, { status, headers, body }: Answer): MaybePromise<Reply> {
  if (body === undefined || empty.has(status)) return { status, headers };
  const schema = exchange.route?.returns;
  if (!schema) return serialize(status, headers, body);
  if (status >= 400) throw errorOfStatus(status);
  return andThen(validate(schema, body), (shaped) => {
    if (shaped.ok) return serialize(status, headers, shaped.value);
    const where = shaped.issues.map((issue) => `${issue.path || '/'} ${issue.code}`).join(', ');
    throw new SecapiError('ANSWER_MISMATCH', `the answer does not match returns: ${where}`);
  });
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
