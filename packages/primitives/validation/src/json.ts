import type { JsonRefusal } from './errors.js';
import { type JsonLimits, jsonLimits } from './json-limits.js';
import { type Walk, walk } from './json-structure.js';

/** A JSON text's value, or why it is refused. */
export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: JsonRefusal };

// ignoreBOM keeps a byte order mark in the text, where JSON.parse refuses it
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A JSON text (RFC 8259, as strict as I-JSON, RFC 7493) as a value. Refused are: what isn't UTF-8 or starts with a byte order mark, texts with
 * lone surrogates, duplicate keys, `__proto__`, `constructor` and `prototype` as keys however they are written, numbers beyond the safe
 * integers, and whatever passes the limits.
 *
 * The number of bytes is for the reader of the body to bound.
 *
 * @throws ConfigError when the limits can't be used
 */
export function parseJson(bytes: Uint8Array, limits?: JsonLimits): JsonResult {
  const bounds = jsonLimits(limits);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { ok: false, reason: 'JSON_ENCODING' };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: text.charCodeAt(0) === 0xfeff ? 'JSON_ENCODING' : 'JSON_SYNTAX' };
  }
  const found = walk(value, bounds, false);
  if (found.refusal) return { ok: false, reason: found.refusal };
  // JSON.parse keeps the last of two equal keys without a word. The shortest member is `"":0,`: while the text is not even that much longer than
  // its value needs, nothing was dropped, and no surrogate was escaped either.
  const surplus = text.length - found.shortest;
  if (surplus >= 0 && surplus < shortestMember) return { ok: true, value };
  if (hidesMembers(text, bytes, found)) return { ok: false, reason: 'JSON_DUPLICATE_KEY' };
  // A decoder lets no lone surrogate pass, an escape does. Of few values, looking at each is faster than looking for escapes.
  if (found.nodes * 64 < text.length || (text.includes('\\u') && escapedSurrogate.test(text))) {
    const { refusal } = walk(value, bounds, true);
    if (refusal) return { ok: false, reason: refusal };
  }
  return { ok: true, value };
}

/** Whether a text has more members than its value. */
function hidesMembers(text: string, bytes: Uint8Array, { members, backslash: ambiguous }: Walk): boolean {
  if (!ambiguous && countKeys(text) === members) return false;
  return countMembers(bytes) !== members;
}

/**
 * How many keys a text has: colons behind quotes without a backslash, which is what a quote within a string has. Too many where a string begins
 * with a colon, not a number where counting exactly is faster. A key that ends in a backslash is not seen; where none of the value's does, no
 * hidden member goes unseen: of those, one at least has a key that the value has too.
 */
function countKeys(text: string): number {
  let keys = 0;
  let others = text.length / 16;
  for (let i = text.indexOf(':'); i !== -1; i = text.indexOf(':', i + 1)) {
    let before = i - 1;
    while (isSpace(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === quote && text.charCodeAt(before - 1) !== backslash) keys++;
    else if (--others < 0) return Number.NaN;
  }
  return keys;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code <= 0x0d && code >= 0x09);
}

const shortestMember = '"":0,'.length;
const escapedSurrogate = /\\u[dD][89a-fA-F]/;

/** How many members the objects of a valid JSON text have: the colons outside its strings. No byte of a longer UTF-8 sequence looks like ASCII. */
function countMembers(bytes: Uint8Array): number {
  let members = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === colon) members++;
    else if (bytes[i] === quote) {
      for (i++; i < bytes.length && bytes[i] !== quote; i++) if (bytes[i] === backslash) i++;
    }
  }
  return members;
}

const colon = 58;
const quote = 34;
const backslash = 92;
