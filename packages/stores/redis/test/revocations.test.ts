import { revocationStoreSuite } from '@secapi/testing';
import { describe, expect, it } from 'vitest';
import { redisRevocations } from '../src/index.js';
import { describeOnBoth, describeWithRedis } from './support.js';

const claims = { jti: 'token-1', sid: 'session-1', sub: 'ann', iat: 1_000 };

describeOnBoth('the revocations', (bench) => {
  revocationStoreSuite({ describe, it, expect }, async () => {
    await bench.flush();
    let time = 0;
    const store = redisRevocations(bench.client, { deadline: '5s', now: () => time });
    return {
      store: {
        ...store,
        setTime(to: number) {
          time = to;
        },
      },
      close: async () => {},
    };
  });
});

describeWithRedis('the revocations', (bench) => {
  it('hold in every process as soon as one has told them', async () => {
    const here = redisRevocations(bench.redis, { now: () => 1_000_000 });
    const there = redisRevocations(await bench.connect(), { now: () => 1_000_000 });
    expect(await there.isRevoked(claims)).toBe(false);
    await here.revoke({ kind: 'session', id: 'session-1', at: 1_000_000, until: 2_000_000 });
    expect(await there.isRevoked(claims)).toBe(true);
  });

  it('outlive the token by ten minutes, for the sake of a slow clock, and then expire', async () => {
    const store = redisRevocations(bench.redis, { now: () => 1_000_000 });
    await store.revoke({ kind: 'token', id: 'token-1', at: 1_000_000, until: 1_900_000 });
    const [key = ''] = await bench.server.admin.keys('*');
    expect(key).toMatch(/^secapi:revoked:[\w-]{24}$/);
    expect(await bench.server.admin.pttl(key)).toBeGreaterThan(1_490_000);
    expect(await bench.server.admin.pttl(key)).toBeLessThanOrEqual(1_500_000);
  });

  it('hold when what stands in Redis can’t be read', async () => {
    const store = redisRevocations(bench.redis, { now: () => 1_000_000 });
    await store.revoke({ kind: 'subject', id: 'ann', at: 1, until: 2_000_000 });
    expect(await store.isRevoked(claims)).toBe(false);
    const [key = ''] = await bench.server.admin.keys('*');
    await bench.server.admin.set(key, 'nonsense', 'EX', 100);
    expect(await store.isRevoked(claims)).toBe(true);
  });

  it.each([
    [{ kind: 'token', id: '', at: 1, until: 2 }],
    [{ kind: 'everyone', id: 'x', at: 1, until: 2 }],
    [{ kind: 'token', id: 'x', at: Number.NaN, until: 2 }],
    [{ kind: 'token', id: 'x', at: 1, until: Number.POSITIVE_INFINITY }],
  ])('are refused when they make no sense: %j', async (entry) => {
    await expect(redisRevocations(bench.redis).revoke(entry as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});
