import { toBase64Url, toHex } from './bytes.js';
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
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
