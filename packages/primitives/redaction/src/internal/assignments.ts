import { sign } from './signs.js';
import type { KeyKind } from './words.js';

/** Masks the values of secret keys in free text: `password=…`, `"apiKey": "…"`, `Cookie: …`, `--token …`. */
export type MaskAssignments = (text: string, signs: number) => string;

// A key of one or two words, perhaps quoted (with the quotes escaped, when it is JSON inside a text), and what assigns.
const assigning =
  /(?<![\w.-])((?:(?:api|private|secret|access|signing|credit|card|session|security) )?[\w.-]{1,128}(?:\[[\w-]{0,64}\])?)(?:%5[dD])?(?:\\{0,8}["'`])?\s{0,4}(?:=>|:=|[:=]|%3[aAdD])\s{0,4}|(?<![\w-])--?([A-Za-z][\w-]{1,63})[ \t]{1,4}(?!-)/gi;
const quoted = /(\\{0,8}["'`])[\s\S]*?(?:(?<!\\)\1|$)/y;
const bare = /(?:[^\s&;"'`]|["'`](?![,}\]:)\s]|$))+/y;
const cookies = /[^\s=;"']{1,256}=[^;\s]*(?:;[ ]?[^;\s=]{1,256}(?:=[^;\s]*)?)*/y;
// `Bearer abc` is one value; the parameters of Digest, Signature and the like go on to the line's end.
const credentials =
  /(?:bearer|basic|dpop|token|apikey|negotiate)\s{1,4}[^\s"'`]+|[a-z][\w-]{1,40} {1,4}[^\s="']{1,64}=[^\r\n]{0,4096}/iy;
const closing = /[)\]}>,.:\\]{0,64}$/;
const says = /^(?:null|undefined|true|false)$/;

const trigger =
  /pass|pwd|pw|secret|token|cookie|auth|key|cred|card|pin|otp|cv[vcn]|ssn|sid|session|jw[tse]|pepper|[cx]srf|bearer|assert|verifier|code|mnemonic|pan|social|connection/i;

const flagTrigger = /(?:^|[^\w-])--?[A-Za-z]/;

/** Makes the masking of values by their keys; `any` says that keys beyond the built-in ones are secret. */
export function createMaskAssignments(
  censor: string,
  kindOf: (key: string) => KeyKind,
  any: boolean,
): MaskAssignments {
  const bareCensor = censor.replace(closing, '');

  /** The masked value at `start` and where it ends, or `undefined` when there is nothing to mask. */
  function valueAt(
    text: string,
    start: number,
    key: string,
    kind: KeyKind,
  ): [masked: string, end: number] | undefined {
    const first = text[start];
    if (first === '{' || first === '[') {
      if (text.startsWith(censor, start)) return undefined;
      return [censor, endOfStructure(text, start)];
    }
    quoted.lastIndex = start;
    const inQuotes = quoted.exec(text);
    if (inQuotes) {
      const [whole, quote = ''] = inQuotes;
      const closed = whole.length > quote.length && whole.endsWith(quote);
      return [`${quote}${censor}${closed ? quote : ''}`, start + whole.length];
    }
    for (const [pattern, names] of headers) {
      pattern.lastIndex = start;
      const found = names.test(key) ? pattern.exec(text) : null;
      if (found) return [censor, start + found[0].length];
    }
    bare.lastIndex = start;
    const [whole] = bare.exec(text) ?? [''];
    const value = whole.replace(closing, '');
    if (value === '' || value === bareCensor || says.test(value)) return undefined;
    if (kind === 2 && /^\d+$/.test(value)) return undefined;
    return [censor, start + value.length];
  }

  return function maskAssignments(text: string, signs: number): string {
    // Without a sign of assignment only `--flag value` is left.
    if ((signs & sign.assign) === 0 && ((signs & sign.space) === 0 || !flagTrigger.test(text))) return text;
    if (!any && !trigger.test(text)) return text;
    let out = '';
    let copied = 0;
    assigning.lastIndex = 0;
    for (let found = assigning.exec(text); found !== null; found = assigning.exec(text)) {
      const key = found[1] ?? found[2] ?? '';
      const kind = kindOf(key);
      if (kind === 0) continue; // its value is looked at in turn: it may hold assignments itself
      const start = assigning.lastIndex;
      const value = valueAt(text, start, key, kind);
      if (value === undefined) continue;
      out += text.slice(copied, start) + value[0];
      copied = value[1];
      assigning.lastIndex = value[1];
    }
    return copied === 0 ? text : out + text.slice(copied);
  };
}

const headers = [
  [cookies, /cookies?$/i],
  [credentials, /authorization$/i],
] as const;

/** Where a JSON array or object in a text ends, or the text's end. */
function endOfStructure(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (char === '"') inString = !inString;
    else if (inString) continue;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return i + 1;
  }
  return text.length;
}
