import type { Exchange } from './exchange.js';

// UUIDs, ULIDs and random ids in hexadecimal or base64url: nothing that a log, a header or JSON would have to escape.
const wellFormed = /^[A-Za-z0-9][A-Za-z0-9_-]{15,63}$/;
const trace = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(-.*)?$/;
const zeros = /^0+$/;

/**
 * Takes over the ids that a trusted proxy has given a request: `X-Request-Id` as the request's own, and the trace of
 * `traceparent` (W3C Trace Context) for the log. What is not well-formed, or there twice, is passed over.
 *
 * From anybody else they would be a way to write into logs and to pass for another request.
 */
export function adoptIds(exchange: Exchange): void {
  const { request } = exchange;
  const id = only(request.values('x-request-id'));
  if (id !== undefined && wellFormed.test(id)) {
    exchange.id = id;
    exchange.setHeader('x-request-id', id);
  }
  exchange.traceId = traceOf(only(request.values('traceparent')));
}

function only(values: readonly string[]): string | undefined {
  return values.length === 1 && values[0] !== undefined && values[0].length <= 256 ? values[0] : undefined;
}

function traceOf(header: string | undefined): string | undefined {
  const [, version, traceId = '', parent = '', more] = trace.exec(header ?? '') ?? [];
  // Version ff is none; the first one ends here, later ones may go on.
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  return zeros.test(traceId) || zeros.test(parent) ? undefined : traceId;
}
