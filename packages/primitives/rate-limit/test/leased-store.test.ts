import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileRule,
  createRateLimiter,
  type LimitEntry,
  leasedRateLimitStore,
  memoryRateLimitStore,
  type RateLimitStore,
} from '../src/index.js';

const limit = 1_000;
const windowMs = 60_000;
const one: LimitEntry = { key: 'a', limit, windowMs, cost: 1 };
const start = 1_700_000_000_000;

/** A store over a network, in short: each call is a promise, and is counted. */
function shared() {
  const memory = memoryRateLimitStore();
  const calls = { consume: 0, refund: 0 };
  let broken = false;
  const check = (): void => {
    if (broken) throw new Error('connection lost');
  };
  const store: RateLimitStore = {
    algorithms: memory.algorithms,
    processes: () => 3,
    async consume(entries, now) {
      calls.consume += 1;
      await Promise.resolve();
      check();
      return memory.consume(entries, now);
    },
    async refund(entries, now) {
      calls.refund += 1;
      check();
      memory.refund(entries, now);
    },
    async inspect(entries, now) {
      return memory.inspect(entries, now);
    },
    async reset(keys) {
      memory.reset(keys);
    },
  };
  const breakOff = (on: boolean): void => {
    broken = on;
  };
  const used = (entry = one, now = start): number => {
    const [state] = memory.inspect([entry], now);
    return entry.limit - (state?.remaining ?? 0);
  };
  return { store, memory, calls, used, breakOff };
}

async function allowed(store: RateLimitStore, now = start, entries: readonly LimitEntry[] = [one]) {
  const states = await store.consume(entries, now);
  return states.every((state) => state.allowed);
}

describe('a store of which processes take batches', () => {
  it('asks once for ten requests', async () => {
    const { store, calls } = shared();
    const leased = leasedRateLimitStore(store);
    for (let i = 0; i < 100; i++) expect(await allowed(leased)).toBe(true);
    expect(calls).toEqual({ consume: 10, refund: 0 });
  });

  it('answers without a promise while it holds something', async () => {
    const leased = leasedRateLimitStore(shared().store);
    await leased.consume([one], start);
    expect(leased.consume([one], start)).toMatchObject([{ allowed: true, remaining: limit - 2 }]);
  });

  it('lets through a limit and less than a batch more for each process, however requests are spread', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 0, max: 900 })), { minLength: 100, maxLength: 800 }),
        fc.constantFrom('sliding-log' as const, 'fixed-window' as const),
        async (steps, algorithm) => {
          const { store } = shared();
          const processes = Array.from({ length: 4 }, () => leasedRateLimitStore(store, { batch: 5 }));
          const entry: LimitEntry = { key: 'a', limit: 100, windowMs: 10_000, cost: 1, algorithm };
          const passed: number[] = [];
          let now = start;
          for (const [who, pause] of steps) {
            now += pause;
            if (await allowed(processes[who] as RateLimitStore, now, [entry])) passed.push(now);
          }
          const bound = (algorithm === 'sliding-log' ? 100 : 200) + 4 * 4;
          for (const from of passed) {
            expect(passed.filter((at) => at >= from && at < from + 10_000).length).toBeLessThanOrEqual(bound);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('holds back less than a batch for each process', async () => {
    const { store } = shared();
    const [busy, idle] = [leasedRateLimitStore(store), leasedRateLimitStore(store)];
    expect(await allowed(idle)).toBe(true);
    let passed = 1;
    for (let i = 0; i < limit + 50; i++) if (await allowed(busy)) passed += 1;
    expect(passed).toBe(limit - 9);
  });

  it('takes the last ones singly, and refuses then', async () => {
    const { store, used } = shared();
    const leased = leasedRateLimitStore(store);
    let passed = 0;
    for (let i = 0; i < limit + 5; i++) if (await allowed(leased)) passed += 1;
    expect([passed, used()]).toEqual([limit, limit]);
    const odd = leasedRateLimitStore(store, { batch: 7 });
    const other = { ...one, key: 'odd' };
    passed = 0;
    for (let i = 0; i < limit + 5; i++) if (await allowed(odd, start, [other])) passed += 1;
    expect(passed).toBe(limit);
  });

  it('never takes batches of small limits and of leases on concurrency', async () => {
    const { store, calls, used } = shared();
    const leased = leasedRateLimitStore(store);
    const five: LimitEntry = { key: 'login', limit: 5, windowMs, cost: 1 };
    const held: LimitEntry = { ...one, key: 'held', algorithm: 'concurrency' };
    for (let i = 0; i < 3; i++) {
      await leased.consume([five], start);
      await leased.consume([held], start);
    }
    expect([calls.consume, used(five), used(held)]).toEqual([6, 3, 3]);
  });

  it('gives back what was not used in time, at the next request', async () => {
    const { store, calls, used } = shared();
    const leased = leasedRateLimitStore(store);
    await leased.consume([one], start);
    expect(used()).toBe(10);
    await leased.consume([{ ...one, key: 'b' }], start + 1_000);
    expect([calls.refund, used(one, start + 1_000)]).toEqual([1, 1]);
  });

  it('uses nothing after its time, nor when the clock was set back', async () => {
    for (const later of [start + 1_000, start - 1]) {
      const { store, calls } = shared();
      const leased = leasedRateLimitStore(store);
      await leased.consume([one], start);
      await leased.consume([one], later);
      expect(calls.consume).toBe(2);
    }
  });

  it('decides several limits together: all or none, whatever it holds of them', async () => {
    const { store, used } = shared();
    const leased = leasedRateLimitStore(store);
    const full: LimitEntry = { key: 'full', limit: 1, windowMs, cost: 1 };
    expect(await allowed(leased, start, [one, full])).toBe(true);
    for (let i = 0; i < 20; i++) expect(await allowed(leased, start, [one, full])).toBe(false);
    let passed = 0;
    for (let i = 0; i < 9; i++) if (await allowed(leased)) passed += 1;
    expect([passed, used()]).toEqual([9, 10]);
  });

  it('serves who asks at the same time with two calls at most', async () => {
    const { store, used } = shared();
    const leased = leasedRateLimitStore(store);
    const all = await Promise.all(Array.from({ length: 200 }, () => allowed(leased)));
    expect(all.every(Boolean)).toBe(true);
    expect(used()).toBeLessThan(200 + 10);
  });

  it('takes back what a success doesn’t count, and counts it no second time', async () => {
    const { store, used, calls } = shared();
    const limiter = createRateLimiter({ store: leasedRateLimitStore(store), now: () => start });
    const rule = compileRule({ name: 'failures', limit, window: '1m' });
    for (let i = 0; i < 50; i++) await (await limiter.reserve([{ rule, key: 'a' }])).refund();
    expect(used({ ...one, key: 'failures/60 a' })).toBeLessThanOrEqual(10);
    expect(calls.consume).toBeLessThanOrEqual(10);
  });

  it('forgets what it holds when the counter is reset, also what is under way', async () => {
    const { store, used } = shared();
    const leased = leasedRateLimitStore(store);
    const underWay = leased.consume([one], start);
    await leased.reset(['a']);
    await underWay;
    await store.reset(['a']);
    await leased.consume([one], start);
    expect(used()).toBe(10);
  });

  it('shows an operator what it holds as free', async () => {
    const leased = leasedRateLimitStore(shared().store);
    await leased.consume([one], start);
    expect(await leased.inspect?.([one], start)).toMatchObject([{ allowed: true, remaining: limit - 1 }]);
  });

  it('fails when the store does, and has lost nothing then', async () => {
    const { store, breakOff, used } = shared();
    const leased = leasedRateLimitStore(store);
    await leased.consume([one], start);
    breakOff(true);
    const other = { ...one, key: 'b' };
    await expect(async () => leased.consume([one, other], start)).rejects.toThrow('connection lost');
    for (let i = 0; i < 9; i++) expect(await allowed(leased)).toBe(true);
    await expect(async () => leased.consume([one], start)).rejects.toThrow('connection lost');
    breakOff(false);
    expect(await allowed(leased)).toBe(true);
    expect(used()).toBe(20);
  });

  it('asks the store about more counters than it may hold', async () => {
    const { store, calls } = shared();
    const leased = leasedRateLimitStore(store, { maxKeys: 1 });
    await leased.consume([one], start);
    for (let i = 0; i < 3; i++) expect(await allowed(leased, start, [{ ...one, key: 'b' }])).toBe(true);
    expect(calls.consume).toBe(4);
  });

  it('knows what the store knows', () => {
    const { store } = shared();
    const leased = leasedRateLimitStore(store);
    expect([leased.algorithms, leased.processes?.()]).toEqual([store.algorithms, 3]);
  });

  it('refuses options that make no sense', () => {
    const { store } = shared();
    for (const options of [{ batch: 1 }, { hold: 0 }, { maxKeys: 0 }, { size: 3 } as object]) {
      expect(() => leasedRateLimitStore(store, options)).toThrow(/leasedRateLimitStore/);
    }
  });
});
