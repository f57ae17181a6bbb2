import { randomBytes } from '@secapi/kernel';

/** Writes the 64 bits of a text's hash, as two 32-bit numbers, into the array that it is given. */
export type KeyedHash = (text: string, into: Int32Array | Uint32Array) => void;

/**
 * A text's 64-bit place in a hash table, under a key of this process: HalfSipHash, with the one and three rounds that operating systems
 * and languages use for their tables.
 *
 * Keys come from the network (addresses, account names). Under a hash that can be predicted, an attacker could make keys that all fall
 * into one place of the table, or one that shares a victim's counter.
 *
 * @param seed two 32-bit words; random when left out
 */
export function createKeyedHash(seed?: readonly [number, number], perWord = 1, atEnd = 3): KeyedHash {
  const words = seed ?? new Uint32Array(randomBytes(8).buffer);
  const k0 = (words[0] ?? 0) | 0;
  const k1 = (words[1] ?? 0) | 0;

  // The rounds stand here twice, with the state in local variables: shared by a function they would cost three times as much.
  /** Whether it was right that every character fits into a byte; if not, the hash means nothing. */
  function run(text: string, narrow: boolean, into: Int32Array | Uint32Array): boolean {
    const { length } = text;
    let seen = 0;
    const perWordLog = narrow ? 2 : 1;
    const lastWord = length >> perWordLog;
    let v0 = narrow ? k0 : k0 ^ 0x5ec0de;
    let v1 = k1 ^ 0xee;
    let v2 = k0 ^ 0x6c796765;
    let v3 = k1 ^ 0x74656462;
    for (let word = 0; word <= lastWord; word++) {
      const i = word << perWordLog;
      let m = 0;
      if (word === lastWord) {
        // The characters left over and, in the highest byte, the length.
        m = length << 24;
        const bits = narrow ? 8 : 16;
        for (let j = i; j < length; j++) {
          const c = text.charCodeAt(j);
          seen |= c;
          m ^= c << (bits * (j - i));
        }
      } else if (narrow) {
        const c0 = text.charCodeAt(i);
        const c1 = text.charCodeAt(i + 1);
        const c2 = text.charCodeAt(i + 2);
        const c3 = text.charCodeAt(i + 3);
        seen |= c0 | c1 | c2 | c3;
        m = c0 | (c1 << 8) | (c2 << 16) | (c3 << 24);
      } else m = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
      v3 ^= m;
      for (let round = 0; round < perWord; round++) {
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
    for (let round = 0; round < 2 * atEnd; round++) {
      if (round === atEnd) {
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
    return seen < 256;
  }

  return function keyedHash(text, into) {
    // Four characters a word, or two where one doesn't fit into a byte: under another key, else texts of both kinds could meet.
    if (!run(text, true, into)) run(text, false, into);
  };
}
