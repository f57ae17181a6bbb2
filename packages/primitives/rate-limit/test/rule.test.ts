import { describe, expect, it } from 'vitest';
import { compileRule } from '../src/index.js';

describe('a rule', () => {
  it('is compiled once', () => {
    expect(compileRule({ name: 'api', limit: 100, window: '15m' })).toEqual({
      name: 'api',
      limit: 100,
      windowMs: 900_000,
      policy: '"api";q=100;w=900',
      prefix: 'api/900 ',
    });
  });

  it('names its algorithm where it is not the default', () => {
    const rule = { name: 'api', limit: 100, window: '15m' } as const;
    expect(compileRule({ ...rule, algorithm: 'sliding-window' })).toEqual(compileRule(rule));
    expect(compileRule({ ...rule, algorithm: 'gcra', burst: 10 })).toEqual({
      name: 'api',
      limit: 100,
      windowMs: 900_000,
      policy: '"api";q=100;w=900',
      prefix: 'api/900/gcra ',
      algorithm: 'gcra',
      burst: 10,
    });
    expect(compileRule({ ...rule, algorithm: 'token-bucket' }).burst).toBe(100);
    expect(compileRule({ ...rule, algorithm: 'concurrency' }).policy).toBe(
      '"api";q=100;qu="concurrent-requests"',
    );
  });

  it.each([
    [{ name: 'a', limit: 1, window: 1, algorithm: 'leaky' }, 'rule.algorithm'],
    [{ name: 'a', limit: 1_001, window: 1, algorithm: 'sliding-log' }, 'rule.limit'],
    [{ name: 'a', limit: 1_001, window: 1, algorithm: 'concurrency' }, 'rule.limit'],
    [{ name: 'a', limit: 5, window: 1, algorithm: 'gcra', burst: 6 }, 'rule.burst'],
    [{ name: 'a', limit: 5, window: 1, algorithm: 'gcra', burst: 0 }, 'rule.burst'],
    [{ name: 'a', limit: 5, window: 1, burst: 5 }, 'rule.burst'],
    [{ name: 'a"b', limit: 1, window: 1 }, 'rule.name'],
    [{ name: '', limit: 1, window: 1 }, 'rule.name'],
    [{ name: 'a\r\nb', limit: 1, window: 1 }, 'rule.name'],
    [{ name: 'a', limit: Number.NaN, window: 1 }, 'rule.limit'],
    [{ name: 'a', limit: Number.POSITIVE_INFINITY, window: 1 }, 'rule.limit'],
    [{ name: 'a', limit: 0, window: 1 }, 'rule.limit'],
    [{ name: 'a', limit: 1.5, window: 1 }, 'rule.limit'],
    [{ name: 'a', limit: 1_000_000_000, window: '31d' }, 'rule.limit'],
    [{ name: 'a', limit: 1, window: Number.NaN }, 'rule.window'],
    [{ name: 'a', limit: 1, window: '500ms' }, 'rule.window'],
    [{ name: 'a', limit: 1, window: '1500ms' }, 'rule.window'],
    [{ name: 'a', limit: 1, window: '32d' }, 'rule.window'],
    [{ name: 'a', limit: 1, window: 1, max: 3 }, 'rule.max'],
  ])('%j is refused', (rule, where) => {
    expect(() => compileRule(rule as never)).toThrow(where);
  });
});
