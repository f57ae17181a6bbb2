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

describe('the keyed hash', () => {
  it.each(vectors)('agrees with the reference on %i bytes', (length, expected) => {
    const text = String.fromCharCode(...Array.from({ length }, (_, i) => i));
    const hash = new Uint32Array(2);
    createKeyedHash([0x03020100, 0x07060504], 2, 4)(text, hash);
    const out = new DataView(new ArrayBuffer(8));
    out.setUint32(0, hash[0] ?? 0, true);
    out.setUint32(4, hash[1] ?? 0, true);
    expect(Buffer.from(out.buffer).toString('hex')).toBe(expected);
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
