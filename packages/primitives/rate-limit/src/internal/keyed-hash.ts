import { randomBytes } from '@secapi/kernel';

/** The 64 bits of a hash, as two unsigned 32-bit numbers. */
export interface Hash64 {
  low: number;
  high: number;
}

/**
 * A text's 64-bit place in a hash table, under a key of this process: HalfSipHash-2-4 over its UTF-16LE bytes.
 *
 * Keys come from the network (addresses, account names). Under a hash that can be predicted, an attacker could make keys that all fall
 * into one place of the table, or one that shares a victim's counter.
 *
 * @param seed two 32-bit words; random when left out
 * @returns writes into the object that it is given, so that a hit allocates nothing
 */
export function createKeyedHash(seed?: readonly [number, number]): (text: string, into: Hash64) => void {
  const words = seed ?? new Uint32Array(randomBytes(8).buffer);
  const k0 = (words[0] ?? 0) | 0;
  const k1 = (words[1] ?? 0) | 0;

  return function keyedHash(text, into) {
    let v0 = k0;
    let v1 = k1 ^ 0xee;
    let v2 = k0 ^ 0x6c796765;
    let v3 = k1 ^ 0x74656462;
    const { length } = text;
    const last = length >> 1;
    for (let word = 0; word <= last; word++) {
      const i = word * 2;
      let m = word < last ? text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16) : length << 25;
      if (word === last && length & 1) m |= text.charCodeAt(i);
      v3 ^= m;
      for (let round = 0; round < 2; round++) {
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
      v0 ^= m;
    }
    v2 ^= 0xee;
    for (let round = 0; round < 8; round++) {
      if (round === 4) {
        into.low = (v1 ^ v3) >>> 0;
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
    into.high = (v1 ^ v3) >>> 0;
  };
}
