const encoder = new TextEncoder();

/** A text as UTF-8 bytes. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text) as Uint8Array<ArrayBuffer>; // TextEncoder never makes a shared buffer
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const sextets = new Int8Array(128).fill(-1);
for (let i = 0; i < alphabet.length; i++) sextets[alphabet.charCodeAt(i)] = i;

/** Bytes as base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 6; bits -= 6) text += alphabet[(held >>> (bits - 6)) & 63];
    held &= 63;
  }
  return bits === 0 ? text : text + alphabet[(held << (6 - bits)) & 63];
}

/** The bytes of a base64url text without padding, or `undefined` when it is not one in its only canonical form. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    const value = sextets[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[size++] = held >>> bits;
    held &= (1 << bits) - 1;
  }
  return held === 0 ? bytes : undefined; // bits to spare are zero, or one value would have several texts
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += hexOf[byte];
  return hex;
}

interface NodeCrypto {
  hash?(algorithm: 'sha256', data: string | Uint8Array, encoding: 'buffer'): Uint8Array;
}

// Where Node's own hashing is at hand it is used: WebCrypto's goes through a pool of threads, which costs fifty times as much.
const native = (
  globalThis as { process?: { getBuiltinModule?: (name: string) => NodeCrypto | undefined } }
).process?.getBuiltinModule?.('node:crypto')?.hash;

/** The SHA-256 digest of bytes, or of a text's UTF-8 bytes. */
export async function sha256(data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (native) return new Uint8Array(native('sha256', data, 'buffer'));
  return new Uint8Array(
    await crypto.subtle.digest('SHA-256', typeof data === 'string' ? utf8(data) : new Uint8Array(data)),
  );
}
