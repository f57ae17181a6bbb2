import { andThen, type MaybePromise, utf8 } from '@secapi/kernel';
import {
  checkStructure,
  type Issue,
  isJson,
  type JsonLimits,
  parseJson,
  parseMediaType,
  parseQuery,
  type StandardSchemaV1,
  validate,
} from '@secapi/validation';
import type { Exchange } from './exchange.js';
import type { Refusal } from './guard.js';
import { type RawBody, rawBodyOf } from './raw-body.js';
import type { RouteInput, RouteSecurity } from './route.js';

/** Bounds of what is read. */
export interface InputBounds {
  /** Bytes of a body at most. */
  readonly bodyLimit: number;
  readonly json?: JsonLimits | undefined;
}

type Read<T> = { refusal: Refusal } | { value: T };
type Input = RouteInput<undefined, undefined, undefined>;

const withBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Reads and validates what a route declares, in order: parameters, query, body. The handler sees the schemas' output
 * and never what came in (ASVS v5.0.0-2.2.1, 15.3.3).
 */
export function readInput(
  exchange: Exchange,
  route: RouteSecurity,
  rawParams: Readonly<Record<string, string>>,
  bounds: InputBounds,
): MaybePromise<Read<Input>> {
  // The outputs' types are the route's; they are put back where the handler's context is typed.
  return andThen(check(route.params, 'params', rawParams), (params) => {
    if ('refusal' in params) return params;
    return andThen(readQuery(exchange, route.query), (query) => {
      if ('refusal' in query) return query;
      return andThen(readBody(exchange, route.body, bounds), (body) => {
        if ('refusal' in body) return body;
        return { value: { params: params.value, query: query.value, body: body.value } as Input };
      });
    });
  });
}

function readQuery(exchange: Exchange, schema: StandardSchemaV1 | undefined): MaybePromise<Read<unknown>> {
  if (!schema) return { value: undefined };
  const parsed = parseQuery(exchange.query);
  if (!parsed.ok) return { refusal: refuse('QUERY_INVALID', parsed.reason) };
  return check(schema, 'query', parsed.value);
}

function readBody(
  exchange: Exchange,
  schema: StandardSchemaV1 | undefined,
  bounds: InputBounds,
): MaybePromise<Read<unknown>> {
  if (!withBody.has(exchange.request.method)) return { value: undefined };
  const { request } = exchange;
  const raw = rawBodyOf(schema);
  if (raw) return readRaw(exchange, raw);
  const length = request.header('content-length');
  const type = request.header('content-type');
  const empty = request.header('transfer-encoding') === undefined && (length === undefined || length === '0');
  if (empty && !schema && type === undefined) return { value: undefined };
  if (!isJson(type) || (request.header('content-encoding') ?? 'identity') !== 'identity') {
    return { refusal: refuse('MEDIA_TYPE_UNSUPPORTED', 'content_type') };
  }
  if (length !== undefined && Number(length) > bounds.bodyLimit)
    return { refusal: refuse('BODY_TOO_LARGE', 'content_length') };
  return andThen(parseBody(exchange, bounds), (parsed) => {
    if ('refusal' in parsed) return parsed;
    return schema ? check(schema, 'body', parsed.value) : refuseContent(parsed.value);
  });
}

function parseBody(exchange: Exchange, { bodyLimit, json }: InputBounds): MaybePromise<Read<unknown>> {
  const source = exchange.request.body;
  const parsed = source.parsed();
  if (parsed !== undefined) {
    const structure = checkStructure(parsed, json);
    return structure.ok ? { value: parsed } : { refusal: refuse('JSON_INVALID', structure.reason) };
  }
  return source.read(bodyLimit).then((read): Read<unknown> => {
    if (!read.ok)
      return {
        refusal: refuse(read.reason === 'too_large' ? 'BODY_TOO_LARGE' : 'REQUEST_INVALID', read.reason),
      };
    const value = parseJson(read.bytes, json);
    return value.ok ? { value: value.value } : { refusal: refuse('JSON_INVALID', value.reason) };
  });
}

function readRaw({ request }: Exchange, raw: RawBody<unknown>): MaybePromise<Read<unknown>> {
  const type = parseMediaType(request.header('content-type'))?.essence;
  if (type === undefined || !raw.types.includes(type))
    return { refusal: refuse('MEDIA_TYPE_UNSUPPORTED', 'content_type') };
  if ((request.header('content-encoding') ?? 'identity') !== 'identity')
    return { refusal: refuse('MEDIA_TYPE_UNSUPPORTED', 'content_encoding') };
  const take = (bytes: Uint8Array): Read<unknown> => {
    if (bytes.byteLength > raw.limit) return { refusal: refuse('BODY_TOO_LARGE', 'too_large') };
    const read = raw.read(bytes, type);
    return read.ok ? { value: read.value } : { refusal: refuse('REQUEST_INVALID', read.reason) };
  };
  const parsed = request.body.parsed();
  // Some parsers of JSON take these types as well; what they made is written again, and so read by the same rules.
  if (parsed !== undefined) return take(utf8(JSON.stringify(parsed)));
  return request.body.read(raw.limit).then((read): Read<unknown> => {
    if (read.ok) return take(read.bytes);
    const code = read.reason === 'too_large' ? 'BODY_TOO_LARGE' : 'REQUEST_INVALID';
    return { refusal: refuse(code, read.reason) };
  });
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

function refuseIssue(path: string, code: Issue['code'], message: string): { refusal: Refusal } {
  return { refusal: invalid('body', [{ path, code, message }]) };
}

function check(
  schema: StandardSchemaV1 | undefined,
  part: string,
  value: unknown,
): MaybePromise<Read<unknown>> {
  if (!schema) return { value: undefined };
  return andThen(
    validate(schema, value),
    (checked): Read<unknown> =>
      checked.ok ? { value: checked.value } : { refusal: invalid(part, checked.issues) },
  );
}

function invalid(part: string, errors: readonly Issue[]): Refusal {
  return { ...refuse('VALIDATION_FAILED', `${part}: ${errors[0]?.code ?? 'invalid'}`), errors };
}

function refuse(code: Refusal['code'], reason: string): Refusal {
  return { code, event: { event: 'input_validation_fail', outcome: 'failure', details: { reason } } };
}
