import { type Clock, ConfigError, checkOptions, systemClock } from '@secapi/kernel';
import { levelOf, type SecurityEvent } from './event.js';

/** The levels of a log, from chatty to quiet. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes a message with fields. Never throws. */
export type LogWrite = (message: string, fields?: object) => void;

/** A log: what everything in secapi writes to, and what any logger can be made into. */
export interface Log {
  readonly debug: LogWrite;
  readonly info: LogWrite;
  readonly warn: LogWrite;
  readonly error: LogWrite;
}

/** The options of {@link createJsonLog}. */
export interface JsonLogOptions {
  /** Takes one record: JSON without a line break. Add `\n` and write it. */
  readonly write: (line: string) => void;
  /** Masks and writes a record as JSON. */
  readonly redactor: { stringify(value: unknown): string };
  /** The lowest level that is written. @default 'info' */
  readonly level?: LogLevel;
  readonly now?: Clock;
  /** Told when a record could not be written. */
  readonly onFailure?: (error: unknown) => void;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const reserved: ReadonlySet<string> = new Set(['at', 'level', 'message']);

/**
 * A log of one JSON object a line: `at` (UTC), `level`, `message`, then the fields (ASVS v5.0.0-16.2.4).
 *
 * Nothing that is logged can begin a line of its own or reach a terminal as a control character (ASVS v5.0.0-16.4.1).
 * A field can't pass for `at`, `level` or `message`: it is written with a `_` before its name.
 */
export function createJsonLog(options: JsonLogOptions): Log {
  checkOptions('log', options, ['write', 'redactor', 'level', 'now', 'onFailure']);
  const { write, redactor, level = 'info', now = systemClock, onFailure } = options;
  if (typeof write !== 'function') {
    throw new ConfigError('log.write', 'is not a function', 'pass a function that writes one line');
  }
  if (typeof redactor?.stringify !== 'function') {
    throw new ConfigError('log.redactor', 'has no stringify', 'pass createRedactor() of @secapi/redaction');
  }
  if (!levels.includes(level)) {
    throw new ConfigError('log.level', 'is not a level', `use one of ${levels.join(', ')}`);
  }

  function writer(own: LogLevel): LogWrite {
    if (levels.indexOf(own) < levels.indexOf(level)) return () => {};
    return (message, fields) => {
      try {
        write(oneLine(redactor.stringify(record(new Date(now()).toISOString(), own, message, fields))));
      } catch (error) {
        try {
          onFailure?.(error);
        } catch {
          // A log that fails must not fail the work that it tells of.
        }
      }
    };
  }

  return Object.freeze({
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  });
}

/** Writes a security event to a log, at its level: `critical` as an error. */
export function logEvent(log: Log, event: SecurityEvent): void {
  const { event: name, outcome, actor, target, address, requestId, details } = event;
  const level = levelOf(event);
  // In one shape and order, whoever raised it: what is undefined is not written.
  const fields = { event: name, outcome, actor, target, address, requestId, details };
  log[level === 'critical' ? 'error' : level](name, fields);
}

function record(at: string, level: LogLevel, message: string, fields: object | undefined): object {
  if (fields === undefined) return { at, level, message };
  if (fields instanceof Error || Array.isArray(fields)) return { at, level, message, fields };
  const line: Record<string, unknown> = { at, level, message };
  for (const key of Object.keys(fields)) {
    const value = (fields as Record<string, unknown>)[key]; // its own key
    const name = reserved.has(key) ? `_${key}` : key;
    if (name === '__proto__') Object.defineProperty(line, name, { value, enumerable: true });
    else line[name] = value;
  }
  return line;
}

// JSON escapes C0 by itself; DEL, C1, the Unicode line ends and the marks that turn text round are left to us.
const unsafe = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const unsafeOrBroken = new RegExp(`${unsafe.source}|[\\r\\n]`);

function oneLine(json: string): string {
  if (!unsafeOrBroken.test(json)) return json;
  // A raw line break can't stand inside a JSON text's strings, so between them a space says the same.
  return json
    .replace(unsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[\r\n]/g, ' ');
}
