import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { connectRedis, pingRedis, redisRateLimitStore } from '../src/index.js';
import { changes, prepare, reads, start, storesOver } from './operations.js';
import { describeWithRedis, keysWithoutExpiry, stateOf, storedKeys } from './support.js';

const rule = compileRule({ name: 'login', limit: 5, window: '1h' });
const entry = { key: 'ada@example.com', limit: 5, windowMs: 3_600_000, cost: 1 };

/** Each operation of each store. */
function operations(redis: Redis, deadline: '100ms' | '5s'): [name: string, run: () => unknown][] {
  const stores = storesOver(redis, deadline);
  return [...changes, ...reads].map(([name, run]) => [name, () => run(stores)]);
}

async function codeOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return 'no error';
  } catch (error) {
    const shown = `${error} ${JSON.stringify(error)} ${(error as Error).stack} ${(error as Error).cause}`;
    expect(shown).not.toContain('ada@');
    expect(shown).not.toMatch(/KEYS\[|secapi:/);
    return (error as { code?: unknown }).code;
  }
}

describeWithRedis('a Redis in trouble', (bench) => {
  it('that forgot its scripts gets them again', async () => {
    for (const [name, run] of operations(bench.redis, '5s')) {
      await bench.server.admin.script('FLUSH');
      expect([name, await codeOf(run)]).toEqual([name, 'no error']);
    }
    const store = redisRateLimitStore(bench.redis, { deadline: '5s' });
    await bench.server.admin.flushall();
    await bench.server.admin.script('FLUSH');
    const all = await Promise.all(Array.from({ length: 50 }, () => store.consume([entry], 0)));
    expect(all.filter(([state]) => state?.allowed)).toHaveLength(5);
  });

  it('that is frozen makes no call wait beyond its deadline, and is used again when it thaws', async () => {
    const redis = await bench.connect();
    const limiter = createRateLimiter({
      store: redisRateLimitStore(redis, { deadline: '100ms' }),
      deadline: '100ms',
    });
    expect((await limiter.reserve([{ rule, key: 'a' }])).decidedBy).toBe('store');
    bench.server.pause();
    try {
      const started = performance.now();
      const codes = await Promise.all(
        operations(redis, '100ms').map(async ([name, run]) => [name, await codeOf(run)]),
      );
      const reservation = await limiter.reserve([{ rule, key: 'a' }]);
      const ping = await pingRedis(redis, '100ms');
      const took = performance.now() - started;
      expect(codes).toEqual(codes.map(([name]) => [name, 'REDIS_TIMEOUT']));
      expect(reservation).toMatchObject({ allowed: true, decidedBy: 'local' });
      expect(ping).toEqual({ ok: false, reason: 'REDIS_TIMEOUT' });
      expect(took).toBeLessThan(1_500); // three deadlines of 100 ms, on a busy machine
    } finally {
      bench.server.resume();
    }
    expect(await pingRedis(redis, '5s')).toEqual({ ok: true });
    await expect
      .poll(async () => (await limiter.reserve([{ rule, key: 'b' }])).decidedBy, { timeout: 5_000 })
      .toBe('store');
  });

  it('that is gone fails each call at once, and is used again when it is back, empty', async () => {
    const redis = await bench.connect();
    await bench.server.kill9();
    await expect.poll(() => redis.status, { timeout: 5_000 }).not.toBe('ready');
    for (const [name, run] of operations(redis, '5s')) {
      expect([name, await codeOf(run)]).toEqual([name, 'REDIS_UNREACHABLE']);
    }
    expect(await pingRedis(redis, '50ms')).toEqual({ ok: false, reason: 'REDIS_UNREACHABLE' });
    await bench.server.restart();
    expect(await pingRedis(redis, '10s')).toEqual({ ok: true });
    for (const [name, run] of operations(redis, '5s'))
      expect([name, await codeOf(run)]).toEqual([name, 'no error']);
    expect(await pingRedis(bench.redis, '10s')).toEqual({ ok: true });
  });

  it.each(changes)('that refuses to write changes nothing: %s', async (_name, run) => {
    const { admin } = bench.server;
    const stores = storesOver(bench.redis, '5s');
    await prepare(stores);
    const before = await stateOf(admin);
    await admin.config('SET', 'maxmemory', '1');
    try {
      const code = await codeOf(() => run(stores));
      if (code !== 'no error') expect([code, await stateOf(admin)]).toEqual(['REDIS_FAILED', before]);
      expect(await keysWithoutExpiry(admin)).toEqual([]);
    } finally {
      await admin.config('SET', 'maxmemory', '0');
    }
  });

  it.each(changes)('in which a script fails half-way through changes nothing: %s', async (_name, run) => {
    const { admin } = bench.server;
    const stores = storesOver(bench.redis, '5s');
    await prepare(stores);
    for (const key of await storedKeys(admin)) {
      await admin.flushall();
      await prepare(stores);
      await admin.del(key);
      await admin.lpush(key, 'a value of another type');
      await admin.expire(key, 100);
      const before = await stateOf(admin);
      const code = await codeOf(() => run(stores));
      if (code !== 'no error')
        expect([key, code, await stateOf(admin)]).toEqual([key, 'REDIS_FAILED', before]);
      expect(await keysWithoutExpiry(admin)).toEqual([]);
    }
  });

  it('whose values are of another type is an error, not a pass', async () => {
    const store = redisRateLimitStore(bench.redis, { deadline: '5s' });
    await store.consume([entry], 0);
    const [key = ''] = await storedKeys(bench.server.admin);
    await bench.server.admin.del(key);
    await bench.server.admin.lpush(key, 'x');
    await bench.server.admin.expire(key, 100);
    expect(await codeOf(() => store.consume([entry], 0))).toBe('REDIS_FAILED');
  });

  it('that is reached by a client with a key prefix of its own serves as well', async () => {
    const redis = new Redis(bench.server.url, { keyPrefix: 'app:' });
    try {
      await prepare(storesOver(redis, '5s'));
      expect(await stateOf(bench.server.admin)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^app:\{secapi:refresh\}:f:/)]),
      );
      const { refresh, once } = storesOver(redis, '5s');
      expect(await refresh.list('ada@example.com', start)).toHaveLength(2);
      expect(await refresh.revokeAll('ada@example.com', start)).toHaveLength(2);
      await once.drop('reset', 'ada@example.com');
      const keys = await storedKeys(bench.server.admin);
      expect(keys.filter((key) => !key.startsWith('app:') || key.includes(':once}:'))).toEqual([]);
    } finally {
      redis.disconnect();
    }
  });

  it('that was never there is told by a ping, within its deadline', async () => {
    const errors: Error[] = [];
    const redis = connectRedis('redis://127.0.0.1:1', { onError: (error) => errors.push(error) });
    try {
      const started = performance.now();
      expect(await pingRedis(redis, '200ms')).toEqual({ ok: false, reason: 'REDIS_UNREACHABLE' });
      expect(performance.now() - started).toBeLessThan(1_500);
      expect(errors.length).toBeGreaterThan(0);
    } finally {
      redis.disconnect();
    }
    expect(await pingRedis(redis)).toEqual({ ok: false, reason: 'REDIS_UNREACHABLE' });
  });
});
