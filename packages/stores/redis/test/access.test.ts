import type { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedisCluster } from '../../../../scripts/redis.mjs';
import { connectRedis, connectRedisCluster, pingRedis, redisRateLimitStore } from '../src/index.js';
import { describeWithRedis } from './support.js';

const entries = [
  { key: 'a', limit: 5, windowMs: 60_000, cost: 1 },
  { key: 'b', limit: 5, windowMs: 60_000, cost: 1 },
];

/** A user that may do what limits need, and on their keys only. */
async function allow(admin: Redis): Promise<void> {
  const commands = [
    'eval',
    'evalsha',
    'exists',
    'del',
    'time',
    'get',
    'mget',
    'set',
    'setrange',
    'pttl',
    'pexpire',
  ];
  const connecting = ['hello', 'ping', 'info', 'cluster|slots', 'cluster|info'];
  const rules = [...commands, ...connecting].map((command) => `+${command}`);
  await admin.call(
    'ACL',
    'SETUSER',
    'limits',
    'on',
    '>p@ss:word',
    '~secapi:limit:*',
    '~{secapi:limit}:*',
    ...rules,
  );
}

const withUser = (url: string): string => url.replace('redis://', 'redis://limits:p%40ss%3Aword@');

async function serves(client: Redis | Cluster): Promise<void> {
  try {
    expect(await pingRedis(client, '5s')).toEqual({ ok: true });
    const store = redisRateLimitStore(client, { deadline: '5s' });
    const [state] = await store.consume(entries, 0);
    expect(state).toMatchObject({ allowed: true, remaining: 4 });
    await store.refund(
      entries.map((entry) => ({ ...entry, at: state?.at ?? 0 })),
      0,
    );
    await store.reset(['a']);
    await expect(client.call('SET', 'another', '1')).rejects.toThrow('NOPERM');
    await expect(client.call('FLUSHALL')).rejects.toThrow('NOPERM');
  } finally {
    client.disconnect();
  }
}

describeWithRedis('a user of the ACL that may touch limits only', (bench) => {
  it('is enough, named in the URL', async () => {
    await allow(bench.server.admin);
    await serves(connectRedis(withUser(bench.server.url)));
  });

  it('with another password gets no answer', async () => {
    await allow(bench.server.admin);
    const errors: Error[] = [];
    const redis = connectRedis(withUser(bench.server.url).replace('word', 'wort'), {
      onError: (error) => errors.push(error),
    });
    try {
      expect((await pingRedis(redis, '500ms')).ok).toBe(false);
      expect(errors.map(({ message }) => message).join()).toContain('WRONGPASS');
    } finally {
      redis.disconnect();
    }
  });
});

describe('a user of a cluster’s ACL that may touch limits only', async () => {
  const started = await startRedisCluster();
  const admins: Redis[] = [];
  beforeAll(async () => {
    if (started.skipped !== undefined) return;
    for (const { url } of started.nodes) {
      const admin = connectRedis(url);
      admins.push(admin);
      expect(await pingRedis(admin, '5s')).toEqual({ ok: true });
      await allow(admin);
    }
  });
  afterAll(async () => {
    for (const admin of admins) admin.disconnect();
    if (started.skipped === undefined) await started.stop();
  });

  it.skipIf(started.skipped !== undefined)('is enough, named in the URLs', async () => {
    if (started.skipped === undefined)
      await serves(connectRedisCluster(started.nodes.map(({ url }) => withUser(url))));
  });
});
