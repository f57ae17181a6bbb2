import { describe, expect, it } from 'vitest';
import { compileLimits, type LimitOptions } from '../src/index.js';

describe('a limit that makes no sense is refused at construction', () => {
  it.each<[string, LimitOptions, RegExp]>([
    ['an unknown subject', { limit: 1, window: '1m', by: 'ip' as never }, /limits\.x\.by is not known/],
    ['no subject', { limit: 1, window: '1m', by: [] }, /names nobody/],
    ['one twice', { limit: 1, window: '1m', by: ['client', 'client'] }, /names nobody, or somebody twice/],
    ['an unknown count', { limit: 1, window: '1m', count: 'some' as never }, /limits\.x\.count/],
    ['a cost of nothing', { limit: 1, window: '1m', cost: 0 }, /limits\.x\.cost/],
    ['a plan that is none', { limit: 1, window: '1m', plan: { limit: 1 } as never }, /limits\.x\.plan/],
    [
      'leases that count failures',
      { limit: 1, window: '1m', algorithm: 'concurrency', count: 'failures' },
      /count/,
    ],
    [
      'an unknown algorithm',
      { limit: 1, window: '1m', algorithm: 'leaky' as never },
      /algorithm is not known/,
    ],
    ['a burst without a bucket', { limit: 9, window: '1m', burst: 2 }, /burst means nothing/],
    ['an unknown option', { limit: 1, window: '1m', max: 3 } as never, /max/],
  ])('%s', (_, options, message) => {
    expect(() => compileLimits({ x: options })).toThrow(message);
  });
});
