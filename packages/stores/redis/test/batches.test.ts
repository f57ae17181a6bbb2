import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redisRateLimitStore } from '../src/index.js';
import { createBatches } from '../src/internal/batches.js';
import { describeWithRedis, storedKeys } from './support.js';

const hour = 3_600_000;

function entry(key: string, limit: number, cost = 1) {
  return { key, limit, windowMs: hour, cost };
}

async function callsOf(info: string): Promise<number> {
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(info)?.[1] ?? 0);
}

describe('a batch', () => {
  it('holds what was asked in one turn, in its order, and never more than its bound', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sizes, async (asked) => {
        const batches: number[][] = [];
        const add = createBatches<number, number>({
          most: 10,
          sizeOf: (size) => size,
          run: async (items) => {
            batches.push(items.map(({ value }) => value));
            for (const { value, resolve } of items) resolve(value * 2);
          },
        });
        const got = await Promise.all(asked.map(add));
        expect(got).toEqual(asked.map((size) => size * 2));
        expect(batches.flat()).toEqual(asked);
        for (const batch of batches) {
          if (batch.length > 1) expect(batch.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  it('that fails fails nobody else', async () => {
    const add = createBatches<number, number>({
      most: 2,
      sizeOf: () => 1,
      run: async (items) => {
        if (items.some(({ value }) => value === 3)) throw new Error('no');
        for (const { value, resolve } of items) resolve(value);
      },
    });
    const all = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(add));
    expect(all.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, false, true, true]);
    expect(await add(6)).toBe(6);
  });
});

describeWithRedis('the requests of one turn of the event loop', (bench) => {
  it('are one call, and each hears its own verdict', async () => {
    const store = redisRateLimitStore(bench.redis, { deadline: '5s', rememberBlocked: false });
    await store.consume([entry('first', 1)], 0);
    const before = await callsOf(await bench.server.admin.info('commandstats'));
    const all = await Promise.all(
      Array.from({ length: 80 }, (_, i) =>
        store.consume([entry(`k${i % 4}`, 10 + (i % 4)), entry('all', 50)], 0),
      ),
    );
    expect(await callsOf(await bench.server.admin.info('commandstats'))).toBe(before + 1);
    const admitted = [0, 1, 2, 3].map(
      (key) => all.filter((states, i) => i % 4 === key && states.every((state) => state.allowed)).length,
    );
    expect(admitted).toEqual([10, 11, 12, 13]); // 46 of the 50 that all of them share
    expect(all.map((states) => states.map((state) => state.counter))).toEqual(
      Array.from({ length: 80 }, (_, i) => [`k${i % 4}`, 'all']),
    );
    expect((await store.consume([entry('all', 50)], 0))[0]?.remaining).toBe(3);
  });

  it('are several calls when they are many, and a limit holds over all of them', async () => {
    const store = redisRateLimitStore(bench.redis, { deadline: '5s', rememberBlocked: false });
    const all = await Promise.all(Array.from({ length: 1_000 }, () => store.consume([entry('a', 5)], 0)));
    expect(all.filter(([state]) => state?.allowed)).toHaveLength(5);
  });

  it('don’t fail together: an error in one of them is its own', async () => {
    const store = redisRateLimitStore(bench.redis, { deadline: '5s' });
    await store.consume([entry('broken', 5)], 0);
    const [key = ''] = await storedKeys(bench.server.admin);
    await bench.server.admin.del(key);
    await bench.server.admin.lpush(key, 'x');
    await bench.server.admin.expire(key, 100);
    const all = await Promise.allSettled([
      store.consume([entry('a', 5)], 0),
      store.consume([entry('broken', 5)], 0),
      store.consume([entry('b', 5), entry('broken', 5)], 0),
      store.consume([entry('b', 5), entry('c', 5)], 0),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    for (const one of all) {
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ code: 'REDIS_FAILED', message: 'redis answered with WRONGTYPE' });
    }
    const [b] = await store.consume([entry('b', 5)], 0);
    expect(b?.remaining).toBe(3); // what failed has counted nothing
  });
});
