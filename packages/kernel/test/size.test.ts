import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Size, toBytes } from '../src/index.js';

describe('a size', () => {
  it.each<[Size, number]>([
    [0, 0],
    [1_024, 1_024],
    ['1b', 1],
    ['100kb', 102_400],
    ['2mb', 2_097_152],
    ['1024mb', 1_073_741_824],
  ])('%j is %d bytes', (size, bytes) => {
    expect(toBytes('bodyLimit', size)).toBe(bytes);
  });

  it.each(
    [
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1_073_741_825,
      '',
      '100',
      '100KB',
      '100 kb',
      '1.5mb',
      '-1kb',
      '1gb',
      '1025mb',
      '99999999999kb',
      '100kb\n',
      null,
      undefined,
      {},
      ['1kb'],
      1n,
    ].map((value) => ({ value })),
  )('$value is refused, and the message says what to write', ({ value }) => {
    expect(() => toBytes('bodyLimit', value as Size)).toThrow(ConfigError);
    expect(() => toBytes('bodyLimit', value as Size)).toThrow(/^bodyLimit .*'100kb'/);
  });

  it('is a whole number from 0 to 1 GiB, or refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          const bytes = toBytes('option', value as Size);
          expect(Number.isInteger(bytes) && bytes >= 0 && bytes <= 2 ** 30).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
    );
  });
});
