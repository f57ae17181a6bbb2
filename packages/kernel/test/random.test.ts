import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, fromBase64Url, randomBytes, randomToken, systemClock, uuidv7 } from '../src/index.js';

describe('randomBytes', () => {
  it('has the length asked for', () => {
    expect([1, 16, 32, 65_536].map((length) => randomBytes(length).length)).toEqual([1, 16, 32, 65_536]);
  });

  it.each([0, -1, 1.5, Number.NaN, 65_537])('refuses %d', (length) => {
    expect(() => randomBytes(length)).toThrow(ConfigError);
  });
});

describe('randomToken', () => {
  it('has 256 random bits in 43 characters unless told otherwise', () => {
    expect(randomToken()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(fromBase64Url(randomToken())).toHaveLength(32);
    expect(fromBase64Url(randomToken(16))).toHaveLength(16);
  });

  it('never has fewer than 128 bits', () => {
    expect(() => randomToken(15)).toThrow(ConfigError);
  });

  it('does not repeat', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => randomToken())).size).toBe(1_000);
  });
});

describe('uuidv7', () => {
  // The largest time is 48 bits of milliseconds, in the year 10889.
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

  it('has the form, version and variant of RFC 9562', () => {
    fc.assert(
      fc.property(time, (now) => {
        expect(uuidv7(() => now)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('begins with the time of its clock', () => {
    fc.assert(
      fc.property(time, (now) => {
        expect(
          Number.parseInt(
            uuidv7(() => now)
              .replaceAll('-', '')
              .slice(0, 12),
            16,
          ),
        ).toBe(now);
      }),
    );
    // The time of the example in RFC 9562, appendix A.6
    expect(uuidv7(() => 0x017f22e279b0)).toMatch(/^017f22e2-79b0-7/);
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(time, time, (a, b) => {
        fc.pre(a < b);
        expect(uuidv7(() => a) < uuidv7(() => b)).toBe(true);
      }),
    );
  });

  it('takes a clock with fractions of a millisecond', () => {
    expect(uuidv7(() => 1_700_000_000_000.9)).toMatch(/^018bcfe5-6800-7/);
  });

  it('does not repeat within one millisecond', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => uuidv7(() => 1_700_000_000_000))).size).toBe(1_000);
  });

  it('uses the machine’s clock unless told otherwise', () => {
    const before = systemClock();
    const written = Number.parseInt(uuidv7().replaceAll('-', '').slice(0, 12), 16);
    expect(written).toBeGreaterThanOrEqual(before);
    expect(written).toBeLessThanOrEqual(systemClock());
  });
});
