import { checkOptions, type Size, toBytes } from '@secapi/kernel';
import type * as v from 'valibot';
import { formatWrong, textSchema, type Wrong, wrong } from '../internal/text-schema.js';
import { isEmail } from './email.js';
import { type LengthBounds, lengths } from './lengths.js';

/** A field that takes a text and gives a text. */
export type TextField = v.GenericSchema<string, string>;

// what turns the direction of the text around it, or has no meaning between programs: refused, since leaving it out would show another text
const harmful =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}|[\u{e0001}]/u;
const lineBreak = /[\t\n\r]/;
// what can't be seen and changes nothing that can: left out, so that two texts that look alike are alike
const unseen = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff]/gu;
// any of these: most texts have none
const special = new RegExp(`${lineBreak.source}|${harmful.source}|${unseen.source}`, 'u');
// anything but white space, joiners, fillers and marks without a letter
const visible = /[^\s\p{M}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]/u;

const segmenter: Intl.Segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** How many code units a character that people see may have on average; a family of four has 11, most have 1. */
const unitsEach = 4;
/** Beyond it nobody counts characters, and finding them takes too long: a larger `max` is one of code units. */
const countable = 1_000;

/**
 * A text for people: composed (NFC), without white space around it, between `min` and `max` characters as people count them.
 * The number of code units is looked at before anything else, and again after composing.
 */
export function plainText(
  option: string,
  bounds: LengthBounds,
  defaults: Required<LengthBounds>,
  lines: boolean,
): TextField {
  const { min, max } = lengths(option, bounds, defaults);
  const maxUnits = max > countable ? max : max * unitsEach;
  const tooShort = wrong('min_length', min);
  const tooLong = wrong('max_length', max);

  function measured(text: string): string | Wrong {
    const { length } = text;
    if (length < min) return tooShort;
    return length > max ? tooLong : text;
  }

  return textSchema((text) => {
    if (text.length > maxUnits) return tooLong;
    const kind = kindOf(text);
    if (kind === 'control' || (kind === 'lines' && !lines)) return formatWrong;
    if (kind === 'plain') return measured(text.trim());
    if (kind === 'lines') return measured(toLines(text).trim());
    let cleaned = text;
    if (special.test(text)) {
      if (!lines && lineBreak.test(text)) return formatWrong;
      const ofLines = toLines(text);
      if (harmful.test(ofLines)) return formatWrong;
      cleaned = ofLines.replace(unseen, '');
    }
    const composed = cleaned.normalize('NFC').trim();
    if (composed.length > maxUnits) return tooLong;
    if (min > 0 && !visible.test(composed)) return tooShort;
    const { length } = composed;
    if (length <= max && min <= 1) return composed;
    const seen = countGraphemes(composed, max);
    if (seen > max) return tooLong;
    return seen < min ? tooShort : composed;
  });
}

/**
 * `plain`: printable, of scripts of one code unit a character without marks to compose (up to U+02FF); `lines`: with tabs and line breaks too;
 * `control`: with what is refused; `other`: anything else.
 */
function kindOf(text: string): 'plain' | 'lines' | 'control' | 'other' {
  let kind: 'plain' | 'lines' = 'plain';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7e) {
      if (code < 0xa0) return 'control';
      if (code > 0x2ff || code === 0xad) return 'other';
      continue;
    }
    if (code >= 0x20) continue;
    if (code !== 0x09 && code !== 0x0a && code !== 0x0d) return 'control';
    kind = 'lines';
  }
  return kind;
}

function toLines(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
}

function countGraphemes(text: string, enough: number): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) if (++count > enough) break;
  return count;
}

export function email(): TextField {
  const tooLong = wrong('max_length', 254);
  return textSchema((text) => (text.length > 254 ? tooLong : isEmail(text) ? text : formatWrong));
}

export function password(bounds: LengthBounds = {}): TextField {
  return asWritten('password', bounds, { min: 1, max: 1_024 });
}

export function token(bounds: LengthBounds = {}): TextField {
  return asWritten('token', bounds, { min: 20, max: 512 }, /^[A-Za-z0-9_-]+$/);
}

/** A text of which not a character is changed. */
function asWritten(
  option: string,
  bounds: LengthBounds,
  defaults: Required<LengthBounds>,
  pattern?: RegExp,
): TextField {
  const { min, max } = lengths(option, bounds, defaults);
  const tooShort = wrong('min_length', min);
  const tooLong = wrong('max_length', max);
  return textSchema((text) => {
    if (text.length < min) return tooShort;
    if (text.length > max) return tooLong;
    return pattern && !pattern.test(text) ? formatWrong : text;
  });
}

export function html(options: { readonly maxBytes?: Size } = {}): TextField {
  checkOptions('html', options, ['maxBytes']);
  const max = toBytes('html.maxBytes', options.maxBytes ?? '100kb');
  const tooShort = wrong('min_length', 1);
  const tooLong = wrong('max_length', max);
  return textSchema((text) => {
    if (text === '') return tooShort;
    // a code unit is one byte at least and three at most, so that hardly any text has to be counted
    if (text.length > max || (text.length * 3 > max && utf8Length(text) > max)) return tooLong;
    return text.includes('\0') ? formatWrong : text;
  });
}

const encoder: TextEncoder = new TextEncoder();
const piece = 8_192;
const encoded: Uint8Array = new Uint8Array(3 * (piece + 1));

/** How many bytes of UTF-8 a text has; encoding it by pieces into one place is much faster than looking at each of its characters. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = Math.min(at + piece, text.length);
    if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end++; // the halves of a pair stay together
    bytes += encoder.encodeInto(text.slice(at, end), encoded).written;
  }
  return bytes;
}
