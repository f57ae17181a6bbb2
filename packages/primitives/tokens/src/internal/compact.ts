import { fromBase64Url } from '@secapi/kernel';
import { parseObject } from './strict-json.js';

/** The longest token that is looked at, in characters: those of this package are some 400 long. */
export const maxTokenLength = 8_192;
const maxHeaderLength = 2_048;

/** The header of a compact JWS, as far as it is used. Nothing in it is trusted: it only finds the key that must have signed. */
export interface JwsHeader {
  readonly alg: unknown;
  readonly typ: unknown;
  readonly kid: unknown;
  /** Whether it demands an extension. */
  readonly critical: boolean;
}

/**
 * The encoded header of a compact JWS (RFC 7515 §7.1), or `undefined` when the text is none: three parts, none empty, each in the one
 * canonical form of base64url, so that one signature has one spelling.
 */
export function headerPart(token: string): string | undefined {
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first < 1 || first > maxHeaderLength || second === -1) return undefined;
  const [header, payload, signature] = [
    token.slice(0, first),
    token.slice(first + 1, second),
    token.slice(second + 1),
  ];
  return isBase64Url(header) && isBase64Url(payload) && isBase64Url(signature) ? header : undefined;
}

/** The header in that part, or `undefined` when it is not a JSON object. */
export function parseHeader(part: string): JwsHeader | undefined {
  const bytes = fromBase64Url(part);
  const header = bytes && parseObject(bytes);
  if (!header) return undefined;
  const { alg, typ, kid } = header;
  return { alg, typ, kid, critical: Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64') };
}

// Without decoding: the letters are of the alphabet, and the bits that the last one has to spare are zero.
function isBase64Url(text: string): boolean {
  const rest = text.length % 4;
  if (rest === 1 || !/^[A-Za-z0-9_-]+$/.test(text)) return false;
  if (rest === 0) return true;
  return (rest === 2 ? 'AQgw' : 'AEIMQUYcgkosw048').includes(text.charAt(text.length - 1));
}
