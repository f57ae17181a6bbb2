import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, sha256, toBase64Url, toHex, utf8 } from '../src/index.js';

describe('base64url', () => {
  it.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('writes the vector of RFC 4648 for %j without padding', (text, encoded) => {
    expect(toBase64Url(utf8(text))).toBe(encoded);
    expect(fromBase64Url(encoded)).toEqual(utf8(text));
  });

  it('says what Node says, and reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = toBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64Url(text)).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it.each([
    ['padding', 'Zg=='],
    ['the other alphabet', '+/+/'],
    ['a length that no bytes have', 'A'],
    ['a length that no bytes have, longer', 'AAAAA'],
    ['bits after the last byte that are not zero', 'Zh'],
    ['bits after the last two bytes that are not zero', 'Zm9'],
    ['white space', 'Zm9v '],
    ['a line break at its end', 'Zm9v\n'],
    ['a letter outside ASCII', 'Zm9é'],
  ])('refuses %s: one value has one text', (_what, text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });

  it('has one text for each value: whatever is read is written back the same', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_=+/-]{0,12}$/), (text) => {
        const bytes = fromBase64Url(text);
        if (bytes) expect(toBase64Url(bytes)).toBe(text);
      }),
    );
  });

  it('takes a megabyte', () => {
    const bytes = new Uint8Array(1_048_576).fill(0xa5);
    expect(Buffer.compare(fromBase64Url(toBase64Url(bytes)) ?? utf8(''), bytes)).toBe(0);
  });
});

describe('hexadecimal', () => {
  it('says what Node says', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      }),
    );
  });
});

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('gives the vector of FIPS 180 for %j', async (text, digest) => {
    expect(toHex(await sha256(text))).toBe(digest);
  });

  it('takes a text as its UTF-8 bytes', async () => {
    expect(await sha256('pässword ✓')).toEqual(await sha256(utf8('pässword ✓')));
    expect(toHex(await sha256('pässword ✓'))).toBe(createHash('sha256').update('pässword ✓').digest('hex'));
  });

  it('digests a part of a buffer, not the whole of it', async () => {
    const whole = utf8('-abc-');
    expect(await sha256(whole.subarray(1, 4))).toEqual(await sha256('abc'));
  });
});
