import { type LimitEntry, memoryRateLimitStore } from '@secapi/rate-limit';
import { expect, it } from 'vitest';
import { rateLimitStore } from '../src/rate-limit-store.js';
import { describeWithRedis } from './support.js';

describeWithRedis('a clock that was set back', (bench) => {
  const entry = (key: string, cost = 1): LimitEntry => ({ key, limit: 5, windowMs: 1_000, cost });

  it('is kept though the request is refused, in Redis as in memory', async () => {
    const redis = rateLimitStore(bench.redis, { deadline: '5s', rememberBlocked: false }, true);
    const memory = memoryRateLimitStore();
    const noon = 1_700_000_000_000;
    const steps: [number, LimitEntry[]][] = [
      [noon, [entry('account')]],
      [noon - 2_000, [entry('client', 6), entry('account')]], // refused
      [noon - 1_700, [entry('account')]],
    ];
    for (const [now, entries] of steps)
      expect(await redis.consume(entries, now)).toEqual(memory.consume(entries, now));
  });
});
