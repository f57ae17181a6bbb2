import type { StandardSchemaV1 } from '@secapi/validation';

const key: unique symbol = Symbol('secapi.raw-body');

/** How a route reads a body that isn't JSON of its own schema. */
export interface RawBody<T> {
  /** The media types that it takes, in lower case. */
  readonly types: readonly string[];
  /** Bytes at most. */
  readonly limit: number;
  read(
    bytes: Uint8Array,
    type: string,
  ): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };
}

/** A body's schema for a route, which gets the bytes in place of what JSON says. */
export type RawBodySchema<T> = StandardSchemaV1<unknown, T> & { readonly [key]: RawBody<T> };

/** Makes the schema of such a body. */
export function rawBody<T>(raw: RawBody<T>): RawBodySchema<T> {
  return {
    [key]: raw,
    // What is read is valid already, and nothing else is ever given to it.
    '~standard': { version: 1, vendor: 'secapi', validate: (value) => ({ value: value as T }) },
  };
}

/** How a schema wants its body read, or nothing for every other. */
export function rawBodyOf(schema: StandardSchemaV1 | undefined): RawBody<unknown> | undefined {
  return (schema as Partial<RawBodySchema<unknown>> | undefined)?.[key]; // the symbol is ours alone
}
