import { andThen, ConfigError, type MaybePromise, utf8 } from '@secapi/kernel';
import {
  checkStructure,
  type FormFiles,
  type FormReader,
  type Issue,
  isJson,
  type JsonLimits,
  openForm,
  parseJson,
  parseMediaType,
  type StandardSchemaV1,
} from '@secapi/validation';
import type { BodySource, Exchange } from './exchange.js';
import { type RawBody, rawBodyOf } from './raw-body.js';
import { check, invalid, type Read, refuse } from './read.js';
import type { RouteSecurity } from './route.js';

/** Bounds of what is read. */
export interface InputBounds {
  /** Bytes of a body at most. */
  readonly bodyLimit: number;
  readonly json?: JsonLimits | undefined;
}

type Body = { readonly body?: unknown; readonly files?: unknown };

const withBody = new Set(['POST', 'PUT', 'PATCH']);
const none: Read<Body> = { value: {} };

/**
 * Compiles what reads the body of a route's requests: JSON, a form with files, or bytes in a reader's own way. The media type is read once, by
 * one parser, and what it says decides both how the body is parsed and by what it is judged.
 *
 * @throws ConfigError when a route wants its body in two ways
 */
export function compileBody(
  { body: schema, files }: RouteSecurity,
  bounds: InputBounds,
): (exchange: Exchange) => MaybePromise<Read<Body>> {
  const raw = rawBodyOf(schema);
  if (raw && files)
    throw new ConfigError('route.files', 'stands beside a body that is read as bytes', 'declare one of them');
  const asBody = (read: Read<unknown>): Read<Body> =>
    'refusal' in read ? read : { value: { body: read.value } };
  return function readBody(exchange) {
    if (!withBody.has(exchange.request.method)) return none;
    if (files) return readForm(exchange, files, schema);
    return andThen(raw ? readRaw(exchange, raw) : readJson(exchange, schema, bounds), asBody);
  };
}

/** The content type and no other, or the refusal of what only some readers understand. */
function contentType({ request }: Exchange): string | undefined {
  // Node keeps the first of two, other runtimes the last or both: it is none
  if (request.values('content-type').length > 1) return undefined;
  if ((request.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity') return undefined;
  return request.header('content-type');
}

function tooLong({ request }: Exchange, limit: number): boolean {
  const length = request.header('content-length');
  return length !== undefined && Number(length) > limit;
}

const unsupported: Read<never> = { refusal: refuse('MEDIA_TYPE_UNSUPPORTED', 'content_type') };

function readJson(
  exchange: Exchange,
  schema: StandardSchemaV1 | undefined,
  bounds: InputBounds,
): MaybePromise<Read<unknown>> {
  const { request } = exchange;
  if (!schema && isEmpty(exchange) && request.header('content-type') === undefined)
    return { value: undefined };
  if (!isJson(contentType(exchange))) return unsupported;
  if (tooLong(exchange, bounds.bodyLimit)) return { refusal: refuse('BODY_TOO_LARGE', 'content_length') };
  return andThen(parseBody(exchange, bounds), (parsed) => {
    if ('refusal' in parsed) return parsed;
    return schema ? check(schema, 'body', parsed.value) : refuseContent(parsed.value);
  });
}

function isEmpty({ request }: Exchange): boolean {
  const length = request.header('content-length');
  return request.header('transfer-encoding') === undefined && (length === undefined || length === '0');
}

function parseBody(exchange: Exchange, { bodyLimit, json }: InputBounds): MaybePromise<Read<unknown>> {
  const source = exchange.request.body;
  const parsed = source.parsed();
  if (parsed !== undefined) {
    const structure = checkStructure(parsed, json);
    return structure.ok ? { value: parsed } : { refusal: refuse('JSON_INVALID', structure.reason) };
  }
  return source.read(bodyLimit).then((read): Read<unknown> => {
    if (!read.ok) return unread(read.reason);
    const value = parseJson(read.bytes, json);
    return value.ok ? { value: value.value } : { refusal: refuse('JSON_INVALID', value.reason) };
  });
}

function unread(reason: 'too_large' | 'aborted' | 'taken'): Read<never> {
  return { refusal: refuse(reason === 'too_large' ? 'BODY_TOO_LARGE' : 'REQUEST_INVALID', reason) };
}

/** A source that shows what it reads as it streams; one that can't gives all of it at the end. */
interface StreamedBody {
  read(limit: number, watch: (chunk: Uint8Array) => boolean): ReturnType<BodySource['read']>;
}

function readForm(
  exchange: Exchange,
  files: FormFiles,
  schema: StandardSchemaV1 | undefined,
): MaybePromise<Read<Body>> {
  const reader = openForm(files, contentType(exchange));
  if (!reader) return unsupported;
  if (tooLong(exchange, files.maxBytes)) return { refusal: refuse('BODY_TOO_LARGE', 'content_length') };
  // A second parser of forms would have read the stream: then it is taken, and nothing of it is believed.
  const source: StreamedBody = exchange.request.body;
  return source.read(files.maxBytes, reader.write).then((read): MaybePromise<Read<Body>> => {
    if (!read.ok) return unread(read.reason);
    if (read.bytes.byteLength > 0) reader.write(read.bytes);
    return judgeForm(reader, schema);
  });
}

function judgeForm(reader: FormReader, schema: StandardSchemaV1 | undefined): MaybePromise<Read<Body>> {
  const form = reader.end();
  if (!form.ok) {
    if (form.reason === 'FORM_INVALID') return { refusal: invalid('files', form.issues) };
    return {
      refusal: refuse(form.reason === 'FORM_TOO_LARGE' ? 'BODY_TOO_LARGE' : 'REQUEST_INVALID', form.reason),
    };
  }
  return andThen(schema ? check(schema, 'body', form.fields) : refuseContent(form.fields), (body) =>
    'refusal' in body ? body : { value: { body: body.value, files: form.files } },
  );
}

function readRaw(exchange: Exchange, raw: RawBody<unknown>): MaybePromise<Read<unknown>> {
  const type = parseMediaType(contentType(exchange))?.essence;
  if (type === undefined || !raw.types.includes(type)) return unsupported;
  const { body } = exchange.request;
  const take = (bytes: Uint8Array): Read<unknown> => {
    if (bytes.byteLength > raw.limit) return { refusal: refuse('BODY_TOO_LARGE', 'too_large') };
    const read = raw.read(bytes, type);
    return read.ok ? { value: read.value } : { refusal: refuse('REQUEST_INVALID', read.reason) };
  };
  const parsed = body.parsed();
  // Some parsers of JSON take these types as well; what they made is written again, and so read by the same rules.
  if (parsed !== undefined) return take(utf8(JSON.stringify(parsed)));
  return body.read(raw.limit).then((read) => (read.ok ? take(read.bytes) : unread(read.reason)));
}

/** A route that declares no body takes an empty object at most: what nobody asked for is refused, not ignored. */
function refuseContent(value: unknown): Read<unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuseIssue('', 'type', 'An empty object is expected.');
  const [key] = Object.keys(value);
  return key === undefined
    ? { value: undefined }
    : refuseIssue(`/${key.slice(0, 64)}`, 'unknown_key', 'This key is not known.');
}

function refuseIssue(path: string, code: Issue['code'], message: string): Read<never> {
  return { refusal: invalid('body', [{ path, code, message }]) };
}
