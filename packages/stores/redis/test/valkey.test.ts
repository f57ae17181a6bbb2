import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedisCluster } from '../../../../scripts/redis.mjs';
import { connectRedisCluster, pingRedis, redisRateLimitStore } from '../src/index.js';
import { changes, prepare, reads, storesOver } from './operations.js';
import { describeWithRedis, stateOf } from './support.js';

const rule = compileRule({ name: 'api', limit: 100, window: '1h' });

describeWithRedis('Redis beside Valkey', (reference) => {
  describeWithRedis(
    'Valkey',
    (bench) => {
      it('is what it says', async () => {
        expect(await bench.server.admin.info('server')).toContain('server_name:valkey');
        expect(await reference.server.admin.info('server')).not.toContain('valkey');
      });

      it.each([...changes, ...reads])('answers and holds what Redis does: %s', async (_name, run) => {
        const outcomes = [];
        for (const { redis, server } of [reference, bench]) {
          await server.admin.flushall();
          const stores = storesOver(redis, '5s');
          await prepare(stores);
          const answer = await run(stores);
          outcomes.push({ answer, state: await stateOf(server.admin) });
        }
        expect(outcomes[0]?.state.length).toBeGreaterThan(5);
        expect(outcomes[1]).toEqual(outcomes[0]);
      });

      it('gets scripts again that it forgot', async () => {
        for (const [name, run] of [...changes, ...reads]) {
          await bench.server.admin.script('FLUSH');
          await expect(Promise.resolve(run(storesOver(bench.redis, '5s'))), name).resolves.not.toThrow();
        }
      });

      it('lets exactly 100 of 300 at once through, of two processes, by its own clock', async () => {
        const limiters = [bench.redis, await bench.connect()].map((redis) =>
          createRateLimiter({ store: redisRateLimitStore(redis, { deadline: '5s' }), deadline: '5s' }),
        );
        const all = await Promise.all(
          Array.from({ length: 300 }, async (_, i) => limiters[i % 2]?.reserve([{ rule, key: 'a' }])),
        );
        expect(all.filter((one) => one?.allowed)).toHaveLength(100);
        expect(new Set(all.map((one) => one?.decidedBy))).toEqual(new Set(['store']));
      });

      it('is left alone while it is frozen, and used again within a second', async () => {
        const codes: string[] = [];
        const circuit = { onTransition: ({ code }: { code: string }) => void codes.push(code) };
        const redis = await bench.connect();
        const limiter = createRateLimiter({ store: redisRateLimitStore(redis, { circuit }) });
        const reserve = async () => (await limiter.reserve([{ rule, key: 'b' }])).decidedBy;
        expect(await reserve()).toBe('store');
        bench.server.pause();
        for (let i = 0; i < 5; i++) expect(await reserve()).toBe('local');
        expect(codes).toContain('REDIS_CIRCUIT_OPENED');
        bench.server.resume();
        await expect.poll(reserve, { timeout: 1_000, interval: 20 }).toBe('store');
        expect(codes.at(-1)).toBe('REDIS_CIRCUIT_CLOSED');
      });
    },
    { flavour: 'valkey' },
  );
});

describe('a cluster of Valkey', async () => {
  const started = await startRedisCluster({ flavour: 'valkey' });
  describe.skipIf(started.skipped !== undefined)('of three masters', () => {
    if (started.skipped !== undefined) return;
    const client = (): ReturnType<typeof connectRedisCluster> =>
      connectRedisCluster(started.nodes.map(({ url }) => url));
    let cluster: ReturnType<typeof client> | undefined;
    const connected = (): ReturnType<typeof client> => {
      if (!cluster) throw new Error('the client is not connected');
      return cluster;
    };
    beforeAll(async () => {
      cluster = client();
      expect(await pingRedis(cluster, '10s')).toEqual({ ok: true });
    });
    afterAll(async () => {
      cluster?.disconnect();
      await started.stop();
    });

    it('serves every operation of every store', async () => {
      const stores = storesOver(connected(), '5s');
      await prepare(stores);
      for (const [name, run] of [...changes, ...reads])
        await expect(Promise.resolve(run(stores)), name).resolves.not.toThrow();
    });

    it('holds a limit exactly', async () => {
      const store = redisRateLimitStore(connected(), { deadline: '5s' });
      const limiter = createRateLimiter({ store, deadline: '5s' });
      const all = await Promise.all(
        Array.from({ length: 300 }, async () => limiter.reserve([{ rule, key: 'c' }])),
      );
      expect(all.filter(({ allowed }) => allowed)).toHaveLength(100);
    });
  });
});
