import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import type { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedisCluster } from '../../../../scripts/redis.mjs';
import { connectRedis, connectRedisCluster, pingRedis, redisRateLimitStore } from '../src/index.js';

const rule = compileRule({ name: 'api', limit: 3_000, window: '1h' });

describe('a cluster that moves the slot of the limits to another master under load', async () => {
  const started = await startRedisCluster();
  let cluster: Cluster;
  const admins: Redis[] = [];

  beforeAll(async () => {
    if (started.skipped !== undefined) return;
    cluster = connectRedisCluster(started.nodes.map(({ url }) => url));
    for (const { url } of started.nodes) admins.push(connectRedis(url));
    for (const client of [cluster, ...admins]) expect(await pingRedis(client, '10s')).toEqual({ ok: true });
  });

  afterAll(async () => {
    if (started.skipped !== undefined) return;
    cluster.disconnect();
    for (const admin of admins) admin.disconnect();
    await started.stop();
  });

  it.skipIf(started.skipped !== undefined)('loses no count and makes no request wait', async () => {
    const limiter = createRateLimiter({ store: redisRateLimitStore(cluster), whenStoreFails: 'deny' });
    let admitted = 0;
    let byNobody = 0;
    let longest = 0;
    let loading = true;
    async function load(client: number): Promise<void> {
      while (loading) {
        const before = performance.now();
        const requests = [
          { rule, key: 'everyone' },
          { rule, key: `client-${client}-${admitted % 50}` },
        ];
        const { allowed, decidedBy } = await limiter.reserve(requests);
        longest = Math.max(longest, performance.now() - before);
        if (allowed) admitted += 1;
        if (decidedBy === 'nobody') byNobody += 1;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    const loads = [1, 2, 3, 4].map(load);
    await expect.poll(() => admitted, { timeout: 5_000, interval: 5 }).toBeGreaterThan(100);
    await moveSlot(admins);
    const then = admitted;
    await expect.poll(() => admitted, { timeout: 1_000, interval: 5 }).toBeGreaterThan(then + 10);
    loading = false;
    await Promise.all(loads);
    expect(longest).toBeLessThan(400); // a deadline of 100 ms, on a busy machine
    const { states } = await limiter.reserve([{ rule, key: 'everyone' }]);
    const counted = 3_000 - (states[0]?.remaining ?? 0) - 1;
    expect(counted).toBeGreaterThanOrEqual(admitted);
    expect(counted).toBeLessThanOrEqual(admitted + byNobody); // what was late may have been counted
    const holders = await Promise.all(admins.map((admin) => admin.dbsize()));
    expect(holders.filter((keys) => keys > 0)).toHaveLength(1);
  });
});

/** Moves the slot as `redis-cli --cluster reshard` does, a few keys at a time. */
async function moveSlot(admins: readonly Redis[]): Promise<void> {
  const sizes = await Promise.all(admins.map((admin) => admin.dbsize()));
  const from = sizes.findIndex((size) => size > 0);
  const source = admins[from];
  const target = admins[(from + 1) % admins.length];
  if (!source || !target) throw new Error('nothing to move');
  const slot = Number(await source.call('CLUSTER', 'KEYSLOT', '{secapi:limit}'));
  const sourceId = String(await source.call('CLUSTER', 'MYID'));
  const targetId = String(await target.call('CLUSTER', 'MYID'));
  await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId);
  await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId);
  for (;;) {
    const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 10)) as string[];
    if (keys.length === 0) break;
    await source.call('MIGRATE', '127.0.0.1', target.options.port ?? 0, '', 0, 1_000, 'KEYS', ...keys);
  }
  for (const admin of [target, source, ...admins])
    await admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId);
}
