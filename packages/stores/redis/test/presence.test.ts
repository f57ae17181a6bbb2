import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import { expect, it, vi } from 'vitest';
import { type RedisClient, redisRateLimitStore } from '../src/index.js';
import { createPresence } from '../src/internal/presence.js';
import { describeOnBoth, describeWithRedis } from './support.js';

const rule = compileRule({ name: 'api', limit: 100, window: '15m' });

function presence(client: RedisClient, name: string, key: string) {
  return createPresence(client, 5_000, key, () => true, name);
}

describeOnBoth('the processes that share a store', (bench) => {
  it('are counted as they come, and soon again', async () => {
    await bench.flush();
    const all = ['one', 'two', 'three'].map((name) => presence(bench.client, name, '{secapi:limit}:here'));
    expect(all.map((one) => one.count())).toEqual([1, 1, 1]);
    for (const [i, one] of all.entries()) {
      one.beat(0);
      await vi.waitFor(() => expect(one.count()).toBe(i + 1));
    }
    all[0]?.beat(249);
    expect(all[0]?.count()).toBe(1);
    all[0]?.beat(250);
    await vi.waitFor(() => expect(all[0]?.count()).toBe(3));
  });

  it('are not taken for fewer when Redis was emptied, until they had time to come again', async () => {
    await bench.flush();
    const [one, two] = ['one', 'two'].map((name) => presence(bench.client, name, '{secapi:limit}:here'));
    two?.beat(0);
    await vi.waitFor(() => expect(two?.count()).toBe(1));
    one?.beat(0);
    await vi.waitFor(() => expect(one?.count()).toBe(2));
    await bench.flush();
    one?.beat(5_000);
    await vi.waitFor(async () =>
      expect(await bench.client.call('GET', '{secapi:limit}:here')).toContain('one'),
    );
    expect(one?.count()).toBe(2);
    one?.beat(10_000);
    await vi.waitFor(() => expect(one?.count()).toBe(1));
  });

  it('that were not seen for a while are forgotten', async () => {
    await bench.flush();
    await bench.client.call(
      'SET',
      '{secapi:limit}:here',
      `gone ${Date.now() - 11_000}\nhere ${Date.now()}`,
      'PX',
      9_000,
    );
    const one = presence(bench.client, 'one', '{secapi:limit}:here');
    one.beat(0);
    await vi.waitFor(() => expect(one.count()).toBe(2));
  });
});

describeWithRedis('a store of limits', (bench) => {
  it('knows that it is alone, however many stores its process has', async () => {
    for (let i = 0; i < 2; i++) {
      const store = redisRateLimitStore(bench.redis, { deadline: '5s' });
      await createRateLimiter({ store, deadline: '5s' }).reserve([{ rule, key: 'a' }]);
      expect(store.processes?.()).toBe(1);
    }
  });

  it('gives its process a part of each limit while Redis is away', async () => {
    for (const name of ['two', 'three', 'four'])
      presence(bench.redis, name, 'secapi:limit:processes').beat(0); // on one connection, so before what follows
    const store = redisRateLimitStore(bench.redis, { deadline: '200ms' });
    const limiter = createRateLimiter({ store, deadline: '300ms' });
    await limiter.reserve([{ rule, key: 'a' }]);
    await vi.waitFor(() => expect(store.processes?.()).toBe(4));
    bench.server.pause();
    try {
      let passed = 0;
      for (let i = 0; i < 40; i++) {
        const { allowed, decidedBy } = await limiter.reserve([{ rule, key: 'c' }]);
        expect(decidedBy).toBe('local');
        if (allowed) passed += 1;
      }
      expect(passed).toBe(25);
    } finally {
      bench.server.resume();
    }
  });
});
