import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import { createHide, type Hiding } from './hiding.js';
import { createKeys } from './internal/keys.js';
import { oneLine } from './internal/one-line.js';
import { compilePaths } from './internal/paths.js';
import type { ValueForm } from './internal/patterns.js';
import { createMaskText } from './internal/text.js';
import { wordsOf } from './internal/words.js';
import { createWriter } from './internal/write.js';

/** Names, or names with how each is hidden. */
export type Hidden<Name extends string = string> = readonly Name[] | Readonly<Partial<Record<Name, Hiding>>>;

/** The options of {@link createRedactor}. */
export interface RedactorOptions {
  /**
   * Further keys whose values are hidden at any depth, whatever their case and separators: `['iban', 'dateOfBirth']` or
   * `{ customerNumber: 'last4', userId: 'pseudonym' }`. For a key that is secret by itself it says how.
   */
  readonly keys?: Hidden;
  /** Places whose values are hidden: `['user.email', 'items[*].iban']`, or with how; `*` stands for any one key or index. */
  readonly paths?: Hidden;
  /**
   * What is hidden by its form, wherever it stands. `credentials` (Bearer, Basic, userinfo of URLs), `jwt`, `key` (PEM, AWS, GitHub, Stripe …)
   * and `card` are always, and here is said how; `email`, `iban` (with its check digits) and `phone` (with `+`) are only when named.
   */
  readonly values?: Hidden<ValueForm>;
  /** Makes pseudonyms; `createPseudonyms` of `@secapi/redaction/pseudonyms` makes what makes them, by a key. */
  readonly pseudonym?: (secret: string) => string;
  /** What stands for a secret. @default '[redacted]' */
  readonly censor?: string;
  /** How deep a value is looked into. @default 100 */
  readonly maxDepth?: number;
  /** How many members and items are written, each 64 characters of text counting as one more. @default 50_000 */
  readonly maxNodes?: number;
  /** How many characters of one text are written. @default 16_384 */
  readonly maxText?: number;
}

/** Hides secrets by key, path, value and type, and never changes what it is given. */
export interface Redactor {
  /**
   * A plain copy of a value, safe to write anywhere: objects, arrays, texts, numbers, booleans and null only.
   * Errors keep name, message, stack, cause and errors; bytes become their length.
   */
  redact(value: unknown): unknown;
  /**
   * A text with the secrets in it hidden, on one line: line ends, terminal escapes and marks that turn text round stand as
   * `\n`, `\u001b` or `\u202e` (ASVS v5.0.0-16.4.1).
   */
  text(text: string): string;
  /** A value as one line of JSON, hidden likewise; what JSON can't say at all (`undefined`) is `null`. Never throws. */
  stringify(value: unknown): string;
}

const hidings: readonly unknown[] = ['mask', 'remove', 'last4', 'pseudonym'] satisfies Hiding[];
const always = { credentials: 'mask', jwt: 'mask', key: 'mask', card: 'mask' } as const;

/**
 * Makes a redactor (ASVS v5.0.0-16.2.5, 14.2.4).
 *
 * @throws ConfigError for unknown options, keys without a letter, malformed paths, unknown ways of hiding and bounds that are none
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  checkOptions('redactor', options, [
    'keys',
    'paths',
    'values',
    'pseudonym',
    'censor',
    'maxDepth',
    'maxNodes',
    'maxText',
  ]);
  const { censor = '[redacted]', pseudonym } = options;
  const maxDepth = checkNumber('redactor.maxDepth', options.maxDepth ?? 100, { min: 1, max: 500 });
  const maxNodes = checkNumber('redactor.maxNodes', options.maxNodes ?? 50_000, { min: 1, max: 10_000_000 });
  const limit = checkNumber('redactor.maxText', options.maxText ?? 16_384, { min: 64, max: 1_048_576 });
  if (typeof censor !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(censor)) {
    throw new ConfigError(
      'redactor.censor',
      'is not a short text',
      "write 1 to 64 visible ASCII characters, such as '***'",
    );
  }
  const own = listOf('keys', options.keys, pseudonym);
  const places = compilePaths(listOf('paths', options.paths, pseudonym));
  const named = Object.fromEntries(listOf('values', options.values, pseudonym));
  const values = { ...always, ...named };
  checkOptions('redactor.values', named, [...Object.keys(always), 'email', 'iban', 'phone']);
  for (const [key] of own) {
    if (wordsOf(key).length === 0)
      throw new ConfigError(
        'redactor.keys',
        'have one without a letter or digit',
        "write names, such as 'dateOfBirth'",
      );
  }

  const hide = createHide(censor, pseudonym ?? String);
  const keys = createKeys(own);
  const text = createMaskText({ censor, hide, keys, values, limit });
  const write = createWriter({ hide, keys, text, maxDepth, maxNodes, places });
  const stringify = (value: unknown): string => write(value) ?? 'null';
  return Object.freeze({
    redact(value: unknown): unknown {
      const written = write(value);
      return written === undefined ? undefined : JSON.parse(written);
    },
    text(value: string): string {
      if (typeof value !== 'string')
        throw new TypeError('redactor.text takes a text; use redact for other values');
      return oneLine(JSON.parse(stringify(value))); // a text is written as a text
    },
    stringify,
  });
}

/** The names of an option, each with how it is hidden. */
function listOf(name: string, option: Hidden | undefined, pseudonym: unknown): [string, Hiding][] {
  const entries = Array.isArray(option)
    ? option.map((each: unknown) => [each, 'mask'])
    : Object.entries(typeof option === 'string' ? { option } : (option ?? {}));
  for (const [key, how] of entries) {
    if (typeof key !== 'string' || !hidings.includes(how)) {
      throw new ConfigError(
        `redactor.${name}`,
        'is neither a list of texts nor an object that says how',
        `write ['name'] or { name: '${hidings.join("' | '")}' }`,
      );
    }
    if (how === 'pseudonym' && typeof pseudonym !== 'function') {
      throw new ConfigError(
        'redactor.pseudonym',
        'is missing',
        'pass createPseudonyms({ key }) of @secapi/redaction/pseudonyms',
      );
    }
  }
  return entries as [string, Hiding][]; // just checked
}
