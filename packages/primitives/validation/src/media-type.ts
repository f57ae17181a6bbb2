/** A media type (RFC 9110 §8.3.1), names in lower case. */
export interface MediaType {
  readonly type: string;
  readonly subtype: string;
  /** `type/subtype` */
  readonly essence: string;
  /** The parameters' values as they were written, quotes and escapes undone. */
  readonly parameters: ReadonlyMap<string, string>;
}

const maxLength = 256;
const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}/y;
// each step of these consumes one character and no two alternatives start alike: linear
const separator = /[ \t]{0,256};[ \t]{0,256}/y;
const quoted = /"((?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff]){0,256})"/y;

/**
 * A `Content-Type` field's value by the exact grammar, or `undefined` when it isn't one: white space around it, a parameter given twice,
 * anything after the end and more than 256 characters are refused, so that no two readers can understand it differently (ASVS v5.0.0-1.5.3).
 */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  if (header === undefined || header.length > maxLength) return undefined;
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match[1] ?? match[0];
  };
  const type = take(token)?.toLowerCase();
  if (type === undefined || header[at++] !== '/') return undefined;
  const subtype = take(token)?.toLowerCase();
  if (subtype === undefined) return undefined;
  const parameters = new Map<string, string>();
  while (at < header.length) {
    if (take(separator) === undefined) return undefined;
    const name = take(token)?.toLowerCase();
    if (name === undefined) {
      // `*( OWS ";" OWS [ parameter ] )`: a parameter may be left out, trailing white space may not stay
      if (at === header.length ? header.endsWith(';') : header[at] === ';') continue;
      return undefined;
    }
    if (header[at++] !== '=' || parameters.has(name)) return undefined;
    const value = header[at] === '"' ? take(quoted)?.replaceAll(/\\(.)/g, '$1') : take(token);
    if (value === undefined) return undefined;
    parameters.set(name, value);
  }
  return { type, subtype, essence: `${type}/${subtype}`, parameters };
}

/** Whether a `Content-Type` says `application/json`, in UTF-8 or without a charset. */
export function isJson(header: string | undefined): boolean {
  if (header === 'application/json') return true; // what nearly every client sends
  const parsed = parseMediaType(header);
  if (parsed?.essence !== 'application/json') return false;
  const charset = parsed.parameters.get('charset');
  return charset === undefined || charset.toLowerCase() === 'utf-8';
}
