import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantTimeEqual, utf8 } from '../src/index.js';

describe('constantTimeEqual', () => {
  it('is true for equal bytes and texts, and across the two', () => {
    expect(constantTimeEqual('secret', 'secret')).toBe(true);
    expect(constantTimeEqual(utf8('secret'), 'secret')).toBe(true);
    expect(constantTimeEqual('', '')).toBe(true);
  });

  it.each([
    ['a difference at the start', 'xecret', 'secret'],
    ['a difference at the end', 'secrex', 'secret'],
    ['a beginning of the other', 'secre', 'secret'],
    ['a continuation of the other', 'secrets', 'secret'],
    ['an empty text', '', 'secret'],
    ['a zero byte more', 'secret\0', 'secret'],
    ['another case', 'Secret', 'secret'],
  ])('is false for %s', (_what, a, b) => {
    expect(constantTimeEqual(a, b)).toBe(false);
    expect(constantTimeEqual(b, a)).toBe(false);
  });

  it('agrees with comparing the bytes one by one', () => {
    const bytes = fc.uint8Array({ maxLength: 4, max: 2 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(constantTimeEqual(a, b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });

  it('is false when lengths differ by a multiple of 2^32’s low bits', () => {
    expect(constantTimeEqual(new Uint8Array(256), new Uint8Array(0))).toBe(false);
    expect(constantTimeEqual(new Uint8Array(0), new Uint8Array(65_536))).toBe(false);
  });
});
