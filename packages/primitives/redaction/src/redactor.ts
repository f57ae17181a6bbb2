import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import { createKeys } from './internal/keys.js';
import { compilePaths } from './internal/paths.js';
import { createMaskText } from './internal/text.js';
import { classify, type KeyKind, wordsOf } from './internal/words.js';
import { createWriter } from './internal/write.js';

/** The options of {@link createRedactor}. */
export interface RedactorOptions {
  /** Further keys whose values are masked at any depth, whatever their case and separators: `['iban', 'dateOfBirth']`. */
  readonly keys?: readonly string[];
  /** Places whose values are masked: `user.email`, `items[*].iban`; `*` stands for any one key or index. */
  readonly paths?: readonly string[];
  /** What stands for a secret. @default '[redacted]' */
  readonly censor?: string;
  /** How deep a value is looked into. @default 100 */
  readonly maxDepth?: number;
  /** How many members and items are written, each 64 characters of text counting as one more. @default 50_000 */
  readonly maxNodes?: number;
  /** How many characters of one text are written. @default 16_384 */
  readonly maxText?: number;
}

/** Masks secrets by key, path, value and type, and never changes what it is given. */
export interface Redactor {
  /**
   * A plain copy of a value, safe to write anywhere: objects, arrays, texts, numbers, booleans and null only.
   * Errors keep name, message, stack, cause and errors; bytes become their length.
   */
  redact(value: unknown): unknown;
  /** A text with the secrets in it masked. */
  text(text: string): string;
  /** A value as one line of JSON, masked; what JSON can't say at all (`undefined`) is `null`. Never throws. */
  stringify(value: unknown): string;
}

/**
 * Makes a redactor (ASVS v5.0.0-16.2.5, 14.2.4).
 *
 * @throws ConfigError for unknown options, keys without a letter, malformed paths and bounds that are none
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  checkOptions('redactor', options, ['keys', 'paths', 'censor', 'maxDepth', 'maxNodes', 'maxText']);
  const { keys = [], paths = [], censor = '[redacted]' } = options;
  const maxDepth = checkNumber('redactor.maxDepth', options.maxDepth ?? 100, { min: 1, max: 500 });
  const maxNodes = checkNumber('redactor.maxNodes', options.maxNodes ?? 50_000, { min: 1, max: 10_000_000 });
  const maxText = checkNumber('redactor.maxText', options.maxText ?? 16_384, { min: 64, max: 1_048_576 });
  if (typeof censor !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(censor)) {
    throw new ConfigError(
      'redactor.censor',
      'is not a short text',
      "write 1 to 64 visible ASCII characters, such as '***'",
    );
  }
  checkList('redactor.keys', keys, (key) => wordsOf(key).length > 0);
  checkList('redactor.paths', paths, () => true);

  const extra = keys.map(wordsOf);
  const kindOf = remember((key) => classify(key, extra));
  const text = createMaskText(censor, kindOf, keys.length > 0, maxText);
  const write = createWriter({
    censor,
    keys: createKeys(kindOf, text),
    text,
    maxDepth,
    maxNodes,
    places: compilePaths('redactor.paths', paths),
  });
  const stringify = (value: unknown): string => write(value) ?? 'null';
  return Object.freeze({
    redact(value: unknown): unknown {
      const written = write(value);
      return written === undefined ? undefined : JSON.parse(written);
    },
    text: (value: string): string => {
      if (typeof value !== 'string')
        throw new TypeError('redactor.text takes a text; use redact for other values');
      return JSON.parse(stringify(value)) as string; // a text is written as a text
    },
    stringify,
  });
}

function checkList(option: string, list: unknown, isGood: (item: string) => boolean): void {
  if (!Array.isArray(list)) throw new ConfigError(option, 'is not a list', 'write an array of texts');
  for (const [i, item] of list.entries()) {
    if (typeof item !== 'string' || !isGood(item)) {
      throw new ConfigError(`${option}[${i}]`, 'is not a name', 'write a text with letters or digits');
    }
  }
}

// What a key is called says the same for every request, so remembering it tells nobody anything; the bound is for memory.
const mostRemembered = 2_000;

function remember(classifyKey: (key: string) => KeyKind): (key: string) => KeyKind {
  const known = new Map<string, KeyKind>();
  return function kindOf(key) {
    const kind = known.get(key);
    if (kind !== undefined) return kind;
    const found = classifyKey(key);
    if (key.length <= 64 && known.size < mostRemembered) known.set(key, found);
    return found;
  };
}
