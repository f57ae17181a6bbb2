import { fromBase64Url } from '@secapi/kernel';
import { parseObject } from './strict-json.js';

/** The longest token that is looked at, in characters: those of this package are some 400 long. */
export const maxTokenLength = 8_192;
const maxHeaderLength = 2_048;

/** The header of a compact JWS, as far as it is used. Nothing in it is trusted: it only finds the key that must have signed. */
export interface JwsHeader {
  readonly alg: unknown;
  readonly kid: unknown;
  readonly typ: unknown;
  /** All of it. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Whether it demands an extension. */
  readonly isCritical: boolean;
}

/**
 * The encoded header of a compact JWS (RFC 7515 §7.1), or `undefined` when the text is none: three parts, none empty, each in the one
 * canonical form of base64url, so that one signature has one spelling.
 */
export function headerPart(token: string): string | undefined {
  // Linear: the dot is in none of the classes.
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(token)) return undefined;
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first > maxHeaderLength) return undefined;
  const canonical = endsCanonically(token, 0, first) && endsCanonically(token, first + 1, second);
  return canonical && endsCanonically(token, second + 1, token.length) ? token.slice(0, first) : undefined;
}

/** Whether a `typ` is this media type, with or without `application/` and in any case (RFC 7515 §4.1.9). */
export function isType(typ: unknown, type: string): boolean {
  if (typ === type) return true;
  if (typeof typ !== 'string') return false;
  const lower = typ.toLowerCase();
  return lower === type || (lower.startsWith('application/') && lower.slice(12) === type);
}

/** The header in that part, or `undefined` when it is not a JSON object. */
export function parseHeader(part: string): JwsHeader | undefined {
  const bytes = fromBase64Url(part);
  const header = bytes && parseObject(bytes);
  if (!header) return undefined;
  // Inherited properties are no members, whatever another library did to Object.prototype.
  const own = (name: string): unknown => (Object.hasOwn(header, name) ? header[name] : undefined);
  return {
    alg: own('alg'),
    kid: own('kid'),
    typ: own('typ'),
    members: header,
    isCritical: Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64'),
  };
}

// Without decoding: the bits that the last letter has to spare are zero.
function endsCanonically(text: string, start: number, end: number): boolean {
  const rest = (end - start) % 4;
  if (rest === 0) return true;
  return rest !== 1 && (rest === 2 ? 'AQgw' : 'AEIMQUYcgkosw048').includes(text.charAt(end - 1));
}
