import { toBase64Url } from './bytes.js';
import { type Clock, systemClock } from './clock.js';
import { checkNumber } from './options.js';

/** Bytes from the runtime's cryptographic generator (WebCrypto). */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(checkNumber('length', length, { min: 1, max: 65_536 })));
}

/**
 * A random token in base64url (ASVS v5.0.0-11.5.1).
 *
 * @param bytes how many random bytes, 16 at least
 * @default 32 bytes, 43 characters
 */
export function randomToken(bytes = 32): string {
  return toBase64Url(randomBytes(checkNumber('bytes', bytes, { min: 16, max: 1_024 })));
}

/** A UUID version 7 (RFC 9562): sortable by time, 74 random bits. An id, not a secret. */
export function uuidv7(now: Clock = systemClock): string {
  const time = Math.floor(now()).toString(16).padStart(12, '0').slice(-12);
  // The random bits and the variant stand in a version 4 where they do in a version 7, and runtimes keep those in stock.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
