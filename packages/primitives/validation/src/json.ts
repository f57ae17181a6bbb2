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
  return mayHideMembers(text, value, found)
    ? judgeHidden(bytes, text, value, bounds, found)
    : { ok: true, value };
}

/**
 * Whether a text may hold more than its value shows: JSON.parse keeps the last of two equal keys without a word. The shortest member is `"":0,`:
 * while the text is not even that much longer than its value needs, nothing was dropped. The walk knows what the value needs without escapes;
 * where that isn't enough, JSON.stringify() tells it with those that must be there.
 */
function mayHideMembers(text: string, value: unknown, { shortest, nodes, exponents }: Walk): boolean {
  const surplus = text.length - shortest;
  if (surplus >= 0 && surplus < shortestMember) return false; // too short for a surrogate's escape as well
  // of short values there are so many that counting is faster
  if (exponents || text.length < nodes * 32 || !text.includes('\\') || text.includes('\\u')) return true;
  const escaped = text.length - JSON.stringify(value).length;
  return escaped < 0 || escaped >= shortestMember;
}

/** Counts the text's own members, and looks for surrogates that were escaped one by one. */
function judgeHidden(
  bytes: Uint8Array,
  text: string,
  value: unknown,
  bounds: Required<JsonLimits>,
  found: Walk,
): JsonResult {
  if (countMembers(bytes) !== found.members) return { ok: false, reason: 'JSON_DUPLICATE_KEY' };
  if (escapedSurrogate.test(text)) {
    const { refusal } = walk(value, bounds, true);
    if (refusal) return { ok: false, reason: refusal };
  }
  return { ok: true, value };
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
