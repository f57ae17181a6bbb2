import type { BodySource, RequestFacts } from '@secapi/core';

/** The facts of a request without a server, so that a shield is timed alone. */
export function factsOf(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body?: Uint8Array,
): RequestFacts {
  const source: BodySource = {
    parsed: () => undefined,
    read: () => Promise.resolve({ ok: true, bytes: body ?? new Uint8Array() }),
  };
  return {
    method,
    target,
    peer: '127.0.0.1',
    encrypted: false,
    body: source,
    header: (name) => headers[name],
    values: (name) => (headers[name] === undefined ? [] : [headers[name]]),
  };
}
