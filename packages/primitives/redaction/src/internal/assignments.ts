import type { Hide } from '../hiding.js';
import { type KeyFacts, type Keys, keyKind } from './keys.js';

/** Hides the values of secret keys in free text: `password=…`, `"apiKey": "…"`, `Cookie: …`, `--token …`. */
export type MaskAssignments = (text: string) => string;

// What assigns, and behind it a key of one or two words, perhaps quoted (with the quotes escaped, when it is JSON inside a
// text) or encoded for a URL. It is sought backwards from there, so that nothing before the key can hide it.
const assigns = /(?:=>|:=|[:=]|%(?:25){0,4}3[ad])/.source;
const assigning = new RegExp(
  `${assigns}(?<=((?:(?:api|private|secret|access|signing|credit|card|session|security) )?[\\w.%\\\\-]{1,64}(?:\\[[\\w-]{0,64}\\])?)(?:\\\\{0,8}["'\`])?\\s{0,4}${assigns})\\s{0,4}|(?<![\\w-])--?([a-z][\\w-]{1,63})[ \\t]{1,4}(?!-)`,
  'gi',
);
const quoted = /(\\{0,8}["'`])[\s\S]*?(?:(?<!\\)\1|$)/y;
const bare = /(?:[^\s&;"'`]|["'`](?![,}\]:)\s]|$))+/y;
const cookies = /[^\s=;"']{1,256}=[^;\s]*(?:;[ ]?[^;\s=]{1,256}(?:=[^;\s]*)?)*/y;
// `Bearer abc` is one value; the parameters of Digest, Signature and the like go on to the line's end.
const credentials =
  /(?:bearer|basic|dpop|token|apikey|negotiate)\s{1,4}[^\s"'`]+|[a-z][\w-]{1,40} {1,4}[^\s="']{1,64}=[^\r\n]{0,4096}/iy;
const closing = /[)\]}>,.:\\]{0,64}$/;
const says = /^(?:null|undefined|true|false)$/;

const headers = [
  [cookies, /cookies?$/i],
  [credentials, /authorization$/i],
] as const;

/** Makes the hiding of values by their keys. */
export function createMaskAssignments(censor: string, hide: Hide, keys: Keys): MaskAssignments {
  const bareCensor = censor.replace(closing, '');

  /** What stands for the value at `start`, and where it ends; `undefined` when there is nothing to hide. */
  function valueAt(
    text: string,
    start: number,
    key: string,
    { kind, how }: KeyFacts,
  ): [string, number] | undefined {
    const hidden = (value: string): string => hide(how, value) ?? '';
    const first = text[start];
    if (first === '{' || first === '[') {
      if (text.startsWith(censor, start)) return undefined;
      const end = endOfStructure(text, start);
      return [how === 'remove' ? '' : censor, end];
    }
    const at = (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = start;
      return pattern.exec(text);
    };
    const inQuotes = at(quoted);
    if (inQuotes) {
      const [whole, quote = ''] = inQuotes;
      const closed = whole.length > quote.length && whole.endsWith(quote) ? quote : '';
      const value = whole.slice(quote.length, whole.length - closed.length);
      return [`${quote}${hidden(value)}${closed}`, start + whole.length];
    }
    for (const [pattern, names] of headers) {
      const found = names.test(key) ? at(pattern) : null;
      if (found) return [hidden(found[0]), start + found[0].length];
    }
    const value = (at(bare)?.[0] ?? '').replace(closing, '');
    if (value === '' || value === bareCensor || says.test(value)) return undefined;
    if (kind === keyKind.countable && /^\d+$/.test(value)) return undefined;
    return [hidden(value), start + value.length];
  }

  return function maskAssignments(text) {
    let out = '';
    let copied = 0;
    let start = 0;
    for (;;) {
      assigning.lastIndex = start; // each time: to look a key up may lead here again
      const found = assigning.exec(text);
      if (!found) break;
      start = assigning.lastIndex;
      const written = found[1] ?? found[2] ?? '';
      const key = /[%\\]/.test(written) ? decode(written) : written;
      const facts = keys(key);
      // What is no secret is looked at in turn: it may hold assignments itself.
      if (facts.kind !== keyKind.secret && facts.kind !== keyKind.countable) continue;
      const value = valueAt(text, start, key, facts);
      if (!value) continue;
      out += text.slice(copied, start) + value[0];
      copied = start = value[1];
    }
    return copied === 0 ? text : out + text.slice(copied);
  };
}

/** A key without the escapes of URLs and of JSON. */
function decode(key: string): string {
  return key.replace(/%(?:25)*([\da-f]{2})|\\+(?:u00([\da-f]{2})|[bfnrt])/gi, (_, url = '20', json = url) =>
    String.fromCharCode(Number.parseInt(json, 16)),
  );
}

/** Where a JSON array or object in a text ends, or the text's end. */
function endOfStructure(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i] as string; // within its length
    if (char === '"') inString = !inString;
    else if (inString) continue;
    else if ('{['.includes(char)) depth++;
    else if ('}]'.includes(char) && --depth === 0) return i + 1;
  }
  return text.length;
}
