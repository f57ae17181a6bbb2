import { connectRedis } from '@secapi/redis';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { startPostgres } from '../../../scripts/postgres.mjs';
import { startRedisSentinel } from '../../../scripts/redis.mjs';
import { type Fleet, startFleet } from './fleet/fleet.js';
import { type Cost, endure, printCosts } from './fleet/trouble.js';
import { until } from './support/wait.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const watched = await startRedisSentinel({
  password: 'canaryOfServers',
  sentinelPassword: 'canaryOfSentinels',
});
const postgres = await startPostgres();
const skipped = watched.skipped ?? postgres.skipped;

describe.skipIf(skipped !== undefined)('four processes under load on a master that sentinels watch', () => {
  if (watched.skipped !== undefined || postgres.skipped !== undefined) return;
  let fleet: Fleet;
  const costs: Cost[] = [];

  beforeAll(async () => {
    fleet = await startFleet(40, postgres.url, {
      REDIS_URL: watched.sentinels.map(({ url }) => url).join(','),
      REDIS_SENTINEL_NAME: watched.name,
      REDIS_PASSWORD: 'canaryOfServers',
    });
  });
  afterAll(async () => {
    printCosts('A master, a replica and three sentinels', costs);
    await fleet?.stop();
    await Promise.all([watched.stop(), postgres.stop()]);
  });

  it('nobody waits, nothing fails and all is soon well: the master dies', async () => {
    const sentinels = watched.sentinels.map(({ url }) => connectRedis(url));
    /** Whether one of them tells clients of the new master: before, nobody can know of it. */
    const isTold = async (): Promise<boolean> => {
      const asked = sentinels.map((sentinel) =>
        sentinel.call('SENTINEL', 'get-master-addr-by-name', watched.name).catch(() => []),
      );
      return (await Promise.all(asked)).some((told) => String(told) === `127.0.0.1,${watched.replica.port}`);
    };
    try {
      const trouble = { name: 'failed over', begin: () => watched.master.kill9(), lasts: 500 };
      costs.push(await endure(fleet, { ...trouble, end: () => until('a new master', isTold) }));
    } finally {
      for (const sentinel of sentinels) sentinel.disconnect();
    }
  });
});
