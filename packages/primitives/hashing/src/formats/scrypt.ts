import { utf8 } from '@secapi/kernel';
import { fromBase64, fromHex, fromPaddedBase64 } from '../internal/base64.js';
import type { ParsedHash } from './stored-hash.js';

const phc =
  /^\$scrypt\$(?:ln=([1-9]\d?)|n=([1-9]\d{0,9})),r=([1-9]\d{0,2}),p=([1-9]\d{0,2})\$([\w+/]{6,171})\$([\w+/]{22,86})$/;
const django =
  /^scrypt\$([!-#%-~]{4,128})\$([1-9]\d{0,9})\$([1-9]\d{0,2})\$([1-9]\d{0,2})\$([\w+/]{22,86}={0,2})$/;
const werkzeug =
  /^scrypt:([1-9]\d{0,9}):([1-9]\d{0,2}):([1-9]\d{0,2})\$([!-#%-~]{4,128})\$([0-9a-f]{32,128})$/;

/**
 * - `$scrypt$ln=15,r=8,p=1$salt$digest` (PHC, Passlib), also with `n=32768` for `ln=15` (AdonisJS);
 * - `scrypt$salt$16384$8$5$digest` (Django) and `scrypt:32768:8:1$salt$hex` (Werkzeug), whose salt is text.
 */
export function readScrypt(text: string): ParsedHash | undefined {
  if (text.startsWith('$scrypt$')) {
    const [, ln, n, r, p, salt = '', digest = ''] = phc.exec(text) ?? [];
    return joined(ln ? 2 ** Number(ln) : Number(n), r, p, fromBase64(salt), fromBase64(digest));
  }
  if (text.startsWith('scrypt$')) {
    const [, salt = '', n, r, p, digest = ''] = django.exec(text) ?? [];
    return joined(Number(n), r, p, utf8(salt), fromPaddedBase64(digest));
  }
  const [, n, r, p, salt = '', digest = ''] = werkzeug.exec(text) ?? [];
  return joined(Number(n), r, p, utf8(salt), fromHex(digest));
}

function joined(
  cost: number,
  r: string | undefined,
  p: string | undefined,
  salt: Uint8Array | undefined,
  digest: Uint8Array | undefined,
): ParsedHash | undefined {
  if (!r || !p || !salt || !digest || !isPowerOfTwo(cost)) return undefined;
  const input = { cost, blockSize: Number(r), parallelism: Number(p), salt, length: digest.length };
  return { scheme: 'scrypt', input, digest };
}

function isPowerOfTwo(value: number): boolean {
  return value >= 2 && Number.isInteger(Math.log2(value));
}
