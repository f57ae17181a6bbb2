import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import { describe, expect, it } from 'vitest';
import { startRedisSentinel } from '../../../../scripts/redis.mjs';
import { connectRedis, connectRedisSentinel, pingRedis, redisRateLimitStore } from '../src/index.js';
import { describeOnBoth } from './support.js';

const hour = 3_600_000;
const rule = compileRule({ name: 'api', limit: 100_000, window: '1h' });

function entry(key: string, limit: number) {
  return { key, limit, windowMs: hour, cost: 1 };
}

describeOnBoth('limits', (bench) => {
  it('hold exactly, several of them on one request, whatever the keys are', async () => {
    const stores = [1, 2].map(() =>
      redisRateLimitStore(bench.client, { deadline: '5s', rememberBlocked: false }),
    );
    const all = await Promise.all(
      Array.from({ length: 200 }, async (_, i) =>
        stores[i % 2]?.consume([entry(`client-${i}`, 5), entry('account', 5), entry('tenant', 100)], 0),
      ),
    );
    expect(all.filter((states) => states?.every((state) => state.allowed))).toHaveLength(5);
    // Nothing was counted for those that were refused.
    const [tenant] = (await stores[0]?.consume([entry('tenant', 100)], 0)) ?? [];
    expect(tenant?.remaining).toBe(94);
    const refused = all.findIndex((states) => states?.some((state) => !state.allowed));
    expect((await stores[0]?.consume([entry(`client-${refused}`, 5)], 0))?.[0]?.remaining).toBe(4);
  });

  it('are given back and reset', async () => {
    const store = redisRateLimitStore(bench.client, { deadline: '5s' });
    const entries = Array.from({ length: 20 }, (_, i) => entry(`k${i}`, 2));
    const states = await store.consume(entries, 0);
    await store.refund(
      entries.map((one, i) => ({ ...one, at: states[i]?.at ?? 0 })),
      0,
    );
    expect((await store.consume(entries, 0)).map((state) => state.remaining)).toEqual(entries.map(() => 1));
    await store.reset(entries.map(({ key }) => key));
    expect((await store.consume(entries, 0)).map((state) => state.remaining)).toEqual(entries.map(() => 1));
  });

  it('go on locally while the servers are frozen, and are Redis’s again within a second of the thaw', async () => {
    const codes: string[] = [];
    const circuit = { onTransition: ({ code }: { code: string }) => void codes.push(code) };
    const limiter = createRateLimiter({ store: redisRateLimitStore(bench.client, { circuit }) });
    const reserve = async () => limiter.reserve([{ rule, key: 'a' }]);
    expect((await reserve()).decidedBy).toBe('store');
    for (const server of bench.servers) server.pause();
    let slow = 0;
    try {
      for (let i = 0; i < 200; i++) {
        const started = performance.now();
        expect((await reserve()).decidedBy).toBe('local');
        if (performance.now() - started > 60) slow += 1;
      }
    } finally {
      for (const server of bench.servers) server.resume();
    }
    expect(slow).toBeLessThanOrEqual(6);
    await expect
      .poll(async () => (await reserve()).decidedBy, { timeout: 1_000, interval: 10 })
      .toBe('store');
    expect(codes[0]).toBe('REDIS_CIRCUIT_OPENED');
    expect(codes.at(-1)).toBe('REDIS_CIRCUIT_CLOSED');
  });
});

describe('a master that sentinels watch', async () => {
  const started = await startRedisSentinel();
  it.skipIf(started.skipped !== undefined)(
    'is replaced when it dies, and no request hears of it',
    async () => {
      if (started.skipped !== undefined) return;
      const { name, master, replica, sentinels } = started;
      const redis = connectRedisSentinel(
        sentinels.map(({ url }) => url),
        { name },
      );
      const direct = connectRedis(replica.url);
      try {
        expect(await pingRedis(redis, '5s')).toEqual({ ok: true });
        const limiter = createRateLimiter({ store: redisRateLimitStore(redis) });
        const reserve = async () => limiter.reserve([{ rule, key: 'a' }]);
        for (let i = 0; i < 5; i++) expect((await reserve()).decidedBy).toBe('store');
        await expect.poll(() => direct.dbsize(), { timeout: 5_000 }).toBe(2); // replicated: the counter, and the list of processes
        // Its connections are cut when it becomes the master.
        const isMaster = async () =>
          (await direct.info('replication').catch(() => '')).includes('role:master');
        await master.kill9();
        let slow = 0;
        const end = performance.now() + 15_000;
        let promoted = Number.POSITIVE_INFINITY;
        for (;;) {
          const before = performance.now();
          const { allowed, decidedBy, states } = await reserve();
          expect(allowed).toBe(true);
          if (performance.now() - before > 60) slow += 1;
          if (promoted === Number.POSITIVE_INFINITY && (await isMaster())) promoted = performance.now();
          if (decidedBy === 'store') {
            expect(states[0]?.remaining).toBeGreaterThanOrEqual(100_000 - 6 - 3); // what the replica knew, and calls whose answers were lost
            expect(states[0]?.remaining).toBeLessThanOrEqual(100_000 - 6);
            break;
          }
          if (performance.now() > end) expect.fail('redis was not used again');
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        expect(slow).toBeLessThanOrEqual(6);
        expect(performance.now() - promoted).toBeLessThan(1_500);
      } finally {
        redis.disconnect();
        direct.disconnect();
        await started.stop();
      }
    },
  );
});
