import type { Redactor } from './redactor.js';

/** The hooks that a pino logger is given, by pino 9.3 or later. */
export interface PinoHooks {
  /** The line that is about to be written. */
  streamWrite(line: string): string;
}

/**
 * Hides secrets in what pino writes: in the whole line, and so in messages and their arguments, the bindings of children, mixins,
 * errors and what serializers made. Transports and other processes get it like that.
 *
 * A line that isn't JSON is masked as a text.
 *
 * @example
 * ```ts
 * const log = pino({ hooks: pinoHooks(createRedactor()) });
 * ```
 */
export function pinoHooks(redactor: Pick<Redactor, 'stringify' | 'text'>): PinoHooks {
  return {
    streamWrite(line) {
      let parsed: unknown;
      try {
        parsed = JSON.parse(line);
      } catch {
        return `${redactor.text(line.trimEnd())}\n`;
      }
      return `${redactor.stringify(parsed)}\n`;
    },
  };
}
