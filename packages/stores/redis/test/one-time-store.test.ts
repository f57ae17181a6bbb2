import { oneTimeStoreSuite } from '@secapi/testing';
import { createOneTimeTokens } from '@secapi/tokens';
import { describe, expect, it } from 'vitest';
import { redisOneTimeStore } from '../src/index.js';
import { describeOnBoth, describeWithRedis } from './support.js';

const day = 86_400_000;

describeOnBoth('the one-time store', (bench) => {
  oneTimeStoreSuite({ describe, it, expect }, async () => {
    await bench.flush();
    return { store: redisOneTimeStore(bench.client, { deadline: '5s' }), close: async () => {} };
  });
});

describeWithRedis('the one-time store', (bench) => {
  it('lets one of 50 uses succeed, over two connections', async () => {
    const [here, there] = [bench.redis, await bench.connect()].map((redis) =>
      createOneTimeTokens({ store: redisOneTimeStore(redis, { deadline: '5s' }) }),
    );
    const { token } = (await here?.issue({ purpose: 'reset', subject: 'ann', lifetime: '15m' })) ?? {
      token: '',
    };
    const used = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 ? here : there)?.consume({ purpose: 'reset', token })),
    );
    expect(used.filter((result) => result?.ok)).toEqual([{ ok: true, subject: 'ann' }]);
  });

  it('decides by the caller’s clock, however far it is from Redis’s', async () => {
    for (const time of [1_000_000, Date.now() + 400 * day]) {
      let now = time;
      const tokens = createOneTimeTokens({
        store: redisOneTimeStore(bench.redis, { deadline: '5s', now: () => now }),
        now: () => now,
      });
      const issue = { purpose: 'reset', subject: 'ann', lifetime: '15m' } as const;
      const [one, two] = [await tokens.issue(issue), await tokens.issue(issue)];
      now += 15 * 60_000 - 1;
      expect(await tokens.consume({ purpose: 'reset', token: one.token })).toMatchObject({ ok: true });
      now += 1;
      expect(await tokens.consume({ purpose: 'reset', token: two.token })).toMatchObject({ ok: false });
    }
  });

  it('drops the oldest when a subject has too many for one purpose, and counts no used ones', async () => {
    const store = redisOneTimeStore(bench.redis, { deadline: '5s', maxPerSubject: 2 });
    const record = { purpose: 'reset', subject: 'ann', expiresAt: Date.now() + 1_000 };
    for (const digest of ['a', 'b', 'c']) await store.put({ ...record, digest });
    expect(await store.take('a', 'reset', 0)).toBeUndefined();
    expect(await store.take('c', 'reset', 0)).toMatchObject({ digest: 'c' });
    await store.put({ ...record, digest: 'd' });
    expect(await store.take('b', 'reset', 0)).toMatchObject({ digest: 'b' });
  });

  it('lets keys expire a day after the token', async () => {
    const store = redisOneTimeStore(bench.redis, { now: () => 1_000 });
    await store.put({ digest: 'a', purpose: 'reset', subject: 'ann', expiresAt: 901_000 });
    const keys = await bench.server.admin.keys('*');
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(key).toMatch(/^\{secapi:once\}:[to]:[\w-]{24}$/);
      expect(await bench.server.admin.pttl(key)).toBeGreaterThan(day + 890_000);
      expect(await bench.server.admin.pttl(key)).toBeLessThanOrEqual(day + 900_000);
    }
  });

  it('is an error, not a token, when what stands in Redis can’t be read', async () => {
    const store = redisOneTimeStore(bench.redis, { deadline: '5s' });
    await store.put({ digest: 'a', purpose: 'reset', subject: 'ann', expiresAt: Date.now() + 1_000 });
    const [key = ''] = await bench.server.admin.keys('{secapi:once}:t:*');
    await bench.server.admin.set(key, '"reset"\nann', 'EX', 100);
    await expect(store.take('a', 'reset', 0)).rejects.toMatchObject({ code: 'REDIS_FAILED' });
  });
});
