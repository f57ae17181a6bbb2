import { ConfigError, type Size } from '@secapi/kernel';
import * as v from 'valibot';
import { type DateBounds, date, instant } from './fields/dates.js';
import { id, ulid, uuid } from './fields/ids.js';
import type { LengthBounds } from './fields/lengths.js';
import { type AmountBounds, amount, type Money, money } from './fields/money.js';
import {
  cursor,
  type LimitField,
  limit,
  type OptionalTextField,
  type SortField,
  sort,
} from './fields/page.js';
import { email, html, password, plainText, type TextField, token } from './fields/text.js';
import { type UrlOptions, url } from './fields/url.js';
import { locale, phone } from './fields/world.js';

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
  /** A password: its length in code units only (1 to 1,024), not a character of it is changed. The rules for new ones are `@secapi/hashing`'s. */
  readonly password: (bounds?: LengthBounds) => TextField;
  /**
   * A person's name: one line of 1 to 100 characters as people count them (a `max` above 1,000 counts code units), composed (NFC) and
   * trimmed. Control characters, line breaks and what turns the direction of a text are refused; what can't be seen, such as a zero-width space, is left out.
   */
  readonly personName: (bounds?: LengthBounds) => TextField;
  /** A title: as a name, 1 to 200. */
  readonly title: (bounds?: LengthBounds) => TextField;
  /** What somebody searches for: as a title. */
  readonly searchText: (bounds?: LengthBounds) => TextField;
  /** Free text: as a title, 1 to 10,000, with tabs and with line breaks, each of which is given as `\n`. */
  readonly text: (bounds?: LengthBounds) => TextField;
  /** A UUID of any version, given in lower case. */
  readonly uuid: () => TextField;
  /** A ULID, given in upper case. */
  readonly ulid: () => TextField;
  /** Either of them. */
  readonly id: () => TextField;
  /**
   * An absolute `https:` URL of 2,048 characters at most, given as browsers write it; `http: true` takes `http:` too. No other scheme, no user
   * information, nothing that can't be seen. Where it leads is for whoever follows it to judge.
   */
  readonly url: (options?: UrlOptions) => TextField;
  /** HTML that isn't sanitized yet: 1 byte to `maxBytes` of UTF-8 (100 KB), no NUL. */
  readonly html: (options?: { readonly maxBytes?: Size }) => TextField;
  /** A page size in a query string, `'1'` to `'100'`, as a number; 50 when it is left out. */
  readonly limit: (options?: { readonly default?: number; readonly max?: number }) => LimitField;
  /** A page's cursor of 512 characters at most, URL-safe; may be left out. */
  readonly cursor: () => OptionalTextField;
  /** An order such as `-createdAt,title` out of the fields that may be sorted by, three at most; an empty list when it is left out. */
  readonly sort: <const Name extends string>(
    names: readonly [Name, ...Name[]],
    options?: { readonly default?: Name | `-${Name}`; readonly max?: number },
  ) => SortField<Name>;
  /** A day of the calendar, `2026-02-28`, given as it is. */
  readonly date: (bounds?: DateBounds) => TextField;
  /** A moment by RFC 3339, given in UTC to the millisecond: `2026-02-28T12:00:00.000Z`. */
  readonly instant: (bounds?: DateBounds) => TextField;
  /** An amount of one currency (ISO 4217) as a decimal text, `'12.50'`, given in its smallest unit: `1250`. Never a JSON number. */
  readonly amount: (currency: string, bounds?: AmountBounds) => v.GenericSchema<string, number>;
  /** `{ amount: '12.50', currency: 'EUR' }` in one of some currencies, given as `{ currency: 'EUR', minor: 1250 }`. */
  readonly money: <const Currency extends string>(
    currencies: readonly [Currency, ...Currency[]],
    bounds?: AmountBounds,
  ) => v.GenericSchema<{ amount: string; currency: string }, Money<Currency>>;
  /** A language tag (BCP 47), given canonically: `pt-BR`; any, or one of `only`. */
  readonly locale: (options?: { readonly only?: readonly string[] }) => TextField;
  /** A telephone number with its country (E.164), `+442079460958`; spaces and `-.()` between its digits are left out. */
  readonly phone: () => TextField;
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
  personName: (bounds = {}) => plainText('personName', bounds, { min: 1, max: 100 }, false),
  title: (bounds = {}) => plainText('title', bounds, { min: 1, max: 200 }, false),
  searchText: (bounds = {}) => plainText('searchText', bounds, { min: 1, max: 200 }, false),
  text: (bounds = {}) => plainText('text', bounds, { min: 1, max: 10_000 }, true),
  uuid,
  ulid,
  id,
  url,
  html,
  limit,
  cursor,
  sort,
  date,
  instant,
  amount,
  money,
  locale,
  phone,
  token,
  role,
};
