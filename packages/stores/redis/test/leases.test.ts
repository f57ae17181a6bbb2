import { compileRule, createRateLimiter, leasedRateLimitStore } from '@secapi/rate-limit';
import { expect, it } from 'vitest';
import { redisRateLimitStore } from '../src/index.js';
import { describeWithRedis } from './support.js';

const limit = 500;
const batch = 20;
const processes = 4;
const rule = compileRule({ name: 'api', limit, window: '15m', algorithm: 'sliding-log' });
const client = '203.0.113.7';

describeWithRedis('processes that take batches', (bench) => {
  const limiterOf = (options: { leased: boolean }) => {
    const store = redisRateLimitStore(bench.redis, { deadline: '5s' });
    const used = options.leased ? leasedRateLimitStore(store, { batch, hold: '1m' }) : store;
    return createRateLimiter({ store: used, deadline: '5s' });
  };

  /** How many scripts Redis has run. */
  async function scripts(): Promise<number> {
    const info = await bench.server.admin.info('commandstats');
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(info)?.[1] ?? 0);
  }

  async function passed(limiter: ReturnType<typeof limiterOf>, times: number): Promise<number> {
    let count = 0;
    for (let i = 0; i < times; i++) if ((await limiter.reserve([{ rule, key: client }])).allowed) count += 1;
    return count;
  }

  it('ask Redis a batch’s part as often', async () => {
    const [alone, leased] = [limiterOf({ leased: false }), limiterOf({ leased: true })];
    await passed(alone, 1); // loads the script, and tells of the process
    await bench.server.admin.flushall();
    const costs: number[] = [];
    for (const limiter of [alone, leased]) {
      const before = await scripts();
      expect(await passed(limiter, 200)).toBe(200);
      costs.push((await scripts()) - before);
    }
    expect(costs[0]).toBeGreaterThanOrEqual(200);
    expect(costs[1]).toBeLessThanOrEqual(200 / batch + 2);
  });

  it('hold a limit together: none too many, and less than a batch a process too few', async () => {
    const all = Array.from({ length: processes }, () => limiterOf({ leased: true }));
    const counts = await Promise.all(all.map((limiter, i) => passed(limiter, [400, 150, 60, 5][i] ?? 0)));
    const sum = counts.reduce((one, other) => one + other, 0);
    expect(sum).toBeLessThanOrEqual(limit);
    expect(sum).toBeGreaterThan(limit - processes * batch);
  });

  it('hold it when all of them come at once', async () => {
    const all = Array.from({ length: processes }, () => limiterOf({ leased: true }));
    const asked = Array.from({ length: 1_000 }, async (_, i) =>
      all[i % processes]?.reserve([{ rule, key: client }]),
    );
    const count = (await Promise.all(asked)).filter((reservation) => reservation?.allowed).length;
    expect(count).toBeLessThanOrEqual(limit);
    expect(count).toBeGreaterThan(limit - processes * batch);
  });
});
