import { expect, it } from 'vitest';
import {
  ConfigError,
  checkOptions,
  constantTimeEqual,
  type Duration,
  randomToken,
  toMilliseconds,
} from '../src/index.js';

// The example of the README, line by line.
function createCache(options: { maxAge?: Duration } = {}): { maxAge: number } {
  checkOptions('cache', options, ['maxAge']);
  return { maxAge: toMilliseconds('cache.maxAge', options.maxAge ?? '15m', { max: 86_400 }) };
}

it('keeps what the README promises', () => {
  expect(createCache({ maxAge: '1h' })).toEqual({ maxAge: 3_600_000 });
  expect(createCache()).toEqual({ maxAge: 900_000 });
  const misspelt = { maxage: 60 } as Parameters<typeof createCache>[0]; // as untyped JavaScript would call it
  expect(() => createCache(misspelt)).toThrow('cache.maxage is not an option: use one of maxAge');
  expect(() => createCache({ maxAge: '30d' })).toThrow(ConfigError);

  const token = randomToken();
  expect(constantTimeEqual(token, token)).toBe(true);
  expect(constantTimeEqual(token, randomToken())).toBe(false);
});
