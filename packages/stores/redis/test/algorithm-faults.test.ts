import type { AlgorithmName, RateLimitStore } from '@secapi/rate-limit';
import { expect, it } from 'vitest';
import { redisRateLimitStore } from '../src/index.js';
import { limitEntry as entry, refundsOf as given, algorithmNames as names, passed } from './limits.js';
import { describeWithRedis, stateOf, storedKeys } from './support.js';

const options = { deadline: '5s', rememberBlocked: false } as const;

describeWithRedis('a counter in Redis', (bench) => {
  const keyOf = async (): Promise<string> => {
    const [key = '', ...others] = await storedKeys(bench.server.admin);
    expect(others).toEqual([]);
    return key;
  };

  it.each(names)('of %s never lacks an expiry, and goes soon after it says nothing', async (name) => {
    const store = redisRateLimitStore(bench.redis, options);
    const key = async () => bench.server.admin.pttl(await keyOf());
    const at: number[] = [];
    for (const cost of [1, 1, 3, 1, 2]) {
      const [state] = await store.consume([entry(name, 'a', 9, cost, 60_000)], 0);
      at.push(state?.at ?? 0);
      const left = await key();
      expect(left).toBeGreaterThan(cost === 1 && at.length === 1 ? 5_000 : 10_000);
      expect(left).toBeLessThanOrEqual(150_000);
      if (at.length === 1) expect(left).toBeLessThanOrEqual(60_000); // who came once costs no more than that
    }
    await store.refund([{ ...entry(name, 'a', 9, 3, 60_000), at: at[2] ?? 0 }], 0);
    expect(await key()).toBeGreaterThan(0);
    await store.consume([entry(name, 'a', 9, 9, 60_000)], 0); // refused
    expect(await key()).toBeGreaterThan(0);
    await store.inspect?.([entry(name, 'a', 9, 9, 60_000)], 0);
    expect(await key()).toBeGreaterThan(0);
  });

  it.each(names)('of %s outlives a script flush', async (name) => {
    const store = redisRateLimitStore(bench.redis, options);
    const [state] = await store.consume([entry(name, 'a', 3)], 0);
    await bench.server.admin.script('FLUSH');
    expect((await store.consume([entry(name, 'a', 3)], 0))[0]?.remaining).toBe(1);
    await bench.server.admin.script('FLUSH');
    await store.refund(given([entry(name, 'a', 3)], state?.at ?? 0), 0);
    await bench.server.admin.script('FLUSH');
    expect((await store.inspect?.([entry(name, 'a', 3)], 0))?.[0]?.remaining).toBe(2);
  });

  it.each(names)('of %s that is no such counter fails its own requests, and not for ever', async (name) => {
    const { admin } = bench.server;
    const store = redisRateLimitStore(bench.redis, options);
    const broken = entry(name, 'broken', 5, 1, 60_000);
    const other = entry(name === 'gcra' ? 'fixed-window' : 'gcra', 'other', 5);
    await store.consume([other], 0);
    const ofAnother = await admin.getBuffer(await keyOf());
    await store.reset([other.key]);
    await store.consume([broken], 0);
    const key = await keyOf();
    const ours = (await admin.getBuffer(key)) ?? Buffer.alloc(0);
    const garbage = ['', 'x', '7', '1700000000000 1 2', 'y'.repeat(ours.length), ofAnother, ours.subarray(1)];
    const spoilt: (() => Promise<unknown>)[] = garbage.map((value) => () => admin.set(key, value ?? ''));
    spoilt.push(
      () => admin.lpush(key, 'x'),
      () => admin.set(key, 'x', 'EX', 1e9),
    );
    for (const spoil of spoilt) {
      await admin.del(key);
      await spoil();
      const fine = entry(name, 'fine', 100);
      const { remaining: before = 0 } = (await store.inspect?.([fine], 0))?.[0] ?? {};
      const all = await Promise.allSettled([
        store.consume([fine], 0),
        store.consume([broken], 0),
        store.consume([fine, broken], 0),
        store.refund(given([broken], 0), 0),
        store.refund(given([fine], 0), 0), // of another window: fine, and gives nothing back
        store.consume([fine], 0),
      ]);
      const gone = all.filter(({ status }) => status === 'rejected');
      expect(all.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      for (const one of gone)
        expect(one).toMatchObject({ reason: expect.objectContaining({ code: 'REDIS_FAILED' }) });
      await expect(store.inspect?.([broken], 0)).rejects.toThrow();
      expect((await store.inspect?.([fine], 0))?.[0]?.remaining).toBe(before - 2);
      const left = await admin.pttl(key);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60_000);
      await store.reset([broken.key]);
      expect((await store.consume([broken], 0))[0]?.remaining).toBe(4);
    }
  });

  it.each(names)('of %s is read right among many others, new ones and foreign values too', async (name) => {
    const { admin } = bench.server;
    const store = redisRateLimitStore(bench.redis, options);
    const foreign = entry(name, 'k3', 5, 1, 60_000);
    await store.consume([foreign], 0);
    const key = await keyOf();
    await admin.del(key);
    await admin.lpush(key, 'x');
    for (let round = 0; round < 3; round++) {
      // New keys come with every round, and all of them are of one call.
      const keys = Array.from({ length: 6 + 2 * round }, (_, i) => entry(name, `k${i}`, 5, 1, 60_000));
      const all = await Promise.allSettled(keys.map((one) => store.consume([one], 0)));
      const left = all.map((one) =>
        one.status === 'fulfilled' ? one.value[0]?.remaining : one.reason.message,
      );
      const fresh = Array.from(
        { length: keys.length },
        (_, i) => 4 - round + Math.max(0, Math.ceil((i - 5) / 2)),
      );
      expect(left).toEqual(fresh.map((many, i) => (i === 3 ? 'redis answered with WRONGTYPE' : many)));
    }
    expect(await admin.pttl(key)).toBeGreaterThan(0);
    await admin.del(key);
    expect((await store.consume([foreign], 0))[0]?.remaining).toBe(4);
  });

  it('stays as it was when Redis has no memory left, and the others too', async () => {
    const { admin } = bench.server;
    const store = redisRateLimitStore(bench.redis, options);
    const entries = names.map((name) => entry(name, 'a', 5));
    const [state] = await store.consume(entries, 0);
    const before = await stateOf(admin);
    await admin.config('SET', 'maxmemory', '1');
    try {
      await expect(store.consume([...entries, entry('gcra', 'new', 5)], 0)).rejects.toThrow('OOM');
      expect(await stateOf(admin)).toEqual(before);
      expect((await store.inspect?.(entries, 0))?.map(({ remaining }) => remaining)).toEqual(
        names.map(() => 4),
      );
      await store.refund(given(entries, state?.at ?? 0), 0); // frees memory
    } finally {
      await admin.config('SET', 'maxmemory', '0');
    }
    expect((await store.consume(entries, 0)).map(({ remaining }) => remaining)).toEqual(names.map(() => 4));
  });

  it.each(names)('of %s is counted in full or not at all when the connection breaks', async (name) => {
    const both = [entry(name, 'a', 9), entry(name, 'b', 9, 2)];
    const breaking = (when: 'before' | 'after'): RateLimitStore =>
      redisRateLimitStore(
        {
          async call(command, ...args) {
            if (when === 'after') await bench.redis.call(command, ...args);
            throw new Error('Connection is closed.');
          },
        },
        options,
      );
    const witness = redisRateLimitStore(bench.redis, options);
    const left = async () => (await witness.inspect?.(both, 0))?.map(({ remaining }) => remaining);
    const [state] = await witness.consume(both, 0);
    for (const [when, counted] of [
      ['before', [8, 7]],
      ['after', [7, 5]],
    ] as const) {
      await expect(breaking(when).consume(both, 0)).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' });
      expect(await left()).toEqual(counted);
    }
    await expect(breaking('before').refund(given(both, state?.at ?? 0), 0)).rejects.toThrow();
    expect(await left()).toEqual([7, 5]);
    await expect(breaking('after').refund(given(both, state?.at ?? 0), 0)).rejects.toThrow();
    expect(await left()).toEqual([8, 7]);
  });

  it.each(names)(
    'of %s goes by Redis’s time, while clocks of processes are off by a minute',
    async (name) => {
      const skews = [-60_000, 60_000, 0];
      const stores = skews.map((skew) => ({ store: redisRateLimitStore(bench.redis, options), skew }));
      const limit = entry(name, 'a', 6, 1, 60_000);
      const [seconds = 0] = (await bench.server.admin.time()).map(Number);
      const at: number[] = [];
      for (let round = 0; round < 4; round++) {
        for (const { store, skew } of stores) {
          const [state] = await store.consume([limit], Date.now() + skew);
          expect(state?.allowed).toBe(round < 2);
          expect(Math.abs((state?.at ?? 0) - seconds * 1_000)).toBeLessThan(10_000);
          if (!state?.allowed) expect(state?.retryAfterMs).toBeLessThanOrEqual(60_000);
          at.push(state?.at ?? 0);
        }
      }
      // What one process counted, another gives back, whatever its own time is.
      for (const { store, skew } of stores) {
        await store.refund(given([limit], at.shift() ?? 0), Date.now() - skew);
        expect(passed(await store.consume([limit], Date.now() + skew))).toBe(true);
        expect(passed(await store.consume([limit], Date.now() + skew))).toBe(false);
      }
    },
  );

  it('is given back in one call, whatever number of requests of one turn give back', async () => {
    const { admin } = bench.server;
    const store = redisRateLimitStore(bench.redis, options);
    const states = await Promise.all(
      Array.from({ length: 80 }, (_, i) =>
        store.consume([entry('gcra', 'a', 100), entry('concurrency', `b${i % 9}`, 9)], 0),
      ),
    );
    const calls = async () =>
      Number(/cmdstat_evalsha:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1]);
    await store.refund([], 0);
    await store.refund([{ ...entry('fixed-window', 'none', 1), at: 0 }], 0); // the script is known now
    const before = await calls();
    await Promise.all(
      states.map(([first, second], i) =>
        store.refund(
          [
            { ...entry('gcra', 'a', 100), at: first?.at ?? 0 },
            { ...entry('concurrency', `b${i % 9}`, 9), at: second?.at ?? 0 },
          ],
          0,
        ),
      ),
    );
    expect((await calls()) - before).toBe(1);
    expect(await storedKeys(admin)).toEqual([]);
  });

  it('refuses what is no number before it can spoil the call of others', async () => {
    const store = redisRateLimitStore(bench.redis, options);
    const all = await Promise.allSettled([
      store.consume([entry('gcra', 'a', 5)], 0),
      store.consume([entry('gcra', 'a', Number.NaN)], 0),
      store.consume([entry('leaky' as AlgorithmName, 'a', 5)], 0),
      store.refund([{ ...entry('gcra', 'a', 5), at: Number.NaN }], 0),
      store.refund([{ ...entry('gcra', 'none', 5), at: 0 }], 0),
      store.consume([entry('gcra', 'a', 5)], 0),
    ]);
    const reasons = all.map((one) => (one.status === 'rejected' ? one.reason.name : 'fine'));
    expect(reasons).toEqual(['fine', 'TypeError', 'TypeError', 'TypeError', 'fine', 'fine']);
    expect((await store.inspect?.([entry('gcra', 'a', 5)], 0))?.[0]?.remaining).toBe(3);
  });
});
