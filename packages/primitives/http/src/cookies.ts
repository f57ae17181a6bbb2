import type { CookieRefusal } from './errors.js';
import { prefixOf } from './internal/cookie-name.js';
import { trimOws } from './internal/ows.js';

/** The cookies of a request by their names, or why none can be believed. */
export type CookiesResult =
  | {
      readonly ok: true;
      /** Each name that stands once. */
      readonly cookies: ReadonlyMap<string, string>;
      /** The names that stand more than once; none of their values is in `cookies`. */
      readonly duplicates: ReadonlySet<string>;
    }
  | { readonly ok: false; readonly reason: CookieRefusal };

const maxLength = 16_384;
const maxCookies = 180; // what browsers keep for one host

const none: ReadonlySet<string> = new Set();

/**
 * Reads a `Cookie` header (RFC 6265bis §5.8), values as they were sent.
 *
 * A name that stands twice was tossed in from another host or path, and no order tells which is whose: none of its
 * values is believed, and it is told in `duplicates`. All the others are: else whoever can set one cookie on a sibling
 * host could sign everybody out. What no browser sends by itself refuses the whole header: a name with a prefix
 * (`__Host-` and its kin) that stands twice, or that is spelled in another case than its own, which older browsers let
 * anybody set; pairs without a name, of which browsers make look-alikes of such names; characters outside the grammar.
 * Values are taken as other scripts write them, control characters apart.
 */
export function parseCookies(header: string | undefined): CookiesResult {
  if (header === undefined || header === '') return { ok: true, cookies: new Map(), duplicates: none };
  if (header.length > maxLength) return refuse('COOKIE_TOO_LARGE');
  const cookies = new Map<string, string>();
  let duplicates: Set<string> | undefined;
  let count = 0;
  for (const part of header.split(';')) {
    const pair = trimOws(part);
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals <= 0) return refuse('COOKIE_SYNTAX');
    const name = trimOws(pair.slice(0, equals));
    const value = trimOws(pair.slice(equals + 1));
    if (!isName(name) || !isValue(value)) return refuse('COOKIE_SYNTAX');
    if (++count > maxCookies) return refuse('COOKIE_TOO_LARGE');
    if (cookies.has(name)) {
      if (prefixOf(name) !== undefined) return refuse('COOKIE_DUPLICATE');
      duplicates ??= new Set();
      duplicates.add(name);
    } else cookies.set(name, value);
  }
  if (duplicates) for (const name of duplicates) cookies.delete(name);
  return { ok: true, cookies, duplicates: duplicates ?? none };
}

function isName(name: string): boolean {
  if (!/^[!-~]+$/.test(name)) return false;
  const rule = prefixOf(name);
  return rule === undefined || name.startsWith(rule.prefix);
}

function isValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return false;
  }
  return true;
}

function refuse(reason: CookieRefusal): CookiesResult {
  return { ok: false, reason };
}
