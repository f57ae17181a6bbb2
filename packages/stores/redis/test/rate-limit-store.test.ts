import { compileRule, createRateLimiter, type LimitState, memoryRateLimitStore } from '@secapi/rate-limit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redisRateLimitStore } from '../src/index.js';
import { rateLimitStore } from '../src/rate-limit-store.js';
import { describeWithRedis, storedKeys } from './support.js';

const hour = 3_600_000;
const api = compileRule({ name: 'api', limit: 100, window: '15m' });
const login = compileRule({ name: 'login', limit: 5, window: '1h' });

function entry(key: string, limit: number, windowMs = hour, cost = 1) {
  return { key, limit, windowMs, cost };
}

describeWithRedis('the rate limit store', (bench) => {
  it('lets exactly 100 of 300 parallel requests through, over three processes’ connections', async () => {
    const others = [bench.redis, await bench.connect(), await bench.connect()];
    const limiters = others.map((redis) =>
      createRateLimiter({
        store: redisRateLimitStore(redis, { deadline: '5s' }),
        deadline: '5s',
        whenStoreFails: 'deny',
      }),
    );
    const all = await Promise.all(
      Array.from({ length: 300 }, (_, i) => limiters[i % 3]?.reserve([{ rule: api, key: '203.0.113.7' }])),
    );
    const admitted = all.filter((reservation) => reservation?.allowed);
    const remaining = admitted.map((reservation) => reservation?.states[0]?.remaining ?? -1);
    expect(remaining.sort((a, b) => b - a)).toEqual(Array.from({ length: 100 }, (_, i) => 99 - i));
    expect(all.every((reservation) => reservation?.decidedBy === 'store')).toBe(true);
  });

  it('says the same as the memory store, whatever is asked, refunded and forgotten', async () => {
    const shapes = [entry('', 3, 7_000), entry('', 5, 20_000), entry('', 1, 11_000)];
    const request = fc
      .record({ key: fc.nat(3), shape: fc.nat(2), cost: fc.constantFrom(1, 1, 1, 2, 6) })
      .map(({ key, shape, cost }) => ({ ...entry('', 1), ...shapes[shape], key: `${shape}:${key}`, cost }));
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          wait: fc.nat(5_000),
          requests: fc.array(request, { minLength: 1, maxLength: 3 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ wait: fc.nat(25_000), refund: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.record({ wait: fc.nat(10), reset: request }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await bench.server.admin.flushall();
        const redis = rateLimitStore(bench.redis, { deadline: '5s', rememberBlocked: false }, true);
        const memory = memoryRateLimitStore();
        const counted: { key: string; windowMs: number; cost: number; at: number }[] = [];
        let now = 1_700_000_000_000;
        for (const one of steps) {
          now += one.wait;
          if ('reset' in one) {
            await redis.reset([one.reset.key]);
            memory.reset([one.reset.key]);
          } else if ('refund' in one) {
            const taken = counted.splice(one.refund, 1);
            await redis.refund(taken, now);
            memory.refund(taken, now);
          } else {
            const expected: readonly LimitState[] = memory.consume(one.requests, now);
            expect(await redis.consume(one.requests, now)).toEqual(expected);
            if (!expected.every((state) => state.allowed)) continue;
            one.requests.forEach(
              ({ key, windowMs, cost }) => void counted.push({ key, windowMs, cost, at: now }),
            );
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives back what was counted, once', async () => {
    const limiter = createRateLimiter({
      store: redisRateLimitStore(bench.redis),
      deadline: '1s',
      whenStoreFails: 'deny',
    });
    const all = await Promise.all(
      Array.from({ length: 5 }, () => limiter.reserve([{ rule: login, key: 'ada' }])),
    );
    expect((await limiter.reserve([{ rule: login, key: 'ada' }])).allowed).toBe(false);
    await Promise.all([all[0]?.refund(), all[0]?.refund(), all[1]?.refund()]);
    const again = await Promise.all(
      Array.from({ length: 5 }, () => limiter.reserve([{ rule: login, key: 'ada' }])),
    );
    expect(again.filter((reservation) => reservation.allowed)).toHaveLength(2);
  });

  it('counts all limits of a request or none', async () => {
    const store = redisRateLimitStore(bench.redis);
    await store.consume([entry('account', 1)], 0);
    for (let i = 0; i < 5; i++) {
      const states = await store.consume([entry('address', 5), entry('account', 1)], 0);
      expect(states.map((state) => state.allowed)).toEqual([true, false]);
    }
    expect((await store.consume([entry('address', 5)], 0))[0]?.remaining).toBe(4);
  });

  it('goes by Redis’s clock, not by that of a process', async () => {
    const store = redisRateLimitStore(bench.redis);
    await store.consume([entry('a', 1, 60_000)], Date.now());
    const [fast] = await store.consume([entry('a', 1, 60_000)], Date.now() + 3_600_000);
    expect(fast).toMatchObject({ allowed: false });
    expect(fast?.retryAfterMs).toBeGreaterThan(50_000);
  });

  it('shows Redis neither address nor account', async () => {
    const store = redisRateLimitStore(bench.redis, { key: new Uint8Array(32).fill(1) });
    await store.consume([entry('ada@example.com', 5), entry('203.0.113.7', 5)], 0);
    const keys = await storedKeys(bench.server.admin);
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key).toMatch(/^secapi:limit:[\w-]{24}$/);
    const unkeyed = redisRateLimitStore(bench.redis);
    expect((await unkeyed.consume([entry('203.0.113.7', 5)], 0))[0]?.remaining).toBe(4); // another name in Redis
  });

  it('leaves no key behind when everything was given back', async () => {
    const store = redisRateLimitStore(bench.redis);
    const [state] = await store.consume([entry('a', 5)], 0);
    await store.refund([{ key: 'a', windowMs: hour, cost: 1, at: state?.at ?? 0 }], 0);
    expect(await storedKeys(bench.server.admin)).toEqual([]);
  });

  it('lets a key expire when its counter is no more in force', async () => {
    const store = redisRateLimitStore(bench.redis);
    await store.consume([entry('a', 5, 60_000)], 0);
    const [key = ''] = await storedKeys(bench.server.admin);
    const once = await bench.server.admin.pttl(key);
    expect(once).toBeGreaterThan(50_000);
    expect(once).toBeLessThanOrEqual(60_000);
    for (let i = 0; i < 4; i++) await store.consume([entry('a', 5, 60_000)], 0);
    expect(await bench.server.admin.pttl(key)).toBeLessThanOrEqual(120_000);
  });
});
