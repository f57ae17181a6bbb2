import { memoryRateLimitStore } from '@secapi/rate-limit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redisRateLimitStore } from '../src/index.js';
import { createBlocked } from '../src/internal/blocked.js';
import { rateLimitStore } from '../src/rate-limit-store.js';
import { describeWithRedis } from './support.js';

const hour = 3_600_000;

function entry(key: string, limit: number, cost = 1, windowMs = hour) {
  return { key, limit, windowMs, cost };
}

describe('what is remembered of full counters', () => {
  const refused = (key: string) => ({
    allowed: false,
    remaining: 0,
    resetMs: 500,
    retryAfterMs: 500,
    at: 9,
    counter: key,
  });

  it('is bounded: the oldest goes', () => {
    const blocked = createBlocked(1_000, 3);
    for (const key of ['a', 'b', 'c', 'd'])
      blocked.remember([entry(key, 1)], [refused(key)], 0, blocked.epoch);
    const known = ['a', 'b', 'c', 'd'].map((key) => blocked.recall([entry(key, 1)], 1) !== undefined);
    expect(known).toEqual([false, true, true, true]);
  });

  it('lasts until the time that Redis said, and never longer than its bound', () => {
    const short = createBlocked(1_000, 3);
    short.remember([entry('a', 1)], [refused('a')], 100, short.epoch);
    expect(short.recall([entry('a', 1)], 599)?.[0]).toMatchObject({ retryAfterMs: 1, at: 508 });
    expect(short.recall([entry('a', 1)], 600)).toBeUndefined();
    const bounded = createBlocked(200, 3);
    bounded.remember([entry('a', 1)], [refused('a')], 100, bounded.epoch);
    expect(bounded.recall([entry('a', 1)], 299)).toBeDefined();
    expect(bounded.recall([entry('a', 1)], 300)).toBeUndefined();
  });

  it('is not what was under way when its counter was given back, and of others it is', () => {
    const blocked = createBlocked(1_000, 3);
    const { epoch } = blocked;
    blocked.forget(['b']);
    for (const key of ['a', 'b']) blocked.remember([entry(key, 1)], [refused(key)], 0, epoch);
    expect(blocked.recall([entry('a', 1)], 1)).toBeDefined();
    expect(blocked.recall([entry('b', 1)], 1)).toBeUndefined();
    blocked.remember([entry('b', 1)], [refused('b')], 0, blocked.epoch); // asked after that
    expect(blocked.recall([entry('b', 1)], 1)).toBeDefined();
  });

  it('is nothing that was under way when more was given back than it keeps in mind', () => {
    const blocked = createBlocked(1_000, 3);
    const { epoch } = blocked;
    blocked.forget(['a']);
    for (const key of ['b', 'c', 'd', 'e']) blocked.forget([key]);
    blocked.remember([entry('a', 1)], [refused('a')], 0, epoch);
    expect(blocked.recall([entry('a', 1)], 1)).toBeUndefined();
  });

  it('is nothing of leases, which end before their time', () => {
    const blocked = createBlocked(1_000, 3);
    const lease = { ...entry('a', 1), algorithm: 'concurrency' as const };
    blocked.remember([lease], [refused('a')], 0, blocked.epoch);
    expect(blocked.recall([lease], 1)).toBeUndefined();
  });

  it('is nothing about another burst', () => {
    const blocked = createBlocked(1_000, 3);
    const bucket = (burst: number) => ({ ...entry('a', 9), algorithm: 'gcra' as const, burst });
    blocked.remember([bucket(2)], [refused('a')], 0, blocked.epoch);
    expect(blocked.recall([bucket(2)], 1)).toBeDefined();
    expect(blocked.recall([bucket(3)], 1)).toBeUndefined();
  });

  it('is nothing about another limit, or a cheaper request', () => {
    const blocked = createBlocked(1_000, 3);
    blocked.remember([entry('a', 5, 3)], [refused('a')], 0, blocked.epoch);
    expect(blocked.recall([entry('a', 5, 3)], 1)).toBeDefined();
    expect(blocked.recall([entry('a', 5, 4)], 1)).toBeDefined();
    expect(blocked.recall([entry('a', 5, 2)], 1)).toBeUndefined();
    expect(blocked.recall([entry('a', 6, 3)], 1)).toBeUndefined();
  });
});

describeWithRedis('a counter that is full', (bench) => {
  it('costs no round trip, until something is given back or reset through this process', async () => {
    const calls = async () =>
      /cmdstat_evalsha:calls=(\d+)/.exec(await bench.server.admin.info('commandstats'))?.[1];
    const store = redisRateLimitStore(bench.redis, { deadline: '5s', rememberBlocked: '60s' });
    const [first] = await store.consume([entry('a', 1)], 0);
    expect(first?.allowed).toBe(true);
    expect((await store.consume([entry('a', 1)], 0))[0]?.allowed).toBe(false);
    const before = await calls();
    for (let i = 0; i < 100; i++) {
      const [state, other] = await store.consume([entry('a', 1), entry(`b${i}`, 5)], 0);
      expect([state?.allowed, other?.allowed]).toEqual([false, true]);
      expect(state?.retryAfterMs).toBeGreaterThan(hour - 60_000);
    }
    expect(await calls()).toBe(before);
    await store.refund([{ ...entry('a', 1), at: first?.at ?? 0 }], 0);
    expect((await store.consume([entry('a', 1)], 0))[0]?.allowed).toBe(true);
    expect((await store.consume([entry('a', 1)], 0))[0]?.allowed).toBe(false);
    await store.reset(['a']);
    expect((await store.consume([entry('a', 1)], 0))[0]?.allowed).toBe(true);
  });

  it('hears of another process’s reset after the bound', async () => {
    const mine = rateLimitStore(bench.redis, { deadline: '5s' }, true);
    const other = rateLimitStore(bench.redis, { deadline: '5s' }, true);
    const now = 1_700_000_000_000;
    await mine.consume([entry('a', 1)], now);
    await mine.consume([entry('a', 1)], now);
    await other.reset(['a']);
    expect((await mine.consume([entry('a', 1)], now + 999))[0]?.allowed).toBe(false);
    expect((await mine.consume([entry('a', 1)], now + 1_000))[0]?.allowed).toBe(true);
  });

  it('refuses only what the memory store refuses, whatever is asked and given back', async () => {
    const request = fc.record({ key: fc.nat(2), cost: fc.constantFrom(1, 1, 2, 4) });
    const step = fc.record({
      wait: fc.nat(1_500),
      requests: fc.array(request, { minLength: 1, maxLength: 3 }),
      refund: fc.option(fc.nat(8), { freq: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await bench.server.admin.flushall();
        const redis = rateLimitStore(bench.redis, { deadline: '5s', rememberBlocked: '10s' }, true);
        const memory = memoryRateLimitStore();
        const counted: { key: string; windowMs: number; cost: number; at: number }[] = [];
        let now = 1_700_000_000_000;
        for (const { wait, requests, refund } of steps) {
          now += wait;
          const entries = requests.map(({ key, cost }) => entry(`k${key}`, 3, cost, 5_000));
          const expected = memory.consume(entries, now).every((state) => state.allowed);
          const got = (await redis.consume(entries, now)).every((state) => state.allowed);
          expect(got).toBe(expected);
          if (expected) counted.push(...entries.map((one) => ({ ...one, at: now })));
          if (refund === null) continue;
          const taken = counted.splice(refund, 1);
          memory.refund(taken, now);
          await redis.refund(taken, now);
        }
      }),
      { numRuns: 60 },
    );
  });
});
