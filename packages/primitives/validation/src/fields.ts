import { ConfigError, checkNumber, checkOptions, type Size, toBytes } from '@secapi/kernel';
import * as v from 'valibot';
import { isEmail } from './email.js';

/** A field that takes a text and gives a text. */
export type TextField = v.GenericSchema<string, string>;
/** A text field that may be left out. */
export type OptionalTextField = v.OptionalSchema<TextField, undefined>;
/** A page size from a query string: a text comes in, a number goes out. */
export type LimitField = v.OptionalSchema<v.GenericSchema<string, number>, string>;

/** Bounds of a text's length, in UTF-16 code units. */
export interface LengthBounds {
  readonly min?: number;
  readonly max?: number;
}

// control characters, line and paragraph separators, and the marks that turn the direction of what follows
const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const withNul = /\0/;

/** One line of text: composed (NFC), without white space around it, nothing in it that can't be seen. */
function line(option: string, bounds: LengthBounds, defaults: Required<LengthBounds>): TextField {
  const { min, max } = lengths(option, bounds, defaults);
  return v.pipe(
    v.string(),
    v.maxLength(max),
    v.check((text) => !unprintable.test(text), 'format'),
    v.transform((text) => text.normalize('NFC').trim()),
    v.minLength(min),
    v.maxLength(max), // composing can make a text longer
  );
}

function lengths(
  option: string,
  bounds: LengthBounds,
  defaults: Required<LengthBounds>,
): Required<LengthBounds> {
  checkOptions(option, bounds, ['min', 'max']);
  const max = checkNumber(`${option}.max`, bounds.max ?? defaults.max, { min: 1, max: 1_000_000 });
  return { min: checkNumber(`${option}.min`, bounds.min ?? defaults.min, { min: 0, max }), max };
}

function email(): TextField {
  return v.pipe(v.string(), v.maxLength(254), v.check(isEmail, 'format'));
}

function password(bounds: LengthBounds = {}): TextField {
  const { min, max } = lengths('password', bounds, { min: 1, max: 1_024 });
  return v.pipe(v.string(), v.minLength(min), v.maxLength(max));
}

function personName(bounds: LengthBounds = {}): TextField {
  return line('personName', bounds, { min: 1, max: 100 });
}

function title(bounds: LengthBounds = {}): TextField {
  return line('title', bounds, { min: 1, max: 200 });
}

function searchText(bounds: LengthBounds = {}): TextField {
  return line('searchText', bounds, { min: 1, max: 200 });
}

function uuid(): TextField {
  return v.pipe(
    v.string(),
    v.maxLength(36),
    v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i),
    v.toLowerCase(),
  );
}

function html(options: { readonly maxBytes?: Size } = {}): TextField {
  checkOptions('html', options, ['maxBytes']);
  const max = toBytes('html.maxBytes', options.maxBytes ?? '100kb');
  return v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(max), // a code unit is a byte at least: nothing longer is encoded to be counted
    v.maxBytes(max),
    v.check((text) => !withNul.test(text), 'format'),
  );
}

function limit(options: { readonly default?: number; readonly max?: number } = {}): LimitField {
  checkOptions('limit', options, ['default', 'max']);
  const max = checkNumber('limit.max', options.max ?? 100, { min: 1, max: 100_000 });
  const usual = checkNumber('limit.default', options.default ?? Math.min(50, max), { min: 1, max });
  const size = v.pipe(
    v.string(),
    v.maxLength(6),
    v.regex(/^(?:0|[1-9][0-9]{0,5})$/),
    v.transform(Number),
    v.minValue(1),
    v.maxValue(max),
  );
  return v.optional<v.GenericSchema<string, number>, string>(size, String(usual));
}

function cursor(): OptionalTextField {
  return v.optional<TextField>(v.pipe(v.string(), v.maxLength(512), v.regex(/^[A-Za-z0-9_.~=-]{1,512}$/)));
}

function token(bounds: LengthBounds = {}): TextField {
  const { min, max } = lengths('token', bounds, { min: 20, max: 512 });
  return v.pipe(v.string(), v.minLength(min), v.maxLength(max), v.regex(/^[A-Za-z0-9_-]+$/));
}

function role<const Choices extends readonly [string, ...string[]]>(
  choices: Choices,
): v.PicklistSchema<Choices, undefined> {
  if (!Array.isArray(choices) || choices.length === 0) {
    throw new ConfigError('role', 'has no choices', "list them, for example role(['user', 'admin'])");
  }
  return v.picklist(choices);
}

/** The ready-made fields; {@link fields} says what each takes. */
export interface Fields {
  /** An e-mail address of 254 characters at most, taken as it is written. */
  readonly email: () => TextField;
  /** A password: its length only (1 to 1,024), not a character of it is changed. The rules for new ones are `@secapi/hashing`'s. */
  readonly password: (bounds?: LengthBounds) => TextField;
  /** A person's name: 1 to 100, one line, composed (NFC), no control characters, trimmed. */
  readonly personName: (bounds?: LengthBounds) => TextField;
  /** A title: as a name, 1 to 200. */
  readonly title: (bounds?: LengthBounds) => TextField;
  /** What somebody searches for: as a title. */
  readonly searchText: (bounds?: LengthBounds) => TextField;
  /** A UUID of any version, given in lower case. */
  readonly uuid: () => TextField;
  /** HTML that isn't sanitized yet: 1 byte to `maxBytes` of UTF-8 (100 KB), no NUL. */
  readonly html: (options?: { readonly maxBytes?: Size }) => TextField;
  /** A page size in a query string, `'1'` to `'100'`, as a number; 50 when it is left out. */
  readonly limit: (options?: { readonly default?: number; readonly max?: number }) => LimitField;
  /** A page's cursor of 512 characters at most, URL-safe; may be left out. */
  readonly cursor: () => OptionalTextField;
  /** A token from a mail or a cookie: 20 to 512 characters of base64url. */
  readonly token: (bounds?: LengthBounds) => TextField;
  /** One of a few names, such as a role. */
  readonly role: <const Choices extends readonly [string, ...string[]]>(
    choices: Choices,
  ) => v.PicklistSchema<Choices, undefined>;
}

/**
 * Ready-made fields as valibot schemas; each looks at the length before anything else. Their options are checked when they are made.
 *
 * @example
 * ```ts
 * const Register = strictObject({ email: fields.email(), password: fields.password(), name: fields.personName() });
 * ```
 */
export const fields: Fields = {
  email,
  password,
  personName,
  title,
  searchText,
  uuid,
  html,
  limit,
  cursor,
  token,
  role,
};
