import { describe, expect, it } from 'vitest';
import { compileRule, createRateLimiter, memoryRateLimitStore, type RateLimitStore } from '../src/index.js';

const exports = compileRule({ name: 'exports', limit: 2, window: '30s', algorithm: 'concurrency' });
const api = compileRule({ name: 'api', limit: 3, window: '1h' });

describe('a limit of what is under way', () => {
  it('has room again as soon as work is done, while what was counted stays counted', async () => {
    const limiter = createRateLimiter({ now: () => 0 });
    const requests = [
      { rule: api, key: 'ada' },
      { rule: exports, key: 'ada' },
    ];
    const first = await limiter.reserve(requests);
    const second = await limiter.reserve(requests);
    expect((await limiter.reserve(requests)).states.map((state) => state.allowed)).toEqual([true, false]);
    await first.release();
    await first.release(); // only the first call ends a lease
    const third = await limiter.reserve(requests);
    expect(third.allowed).toBe(true);
    await second.release();
    expect((await limiter.reserve(requests)).states.map((state) => state.allowed)).toEqual([false, true]);
  });

  it('ends a lease once, whether by release or by refund', async () => {
    const limiter = createRateLimiter({ now: () => 0 });
    const requests = [
      { rule: exports, key: 'ada' },
      { rule: api, key: 'ada' },
    ];
    const first = await limiter.reserve(requests);
    await limiter.reserve(requests);
    await first.release();
    await first.refund();
    const third = await limiter.reserve(requests);
    expect(third.states.map((state) => state.remaining)).toEqual([0, 1]);
    await third.refund();
    await third.release();
    expect((await limiter.reserve(requests)).states.map((state) => state.remaining)).toEqual([0, 1]);
  });

  it('frees the place of a process that died once its lease expires', async () => {
    let now = 0;
    const limiter = createRateLimiter({ now: () => now });
    const one = [{ rule: exports, key: 'ada' }];
    await limiter.reserve(one);
    await limiter.reserve(one);
    now = 29_999;
    expect((await limiter.reserve(one)).allowed).toBe(false);
    now = 30_000;
    expect((await limiter.reserve(one)).allowed).toBe(true);
  });

  it('is refused with a store that can only slide windows', () => {
    const memory = memoryRateLimitStore();
    const store: RateLimitStore = { consume: memory.consume, refund: memory.refund, reset: memory.reset };
    const limiter = createRateLimiter({ store });
    expect(() => limiter.reserve([{ rule: exports, key: 'ada' }])).toThrow('rule.algorithm');
    expect(() => limiter.reserve([{ rule: api, key: 'ada' }])).not.toThrow();
  });
});
