import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { startPostgres } from '../../../scripts/postgres.mjs';
import { startRedis } from '../../../scripts/redis.mjs';
import { type Fleet, startFleet } from './fleet/fleet.js';
import { startSlowProxy } from './fleet/slow-proxy.js';
import { type Cost, endure, printCosts, soak, type Trouble } from './fleet/trouble.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const rounds = soak ? 3 : 1;
const redis = await startRedis();
const postgres = await startPostgres();
const skipped = redis.skipped ?? postgres.skipped;

describe.skipIf(skipped !== undefined)('four processes under load on one Redis', () => {
  if (redis.skipped !== undefined || postgres.skipped !== undefined) return;
  let proxy: Awaited<ReturnType<typeof startSlowProxy>>;
  let fleet: Fleet;
  const costs: Cost[] = [];

  beforeAll(async () => {
    proxy = await startSlowProxy(redis.port);
    fleet = await startFleet(40, postgres.url, { REDIS_URL: proxy.url });
  });
  afterAll(async () => {
    printCosts('One server', costs);
    await fleet?.stop();
    await proxy?.stop();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  const long = soak ? 8_000 : 2_500; // the first requests wait for their deadline before anybody knows
  const troubles: readonly Trouble[] = [
    { name: 'stopped, back empty', begin: () => redis.kill9(), end: () => redis.restart(), forgets: true },
    { name: 'frozen', begin: async () => redis.pause(), end: async () => redis.resume(), lasts: long },
    { name: 'slow', begin: async () => proxy.slow(1_500), end: async () => proxy.slow(0), lasts: long },
    {
      name: 'restarted, empty',
      begin: () => redis.restart(),
      end: async () => {},
      lasts: 0,
      forgets: true,
      short: true,
    },
  ];

  const all = Array.from({ length: rounds }, () => troubles).flat();
  it.each(all)('nobody waits, nothing fails and all is soon well: $name', async (trouble) => {
    costs.push(await endure(fleet, trouble));
  });
});
