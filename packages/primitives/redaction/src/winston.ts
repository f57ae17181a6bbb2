import type { Redactor } from './redactor.js';

/** A format of winston, for `format.combine` at any place. */
export interface WinstonFormat {
  readonly options: object;
  transform<T extends object>(info: T): T;
}

const message = Symbol.for('message');
const splat = Symbol.for('splat');

/**
 * Hides secrets in what winston writes: in the message, the fields and errors, in arguments that are still to be joined, and in the line where a
 * format before this one has made it already. Messages stay on one line.
 *
 * Put it last: what formats before it add is hidden as well.
 *
 * @example
 * ```ts
 * createLogger({ format: format.combine(format.timestamp(), format.json(), winstonFormat(createRedactor())) });
 * ```
 */
export function winstonFormat(redactor: Redactor): WinstonFormat {
  return {
    options: {},
    transform<T extends object>(info: T): T {
      const fields = redactor.redact(info instanceof Error ? info : { ...info }) as Record<
        string | symbol,
        unknown
      >; // of an object comes one
      if (typeof fields.message === 'string') fields.message = redactor.text(fields.message);
      for (const symbol of Object.getOwnPropertySymbols(info)) {
        const value: unknown = (info as typeof fields)[symbol]; // its own
        if (symbol === message && typeof value === 'string') fields[symbol] = redactor.text(value);
        else fields[symbol] = symbol === splat ? redactor.redact(value) : value;
      }
      return fields as T; // of the same members, but for those that were removed
    },
  };
}
