import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { type CircuitTransition, connectRedis, pingRedis, redisRateLimitStore } from '../src/index.js';
import { useProxy } from './proxy.js';
import { describeWithRedis, storedKeys } from './support.js';

const rule = compileRule({ name: 'api', limit: 100_000, window: '1h' });

/** A limiter as an application has it, and what its circuit said. */
function watched(redis: Redis) {
  const transitions: CircuitTransition[] = [];
  const circuit = { onTransition: (transition: CircuitTransition) => void transitions.push(transition) };
  const limiter = createRateLimiter({ store: redisRateLimitStore(redis, { circuit }) });
  return {
    transitions,
    codes: () => transitions.map(({ code }) => code),
    reserve: async () => limiter.reserve([{ rule, key: 'a' }]),
  };
}

/** How long each of so many requests took, one after the other, and how many Redis decided. */
async function timed(reserve: ReturnType<typeof watched>['reserve'], requests: number) {
  let slow = 0;
  let byStore = 0;
  for (let i = 0; i < requests; i++) {
    const started = performance.now();
    const { allowed, decidedBy } = await reserve();
    expect(allowed).toBe(true);
    if (performance.now() - started > 60) slow += 1;
    if (decidedBy === 'store') byStore += 1;
  }
  return { slow, byStore };
}

/** Milliseconds until Redis decides again, with a request every few of them. */
async function recovery(reserve: ReturnType<typeof watched>['reserve']): Promise<number> {
  const started = performance.now();
  while ((await reserve()).decidedBy !== 'store') {
    if (performance.now() - started > 10_000) return Number.POSITIVE_INFINITY;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - started;
}

describeWithRedis('the circuit of the rate limit store', (bench) => {
  const proxy = useProxy(() => bench.server.port);

  it('opens for a frozen Redis after a few late calls, and closes within a second of its thaw', async () => {
    const { transitions, codes, reserve } = watched(await bench.connect());
    expect((await reserve()).decidedBy).toBe('store');
    bench.server.pause();
    try {
      const { slow, byStore } = await timed(reserve, 300);
      expect(byStore).toBe(0);
      expect(slow).toBeLessThanOrEqual(6); // three of 100 ms each; the rest for a busy machine
      expect(transitions[0]).toEqual({
        code: 'REDIS_CIRCUIT_OPENED',
        from: 'closed',
        to: 'open',
        reason: 'REDIS_TIMEOUT',
      });
    } finally {
      bench.server.resume();
    }
    expect(await recovery(reserve)).toBeLessThan(1_000);
    expect(codes().slice(-2)).toEqual(['REDIS_CIRCUIT_PROBING', 'REDIS_CIRCUIT_CLOSED']);
  });

  it('opens for a Redis that is gone, and closes within a second of its return, empty', async () => {
    const { codes, reserve } = watched(await bench.connect());
    expect((await reserve()).decidedBy).toBe('store');
    await bench.server.kill9();
    const { slow, byStore } = await timed(reserve, 300);
    expect(byStore).toBe(0);
    expect(slow).toBeLessThanOrEqual(3);
    expect(codes()[0]).toBe('REDIS_CIRCUIT_OPENED');
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // so that the client's own waits have grown
    await bench.server.restart();
    expect(await recovery(reserve)).toBeLessThan(1_000);
    expect((await reserve()).states[0]?.remaining).toBeGreaterThan(99_000);
    expect(codes().at(-1)).toBe('REDIS_CIRCUIT_CLOSED');
  });

  it('opens for a Redis that has become slow, and asks it no more until it is fast', async () => {
    const redis = connectRedis(proxy.url);
    try {
      expect(await pingRedis(redis, '5s')).toEqual({ ok: true });
      const { codes, reserve } = watched(redis);
      expect((await reserve()).decidedBy).toBe('store');
      proxy.slow(180);
      const before = proxy.requests;
      const { slow, byStore } = await timed(reserve, 300);
      expect(byStore).toBe(0);
      expect(slow).toBeLessThanOrEqual(6);
      expect(proxy.requests - before).toBeLessThan(12);
      proxy.slow(0);
      expect(await recovery(reserve)).toBeLessThan(1_500); // the last slow answers are still on their way
      expect(codes()[0]).toBe('REDIS_CIRCUIT_OPENED');
      expect(codes().at(-1)).toBe('REDIS_CIRCUIT_CLOSED');
    } finally {
      proxy.slow(0);
      redis.disconnect();
    }
  });

  it('stays closed for errors that are answers, for one late call, and for a busy event loop', async () => {
    const { codes, reserve } = watched(bench.redis);
    expect((await reserve()).decidedBy).toBe('store');
    const [key = ''] = await storedKeys(bench.server.admin);
    await bench.server.admin.set(key, 'no counter', 'EX', 100);
    for (let i = 0; i < 10; i++) expect((await reserve()).decidedBy).toBe('local');
    await bench.server.admin.del(key);
    for (let i = 0; i < 5; i++) {
      const reserved = reserve();
      await new Promise((resolve) => setTimeout(resolve, 1)); // sent
      const until = performance.now() + 130;
      while (performance.now() < until);
      await reserved;
    }
    expect(codes()).toEqual([]);
  });

  it('works for a listener that throws', async () => {
    const redis = await bench.connect();
    const circuit = {
      failures: 1,
      onTransition: () => {
        throw new Error('listener');
      },
    };
    const store = redisRateLimitStore(redis, { circuit });
    redis.disconnect();
    const codes = [];
    for (let i = 0; i < 3; i++) {
      codes.push(
        await Promise.resolve(store.consume([{ key: 'a', limit: 1, windowMs: 1_000, cost: 1 }], 0)).catch(
          (error) => error.code,
        ),
      );
    }
    expect(codes).toEqual(['REDIS_UNREACHABLE', 'REDIS_CIRCUIT_OPEN', 'REDIS_CIRCUIT_OPEN']);
  });
});
