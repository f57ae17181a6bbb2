import { andThen, ConfigError, isPromise, type MaybePromise } from '@secapi/kernel';
import { declaredKeys, parseQuery, type StandardSchemaV1 } from '@secapi/validation';
import { compileBody, type InputBounds } from './body-input.js';
import type { Exchange } from './exchange.js';
import { check, type Read, refuse } from './read.js';
import type { RouteInput, RouteSecurity } from './route.js';

type Input = RouteInput<undefined, undefined, undefined>;
type Params = Readonly<Record<string, string>>;
/** One part of what comes in: what it is called, and how it is read and judged. */
type Part = (exchange: Exchange, params: Params) => MaybePromise<Read<Partial<Record<keyof Input, unknown>>>>;

const nothing: Input = Object.freeze({
  params: undefined,
  query: undefined,
  headers: undefined,
  cookies: undefined,
  body: undefined,
  files: undefined,
});

/**
 * Compiles what reads and validates the input that a route declares, in order: parameters, query, headers, cookies, body. The handler sees the
 * schemas' output and never what came in (ASVS v5.0.0-2.2.1, 15.3.3).
 *
 * @throws ConfigError when headers or cookies don't tell by their schema which they are
 */
export function compileInput(
  route: RouteSecurity,
  bounds: InputBounds,
): (exchange: Exchange, params: Params) => MaybePromise<Read<Input>> {
  const { params, query, headers, cookies } = route;
  const parts: Part[] = [];
  if (params) parts.push((_exchange, given) => named('params', check(params, 'params', given)));
  if (query) parts.push((exchange) => named('query', readQuery(exchange, query)));
  if (headers) {
    const names = keysOf('headers', headers);
    parts.push((exchange) => named('headers', readHeaders(exchange, headers, names)));
  }
  if (cookies) {
    const names = keysOf('cookies', cookies);
    parts.push((exchange) => named('cookies', readCookies(exchange, cookies, names)));
  }
  parts.push(compileBody(route, bounds));

  function readFrom(
    first: number,
    exchange: Exchange,
    given: Params,
    input: Input,
  ): MaybePromise<Read<Input>> {
    for (let i = first; i < parts.length; i++) {
      const read = parts[i]?.(exchange, given);
      if (isPromise(read)) {
        return read.then((settled) => {
          if ('refusal' in settled) return settled;
          return readFrom(i + 1, exchange, given, Object.assign(input, settled.value));
        });
      }
      if (!read) continue;
      if ('refusal' in read) return read;
      Object.assign(input, read.value);
    }
    return { value: input };
  }

  // The outputs' types are the route's; they are put back where the handler's context is typed.
  return (exchange, given) => readFrom(0, exchange, given, { ...nothing });
}

function named(name: keyof Input, read: MaybePromise<Read<unknown>>): ReturnType<Part> {
  return andThen(read, (settled) => ('refusal' in settled ? settled : { value: { [name]: settled.value } }));
}

function readQuery(exchange: Exchange, schema: StandardSchemaV1): MaybePromise<Read<unknown>> {
  const parsed = parseQuery(exchange.query);
  if (!parsed.ok) return { refusal: refuse('QUERY_INVALID', parsed.reason) };
  return check(schema, 'query', parsed.value);
}

function readHeaders(
  { request }: Exchange,
  schema: StandardSchemaV1,
  names: readonly string[],
): MaybePromise<Read<unknown>> {
  const given: Record<string, string> = {};
  for (const name of names) {
    const value = request.header(name);
    if (value === undefined) continue;
    // some runtimes take the first of two, some the last, some both as a list
    if (request.values(name).length > 1) return { refusal: refuse('REQUEST_INVALID', 'duplicate_header') };
    given[name] = value;
  }
  return check(schema, 'headers', given);
}

function readCookies(
  exchange: Exchange,
  schema: StandardSchemaV1,
  names: readonly string[],
): MaybePromise<Read<unknown>> {
  const cookies = exchange.cookies();
  if (!cookies) return { refusal: refuse('COOKIE_INVALID', 'cookie') };
  const given: Record<string, string> = {};
  for (const name of names) {
    const value = cookies.get(name);
    if (value !== undefined) given[name] = value;
  }
  return check(schema, 'cookies', given);
}

/** The names that are read for a schema: it isn't shown the others, so that a strict one can be used. */
function keysOf(part: 'headers' | 'cookies', schema: StandardSchemaV1): readonly string[] {
  const keys = declaredKeys(schema);
  if (!keys || keys.length === 0) {
    throw new ConfigError(
      `route.${part}`,
      "doesn't tell the names that it takes",
      'use an object schema of valibot, zod or arktype',
    );
  }
  for (const key of keys) {
    if (
      !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/.test(key) ||
      key === '__proto__' ||
      (part === 'headers' && key !== key.toLowerCase())
    ) {
      throw new ConfigError(
        `route.${part}`,
        `names '${key}', which none is called`,
        part === 'headers' ? 'write names in lower case' : 'use the characters of a token',
      );
    }
  }
  return keys;
}
