import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const printed = '[secret]';

/**
 * A value that never prints itself: not as text, as JSON, in a template, in an inspection or a log.
 *
 * Its content is in no property, so that no copy, no serializer and no debugger's table takes it along. Joined to a text
 * with `+`, or compared with `==` or `<`, it throws: what came of that would be wrong without anybody's knowing.
 */
export interface Secret<T = string> {
  /** The value itself. Call it where the value is used, and keep what it gives no longer than that. */
  reveal(): T;
  toString(): string;
  toJSON(): string;
}

// A class, for its private field: nothing but `reveal` reaches it, not even a proxy or a structured clone.
class Hidden<T> implements Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
    Object.freeze(this);
  }

  static is(value: unknown): value is Hidden<unknown> {
    return typeof value === 'object' && value !== null && #value in value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return printed;
  }

  toJSON(): string {
    return printed;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return printed;
    throw new TypeError(
      'a secret can be neither joined nor compared: call reveal(), or secretEquals() to compare',
    );
  }

  get [Symbol.toStringTag](): string {
    return 'secret';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return printed;
  }
}

/** Hides a value; a secret stays as it is. */
export function secret<T>(value: T | Secret<T>): Secret<T> {
  return isSecret(value) ? (value as Secret<T>) : new Hidden(value as T); // which of the two is what was just asked
}

/** Whether a value is a {@link Secret}: made here, and no look-alike. */
export function isSecret(value: unknown): value is Secret<unknown> {
  return Hidden.is(value);
}

const comparison = randomBytes(32);

/**
 * Whether somebody's candidate is the secret, in a time that tells neither where they differ nor how long the secret is
 * (ASVS v5.0.0-11.2.4). Two secrets are compared by their values.
 *
 * @throws TypeError when the first is no secret of text or bytes
 */
export function secretEquals(
  expected: Secret<string | Uint8Array>,
  candidate: string | Uint8Array | Secret<string | Uint8Array>,
): boolean {
  if (!isSecret(expected)) throw new TypeError('secretEquals compares with a secret: give that first');
  const given = isSecret(candidate) ? candidate.reveal() : candidate;
  return timingSafeEqual(digest(expected.reveal()), digest(given));
}

function digest(value: unknown): Buffer {
  if (typeof value !== 'string' && !(value instanceof Uint8Array))
    throw new TypeError('secretEquals compares text or bytes: reveal other secrets and compare their parts');
  return createHmac('sha256', comparison).update(value).digest();
}
