import type { CookieRefusal } from './errors.js';
import { prefixOf } from './internal/cookie-name.js';
import { trimOws } from './internal/ows.js';

/** The cookies of a request by their names, or why none can be believed. */
export type CookiesResult =
  | { readonly ok: true; readonly cookies: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: CookieRefusal };

const maxLength = 16_384;
const maxCookies = 180; // what browsers keep for one host

/**
 * Reads a `Cookie` header (RFC 6265bis §5.8), values as they were sent.
 *
 * A name that stands twice was tossed in from another host or path, and no order tells which is whose: refused. So are
 * pairs without a name, of which browsers make `__Host-` look-alikes, and a prefix in another case than its own, which
 * older browsers let anybody set. Values are taken as other scripts write them, control characters apart.
 */
export function parseCookies(header: string | undefined): CookiesResult {
  if (header === undefined || header === '') return { ok: true, cookies: new Map() };
  if (header.length > maxLength) return refuse('COOKIE_TOO_LARGE');
  const cookies = new Map<string, string>();
  for (const part of header.split(';')) {
    const pair = trimOws(part);
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals <= 0) return refuse('COOKIE_SYNTAX');
    const name = trimOws(pair.slice(0, equals));
    const value = trimOws(pair.slice(equals + 1));
    if (!isName(name) || !isValue(value)) return refuse('COOKIE_SYNTAX');
    if (cookies.has(name)) return refuse('COOKIE_DUPLICATE');
    if (cookies.size === maxCookies) return refuse('COOKIE_TOO_LARGE');
    cookies.set(name, value);
  }
  return { ok: true, cookies };
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
