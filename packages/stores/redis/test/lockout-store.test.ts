import { memoryLockoutStore } from '@secapi/accounts';
import { lockoutStoreSuite } from '@secapi/testing';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { redisLockoutStore } from '../src/index.js';
import { lockoutStore } from '../src/lockout-store.js';
import { describeOnBoth, describeWithRedis } from './support.js';

const policy = { limit: 5, windowMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 3_600_000 };

describeOnBoth('the lockout store, by the caller’s clock', (bench) => {
  lockoutStoreSuite({ describe, it, expect }, async () => {
    await bench.flush();
    return { store: lockoutStore(bench.client, { deadline: '5s' }, true), close: async () => {} };
  });
});

describeWithRedis('the lockout store', (bench) => {
  lockoutStoreSuite({ describe, it, expect }, async () => {
    await bench.server.admin.flushall();
    return {
      store: redisLockoutStore(bench.redis, { deadline: '5s' }),
      advance: (milliseconds) => age(bench.server.admin, milliseconds),
      close: async () => {},
    };
  });

  it('admits exactly 5 of 200 parallel failures, over two processes’ connections', async () => {
    const stores = [bench.redis, await bench.connect()].map((redis) =>
      redisLockoutStore(redis, { deadline: '5s' }),
    );
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, (_, i) => stores[i % 2]?.attempt('ada', policy, Date.now())),
    );
    expect(verdicts.filter((verdict) => verdict?.allowed)).toHaveLength(5);
    expect(Math.max(...verdicts.map((verdict) => verdict?.failures ?? 0))).toBe(200);
  });

  it('says the same as the memory store, whatever comes in whatever order', async () => {
    const small = { limit: 3, windowMs: 20_000, baseDelayMs: 1_500, maxDelayMs: 9_000 };
    const step = fc.record({
      wait: fc.nat(8_000),
      key: fc.constantFrom('a', 'b'),
      act: fc.constantFrom('fail', 'fail', 'fail', 'pass', 'succeed', 'clear'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await bench.server.admin.flushall();
        const redis = lockoutStore(bench.redis, { deadline: '5s' }, true);
        const memory = memoryLockoutStore();
        let now = 1_700_000_000_000;
        for (const { wait, key, act } of steps) {
          now += wait;
          if (act === 'succeed') {
            await redis.succeed(key, now);
            await memory.succeed(key, now);
          } else if (act === 'clear') {
            await redis.clear(key);
            await memory.clear(key);
          } else {
            const expected = await memory.attempt(key, small, now, act === 'pass');
            expect(await redis.attempt(key, small, now, act === 'pass')).toEqual(expected);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tells the end of a lock by the caller’s clock and goes by Redis’s own', async () => {
    const store = redisLockoutStore(bench.redis);
    const wrong = 5_000_000; // a clock that was never set
    for (let i = 0; i < 4; i++) await store.attempt('ada', policy, wrong);
    const verdict = await store.attempt('ada', policy, wrong);
    expect(verdict).toMatchObject({ allowed: true, failures: 5 });
    expect(Math.abs((verdict.lockedUntil ?? 0) - wrong - 60_000)).toBeLessThan(1_000);
    expect((await store.attempt('ada', policy, wrong + 10 * 3_600_000)).allowed).toBe(false);
  });

  it('keeps keys apart and shows Redis none of them', async () => {
    const store = redisLockoutStore(bench.redis, { prefix: 'shop', key: new Uint8Array(32).fill(9) });
    for (let i = 0; i < 6; i++) await store.attempt('ada@example.com', policy, 0);
    expect((await store.attempt('bob@example.com', policy, 0)).allowed).toBe(true);
    for (const key of await bench.server.admin.keys('*')) expect(key).toMatch(/^shop:lockout:[\w-]{24}$/);
  });
});

/** Makes everything so much older: as good as moving Redis's own clock on, which nobody can. */
async function age(admin: Redis, milliseconds: number): Promise<void> {
  for (const key of await admin.keys('*')) {
    const [failures, lockedUntil, forgetAt] = ((await admin.get(key)) ?? '').split(' ').map(Number);
    const left = (await admin.pttl(key)) - milliseconds;
    if (left <= 0) await admin.del(key);
    else {
      const older = [lockedUntil, forgetAt].map((time = 0) => Math.max(0, time - milliseconds));
      await admin.set(key, [failures, ...older].join(' '), 'PX', left);
    }
  }
}
