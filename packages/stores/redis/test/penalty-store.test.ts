import { createPenalties, memoryPenaltyStore, type PenaltyBounds } from '@secapi/rate-limit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redisPenaltyStore } from '../src/index.js';
import { penaltyStore } from '../src/penalty-store.js';
import { describeOnBoth, describeWithRedis } from './support.js';

const bounds: PenaltyBounds = {
  delayAfter: 2,
  delayMs: 250,
  maxDelayMs: 4_000,
  banAfter: 4,
  banMs: 60_000,
  growth: 2,
  maxBanMs: 3_600_000,
  forgetMs: 7_200_000,
};

describeOnBoth('penalties', (bench) => {
  it('add up over two processes, and end when one of them pardons', async () => {
    await bench.flush();
    const [one, other] = [1, 2].map(() => redisPenaltyStore(bench.client, { deadline: '5s' }));
    for (let i = 0; i < 4; i++) await (i % 2 ? one : other)?.offend('203.0.113.7', bounds, 0);
    const banned = await other?.check('203.0.113.7', bounds, 0);
    expect(banned).toMatchObject({ banned: true, delayMs: 0 });
    expect(banned?.retryAfterMs).toBeGreaterThan(50_000);
    await one?.pardon('203.0.113.7');
    expect(await other?.check('203.0.113.7', bounds, 0)).toEqual({
      banned: false,
      retryAfterMs: 0,
      delayMs: 0,
    });
  });
});

describeWithRedis('penalties', (bench) => {
  it('are those of the memory store, whatever happens in whatever order', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b'),
      what: fc.constantFrom('offend' as const, 'offend' as const, 'check' as const, 'pardon' as const),
      // Also backwards: a clock that was set back.
      wait: fc.oneof(fc.nat(100), fc.integer({ min: -90_000, max: 9_000_000 })),
    });
    const odd = fc.constantFrom(1, 1.5, 2, 3.7);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), odd, async (steps, growth) => {
        await bench.server.admin.flushall();
        const redis = penaltyStore(bench.redis, { deadline: '5s' }, true);
        const memory = memoryPenaltyStore();
        const rules = { ...bounds, growth };
        let now = 1_800_000_000_000;
        for (const { key, what, wait } of steps) {
          now += wait;
          if (what === 'pardon') {
            await redis.pardon(key);
            memory.pardon(key);
          } else expect(await redis[what](key, rules, now)).toEqual(memory[what](key, rules, now));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('count each of many offences at once', async () => {
    const store = redisPenaltyStore(bench.redis, { deadline: '5s' });
    const seen = await Promise.all(
      Array.from({ length: 50 }, () => store.offend('a', { ...bounds, banAfter: 50 }, 0)),
    );
    expect(seen.filter(({ banned }) => banned)).toHaveLength(1);
  });

  it('say by Redis’s clock, not by that of a process', async () => {
    const store = redisPenaltyStore(bench.redis, { deadline: '5s' });
    for (let i = 0; i < 4; i++) await store.offend('a', bounds, 0);
    const far = await store.check('a', bounds, Date.now() + 60_000_000);
    expect(far.banned).toBe(true);
  });

  it('hold no address in Redis', async () => {
    const store = redisPenaltyStore(bench.redis, { deadline: '5s', key: new Uint8Array(32) });
    await store.offend('203.0.113.7', bounds, 0);
    const [key = ''] = await bench.server.admin.keys('*');
    expect(key).toMatch(/^secapi:penalty:[\w-]{24}$/);
    expect(await bench.server.admin.get(key)).not.toContain('203');
  });

  it('go with createPenalties, also when Redis stops', async () => {
    const store = redisPenaltyStore(bench.redis, { deadline: '200ms' });
    const failures: string[] = [];
    const penalties = createPenalties({
      store,
      banAfter: 3,
      onStoreFailure: ({ code }) => failures.push(code),
    });
    for (let i = 0; i < 3; i++) await penalties.offend('a');
    expect(await penalties.check('a')).toMatchObject({ banned: true });
    bench.server.pause();
    try {
      for (let i = 0; i < 3; i++) await penalties.offend('b');
      expect(await penalties.check('b')).toMatchObject({ banned: true });
    } finally {
      bench.server.resume();
    }
    expect(failures).not.toEqual([]);
  });
});

describe('the store of penalties', () => {
  it('refuses options that make no sense', () => {
    expect(() => redisPenaltyStore({ call: async () => 0 }, { prefix: ' ' })).toThrow(
      /redisPenaltyStore.prefix/,
    );
    expect(() => redisPenaltyStore(undefined as never)).toThrow(/redisPenaltyStore got no client/);
  });
});
