import { randomBytes } from '@secapi/kernel';

/** Writes the 64 bits of a text's hash, as two 32-bit numbers, into the array that it is given. */
export type KeyedHash = (text: string, into: Int32Array | Uint32Array) => void;

/**
 * A text's 64-bit place in a hash table, under a key of this process: HalfSipHash-1-3, with the one round a word and three at the end
 * that operating systems and languages use for their tables.
 *
 * Keys come from the network (addresses, account names). Under a hash that can be predicted, an attacker could make keys that all fall
 * into one place of the table, or one that shares a victim's counter.
 *
 * @param seed two 32-bit words; random when left out
 */
export function createKeyedHash(seed?: readonly [number, number]): KeyedHash {
  const words = seed ?? new Uint32Array(randomBytes(8).buffer);
  const k0 = (words[0] ?? 0) | 0;
  const k1 = (words[1] ?? 0) | 0;
  let forBytes: KeyedHash | undefined;

  /** For a text with a character that doesn't fit into a byte: under another key, else texts of both kinds could meet. */
  function hashWide(text: string, into: Int32Array | Uint32Array): void {
    forBytes ??= createKeyedHash([k0 ^ 0x5ec0de, k1]);
    forBytes(bytesOf(text), into);
  }

  // A round stands here three times, with the state in local variables and nothing to choose: shared by a function, or with their
  // number as a parameter, they would cost up to three times as much.
  return function keyedHash(text, into) {
    const { length } = text;
    const whole = length & ~3;
    let seen = 0;
    let v0 = k0;
    let v1 = k1 ^ 0xee;
    let v2 = k0 ^ 0x6c796765;
    let v3 = k1 ^ 0x74656462;
    let m = 0;
    let i = 0;
    for (; i < whole; i += 4) {
      const c0 = text.charCodeAt(i);
      const c1 = text.charCodeAt(i + 1);
      const c2 = text.charCodeAt(i + 2);
      const c3 = text.charCodeAt(i + 3);
      seen |= c0 | c1 | c2 | c3;
      m = c0 | (c1 << 8) | (c2 << 16) | (c3 << 24);
      v3 ^= m;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= m;
    }
    // The last word: the characters left over and, in the highest byte, the length.
    m = length << 24;
    for (let bits = 0; i < length; i++, bits += 8) {
      const c = text.charCodeAt(i);
      seen |= c;
      m ^= c << bits;
    }
    if (seen > 255) return hashWide(text, into);
    v3 ^= m;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= m;
    v2 ^= 0xee;
    for (let round = 0; round < 6; round++) {
      if (round === 3) {
        into[0] = v1 ^ v3;
        v1 ^= 0xdd;
      }
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    into[1] = v1 ^ v3;
  };
}

/** A text with each character in two. */
function bytesOf(text: string): string {
  let bytes = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    bytes += String.fromCharCode(c & 255, c >>> 8);
  }
  return bytes;
}
