import type { HeaderList } from '@secapi/http';

/** A response that is ready to be written; an adapter adds the exchange's headers and nothing else. */
export interface Reply {
  readonly status: number;
  readonly headers: HeaderList;
  /** @default no body */
  readonly body?: string | Uint8Array;
}

const brand: unique symbol = Symbol('secapi.answer');

/** What a handler returns when it wants to say more than a body; made by {@link answer}. */
export interface Answer<Body = unknown> {
  readonly [brand]: true;
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Body | undefined;
}

/**
 * A status, a body and headers as one value, so that a handler needs no framework to answer.
 *
 * @param headers lower-case names; `set-cookie` may stand several times
 * @example
 * ```ts
 * return answer(201, post, [['location', `/api/posts/${post.id}`]]);
 * ```
 */
export function answer<Body = undefined>(
  status: number,
  body?: Body,
  headers: HeaderList = [],
): Answer<Body> {
  return { [brand]: true, status, headers, body };
}

/** Whether a value was made by {@link answer}. */
export function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && brand in value;
}

/** Any value that a handler returned, as an answer: 200 with it, or 204 when there is none. */
export function toAnswer(value: unknown): Answer {
  if (isAnswer(value)) return value;
  return answer(value === undefined ? 204 : 200, value);
}

/** Whether a type holds a `Secret`, looked into as deep as answers are; what streams and sends by itself is no answer's data. */
type SecretIn<T, Depth extends readonly unknown[] = []> = 0 extends 1 & T
  ? false
  : Depth['length'] extends 6
    ? false
    : T extends { reveal(): unknown }
      ? true
      : T extends ((...args: never) => unknown) | { on: unknown } | { send: unknown } | { getReader: unknown }
        ? false
        : T extends PromiseLike<infer V>
          ? SecretIn<V, Depth>
          : T extends readonly (infer Item)[]
            ? SecretIn<Item, [...Depth, 0]>
            : T extends object
              ? { [K in keyof T]: SecretIn<T[K], [...Depth, 0]> }[keyof T]
              : false;

/** What a handler may return: anything, but nothing with a `Secret` in it, which doesn't compile. */
export type Returned<T> = T & (true extends SecretIn<T> ? 'a Secret is no answer: leave it out' : unknown);
