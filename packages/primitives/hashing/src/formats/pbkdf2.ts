import { utf8 } from '@secapi/kernel';
import type { Pbkdf2Input } from '../engine.js';
import { fromAdaptedBase64, fromBase64, fromHex, fromPaddedBase64 } from '../internal/base64.js';
import type { ParsedHash } from './stored-hash.js';

const passlib = /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$([1-9]\d{0,9})\$([\w./]{6,171})\$([\w./]{22,86})$/;
const phc =
  /^\$pbkdf2-(sha1|sha256|sha512)\$i=([1-9]\d{0,9})(?:,l=([1-9]\d?))?\$([\w+/]{6,171})\$([\w+/]{22,86})$/;
const django = /^pbkdf2_(sha1|sha256|sha512)\$([1-9]\d{0,9})\$([!-#%-~]{4,128})\$([\w+/]{22,86}={0,2})$/;
const werkzeug = /^pbkdf2:(sha1|sha256|sha512):([1-9]\d{0,9})\$([!-#%-~]{4,128})\$([0-9a-f]{32,128})$/;

/**
 * - `$pbkdf2-sha256$29000$salt$digest` (Passlib, adapted base64; `$pbkdf2$` is SHA-1);
 * - `$pbkdf2-sha256$i=600000,l=32$salt$digest` (PHC, `l` may be absent);
 * - `pbkdf2_sha256$600000$salt$digest` (Django) and `pbkdf2:sha256:600000$salt$hex` (Werkzeug), whose salt is text.
 */
export function readPbkdf2(text: string): ParsedHash | undefined {
  let match = passlib.exec(text);
  if (match) {
    const [, digest = 'sha1', rounds, salt = '', hash = ''] = match;
    return joined(digest, rounds, fromAdaptedBase64(salt), fromAdaptedBase64(hash));
  }
  match = phc.exec(text);
  if (match) {
    const [, digest, rounds, length, salt = '', hash = ''] = match;
    const bytes = fromBase64(hash);
    if (length !== undefined && Number(length) !== bytes?.length) return undefined;
    return joined(digest, rounds, fromBase64(salt), bytes);
  }
  match = django.exec(text);
  if (match) {
    const [, digest, rounds, salt = '', hash = ''] = match;
    return joined(digest, rounds, utf8(salt), fromPaddedBase64(hash));
  }
  const [, digest, rounds, salt = '', hash = ''] = werkzeug.exec(text) ?? [];
  return joined(digest, rounds, utf8(salt), fromHex(hash));
}

function joined(
  name: string | undefined,
  rounds: string | undefined,
  salt: Uint8Array | undefined,
  digest: Uint8Array | undefined,
): ParsedHash | undefined {
  if (!name || !rounds || !salt || !digest) return undefined;
  const hash = name as Pbkdf2Input['digest']; // as each of the expressions has it
  const input = { digest: hash, iterations: Number(rounds), salt, length: digest.length };
  return { scheme: 'pbkdf2', input, digest };
}
