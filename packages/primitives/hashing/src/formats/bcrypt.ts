import { utf8 } from '@secapi/kernel';
import type { ParsedHash } from './stored-hash.js';

// 16 bytes of salt and 23 of digest in bcrypt's own base64: the last character of each has bits to spare, which are zero.
const modular =
  /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/;

/** `$2b$12$…` with `2a`, `2b` or `2y`, 60 characters. `2x` marks hashes of a faulty implementation and is not read. */
export function readBcrypt(text: string): ParsedHash | undefined {
  const match = modular.exec(text);
  return match ? { scheme: 'bcrypt', cost: Number(match[1]), hash: text } : undefined;
}

/** Whether bcrypt sees all of a password: it would ignore what follows byte 72, and some implementations a NUL. */
export function fitsBcrypt(password: string): boolean {
  return !password.includes('\0') && utf8(password).length <= 72;
}
