import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedHash } from '../src/internal/keyed-hash.js';

// HalfSipHash-2-4 with 64 bits of output, key 00..07, input 00 01 02 …: the reference implementation's published values.
const vectors = [
  [0, '218d1f59b9b83cc8'],
  [1, 'be552412f8387315'],
  [2, '064f39ef7c50eb57'],
  [3, 'ce0f1a45f7060679'],
  [4, 'd5e78a175be52ea1'],
  [5, 'cb9d7c3f2f3db580'],
  [6, 'ce3e91358aa2bc25'],
  [7, 'ff202728b07bc684'],
  [8, 'edfee820bce4858c'],
  [12, '7bc71f9faef5c799'],
  [31, '863c7f155c34117c'],
] as const;

/** HalfSipHash as its authors describe it, word by word and with any number of rounds: what is in use is held to it. */
function plain(
  bytes: readonly number[],
  [k0, k1]: readonly [number, number],
  perWord: number,
  atEnd: number,
) {
  let [v0, v1, v2, v3] = [k0, k1 ^ 0xee, k0 ^ 0x6c796765, k1 ^ 0x74656462];
  const turned = (x: number, by: number) => (x << by) | (x >>> (32 - by));
  const rounds = (count: number) => {
    for (let i = 0; i < count; i++) {
      v0 = (v0 + v1) | 0;
      v1 = turned(v1, 5) ^ v0;
      v0 = turned(v0, 16);
      v2 = (v2 + v3) | 0;
      v3 = turned(v3, 8) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = turned(v3, 7) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = turned(v1, 13) ^ v2;
      v2 = turned(v2, 16);
    }
  };
  const padded = [...bytes, ...Array<number>(3 - (bytes.length % 4)).fill(0), bytes.length & 255];
  for (let i = 0; i < padded.length; i += 4) {
    const word = new DataView(Uint8Array.from(padded.slice(i, i + 4)).buffer).getInt32(0, true);
    v3 ^= word;
    rounds(perWord);
    v0 ^= word;
  }
  v2 ^= 0xee;
  rounds(atEnd);
  const first = v1 ^ v3;
  v1 ^= 0xdd;
  rounds(atEnd);
  return Int32Array.of(first, v1 ^ v3);
}

describe('the keyed hash', () => {
  it.each(vectors)(
    'is held to a plain HalfSipHash that agrees with the reference on %i bytes',
    (length, expected) => {
      const bytes = Array.from({ length }, (_, i) => i);
      expect(Buffer.from(plain(bytes, [0x03020100, 0x07060504], 2, 4).buffer).toString('hex')).toBe(expected);
    },
  );

  it('is HalfSipHash-1-3 of the bytes, whatever the key and the text', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const bytes = fc.array(fc.nat(255), { maxLength: 300 });
    fc.assert(
      fc.property(word, word, bytes, (k0, k1, text) => {
        const hash = new Int32Array(2);
        createKeyedHash([k0, k1])(String.fromCharCode(...text), hash);
        expect(hash).toEqual(plain(text, [k0 | 0, k1 | 0], 1, 3));
      }),
    );
  });

  it('takes a text with a wide character as its bytes, two for each, under another key', () => {
    const key = fc.tuple(fc.integer(), fc.integer());
    fc.assert(
      fc.property(key, fc.string({ unit: 'binary', maxLength: 60 }), ([k0, k1], text) => {
        const wide = `${text}\u2026`;
        const hash = new Int32Array(2);
        createKeyedHash([k0, k1])(wide, hash);
        expect(hash).toEqual(plain([...Buffer.from(wide, 'utf16le')], [k0 ^ 0x5ec0de, k1], 1, 3));
      }),
    );
  });

  it('gives texts of wide and narrow characters that have the same bytes different places', () => {
    const hash = createKeyedHash();
    const seen = new Set<string>();
    for (const text of ['\u6161', 'aa', '\u6161\0', 'aa\0\0', '\u6161a', 'aaa', 'aaa\0', 'é', 'ē', '']) {
      const into = new Uint32Array(2);
      hash(text, into);
      seen.add(`${into}`);
    }
    expect(seen.size).toBe(10);
  });

  it('gives a text another place in another process', () => {
    const a = new Uint32Array(2);
    const b = new Uint32Array(2);
    createKeyedHash()('203.0.113.7', a);
    createKeyedHash()('203.0.113.7', b);
    expect(a).not.toEqual(b);
  });
});
