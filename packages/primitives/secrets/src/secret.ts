const printed = '[secret]';

/**
 * A value that never prints itself: not as text, as JSON, in a template, in an inspection or a log.
 *
 * Its content is in no property, so that no copy, no serializer and no debugger's table takes it along.
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

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return printed;
  }

  toJSON(): string {
    return printed;
  }

  [Symbol.toPrimitive](): string {
    return printed;
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

/** Whether a value is a {@link Secret}. */
export function isSecret(value: unknown): value is Secret<unknown> {
  return value instanceof Hidden;
}
