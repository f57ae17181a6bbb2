/** What a text has in it, as bits: which masks could apply to it, and whether JSON must escape it. */
export const sign = {
  /** A quote, a backslash, a control or a non-ASCII character. */
  escape: 1,
  /** `:` `=` `%`: something may be assigned, or be a URL. */
  assign: 2,
  /** A space, `%` or `+`: several words. */
  space: 4,
  /** `@`: a URL may hold credentials. */
  at: 8,
  /** `_` `-` `.` or a capital A: a token or a key may stand here. */
  mark: 16,
  /** Twelve digits or more. */
  digits: 32,
  /** `{` or `[`: it may be JSON. */
  open: 64,
  all: 127,
} as const;

const digit = 128;
const table = new Uint8Array(128);
for (let i = 0; i < 32; i++) table[i] = sign.escape | sign.space;
for (const [chars, bits] of [
  ['"\\\x7f', sign.escape],
  [':=', sign.assign],
  ['%', sign.assign | sign.space],
  [' +', sign.space],
  ['@', sign.at],
  ['_-.A', sign.mark],
  ['{[', sign.open],
  ['0123456789', digit],
] as const) {
  for (const char of chars) table[char.charCodeAt(0)] = bits;
}

const longest = 4_096;

/** The signs of a text; a long one has all of them, unseen. */
export function signsOf(text: string): number {
  const { length } = text;
  if (length > longest) return sign.all;
  let found = 0;
  let digits = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const bits = code < 128 ? (table[code] as number) : sign.all; // within its length
    if (bits === digit) digits++;
    else found |= bits;
  }
  return digits >= 12 ? found | sign.digits : found;
}
