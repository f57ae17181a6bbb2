import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Duration, toMilliseconds, toSeconds } from '../src/index.js';

describe('a duration', () => {
  it.each<[Duration, number]>([
    [1, 1_000],
    [0.5, 500],
    [900, 900_000],
    ['500ms', 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
  ])('%j is %d milliseconds', (duration, milliseconds) => {
    expect(toMilliseconds('option', duration)).toBe(milliseconds);
    expect(toSeconds('option', duration)).toBe(milliseconds / 1_000);
  });

  it.each(
    [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      '',
      '15',
      '15 m',
      ' 15m',
      '15m\n',
      '15M',
      '-15m',
      '+15m',
      '1e3s',
      '0x10s',
      '1_000s',
      '1.2345s',
      '15m30s',
      'Infinitys',
      'm',
      '９s',
      `${'9'.repeat(100)}s`,
      null,
      undefined,
      true,
      [],
      ['15m'],
      {},
      new Date(0),
      15n,
    ].map((value) => ({ value })),
  )('$value is refused, and the message says what to write', ({ value }) => {
    expect(() => toMilliseconds('cache.maxAge', value as Duration)).toThrow(ConfigError);
    expect(() => toMilliseconds('cache.maxAge', value as Duration)).toThrow(/^cache\.maxAge .*'15m'/);
  });

  it.each<Duration>([0, -1, '0s', '0.4ms', 1e12, '999999999999d'])('%j is out of bounds', (value) => {
    expect(() => toMilliseconds('option', value)).toThrow(/out of bounds|is not a duration/);
  });

  it('keeps the bounds that its option has, and includes both ends', () => {
    const bounds = { min: 60, max: 300 };
    expect(toSeconds('option', '1m', bounds)).toBe(60);
    expect(toSeconds('option', '5m', bounds)).toBe(300);
    expect(() => toSeconds('option', '59.999s', bounds)).toThrow('use a duration from 60 to 300 seconds');
    expect(() => toSeconds('option', '300.001s', bounds)).toThrow(ConfigError);
  });

  it('can be zero where its option says so', () => {
    expect(toMilliseconds('clockTolerance', 0, { min: 0, max: 300 })).toBe(0);
  });

  it('is a whole number of milliseconds within bounds, or refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.string(), fc.anything()), (value) => {
        try {
          const milliseconds = toMilliseconds('option', value as Duration);
          expect(Number.isSafeInteger(milliseconds)).toBe(true);
          expect(milliseconds).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
    );
  });
});
