import { createOneTimeTokens, createRefreshFamilies } from '@secapi/tokens';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { connectRedis, pingRedis, redisOneTimeStore, redisRefreshStore } from '../src/index.js';
import { changes, prepare, start, storesOver } from './operations.js';
import { type Cut, cuts, useProxy, wasExecuted } from './proxy.js';
import { describeWithRedis, stateOf } from './support.js';

const options = { deadline: '300ms' } as const;

describeWithRedis('a connection that breaks', (bench) => {
  const proxy = useProxy(() => bench.server.port);

  it.each(changes)('leaves the old or the new state, never one between: %s', async (_name, run) => {
    const direct = storesOver(bench.redis, '5s');
    const prepared = async (): Promise<string[]> => {
      await bench.server.admin.flushall();
      await prepare(direct);
      return stateOf(bench.server.admin);
    };
    const before = await prepared();
    await run(direct);
    const after = await stateOf(bench.server.admin);
    expect(after).not.toEqual(before);
    for (const cut of cuts) {
      await prepared();
      const silent = cut.startsWith('un');
      const { code, took } = await throughCut(cut, (redis) =>
        run(storesOver(redis, silent ? '100ms' : '5s')),
      );
      expect([cut, code]).toEqual([cut, silent ? 'REDIS_TIMEOUT' : 'REDIS_UNREACHABLE']);
      expect(took).toBeLessThan(2_000); // at once or after 100 ms, on a busy machine
      expect([cut, await stateOf(bench.server.admin)]).toEqual([cut, wasExecuted(cut) ? after : before]);
    }
  });

  it('costs nobody the session: who lost the answer gets the same successor again', async () => {
    let now = start;
    const families = (redis: Redis) =>
      createRefreshFamilies({ store: redisRefreshStore(redis, options), now: () => now });
    for (const cut of cuts) {
      const direct = families(bench.redis);
      const { token } = await direct.start({ subject: 'ann' });
      const { code } = await throughCut(cut, (redis) => families(redis).rotate(token));
      expect(code).toMatch(/^REDIS_/);
      const again = await direct.rotate(token);
      expect(again).toMatchObject({ ok: true, raced: wasExecuted(cut) });
      const more = await direct.rotate(token);
      expect(more).toEqual({ ...again, raced: true });
      const next = again.ok ? again.token : '';
      now += 5_001;
      const used = await direct.rotate(next);
      expect(used).toMatchObject({ ok: true, raced: false });
      expect(await direct.rotate(token)).toMatchObject({ ok: false, reason: 'reused' });
    }
  });

  it('lets an honest client on, wherever each of its requests breaks', async () => {
    const breaks = fc.array(fc.constantFrom(undefined, ...cuts.filter((cut) => !cut.startsWith('un'))), {
      minLength: 5,
      maxLength: 15,
    });
    await fc.assert(
      fc.asyncProperty(breaks, async (plan) => {
        await bench.server.admin.flushall();
        const direct = createRefreshFamilies({ store: redisRefreshStore(bench.redis, options) });
        let { token } = await direct.start({ subject: 'ann' });
        for (const cut of plan) {
          const rotate = (redis: Redis) =>
            createRefreshFamilies({ store: redisRefreshStore(redis, options) }).rotate(token);
          if (cut) expect((await throughCut(cut, rotate)).code).toMatch(/^REDIS_/);
          const result = await direct.rotate(token);
          if (!result.ok) expect.fail(`${plan.join()}: ${result.reason}`);
          token = result.token;
        }
        expect(await direct.list('ann')).toHaveLength(1);
      }),
      { numRuns: 10 },
    );
  });

  it('lets a one-time token be used once at most', async () => {
    const now = (): number => start;
    const once = (redis: Redis) =>
      createOneTimeTokens({ store: redisOneTimeStore(redis, { ...options, now }), now });
    for (const cut of cuts) {
      const { token } = await once(bench.redis).issue({ purpose: 'reset', subject: 'ann', lifetime: '15m' });
      const consume = (redis: Redis) => once(redis).consume({ purpose: 'reset', token });
      expect((await throughCut(cut, consume)).code).toMatch(/^REDIS_/);
      expect(await consume(bench.redis)).toMatchObject({ ok: !wasExecuted(cut) });
    }
  });

  /** What a call ends with whose request breaks, and how long it took; it is called on a client of its own. */
  async function throughCut(
    cut: Cut,
    run: (redis: Redis) => unknown,
  ): Promise<{ code: unknown; took: number }> {
    const redis = connectRedis(proxy.url);
    try {
      expect(await pingRedis(redis, '5s')).toEqual({ ok: true });
      proxy.cutNext(cut);
      const started = performance.now();
      const code = await Promise.resolve(run(redis)).then(
        () => 'no error',
        (error: { code?: unknown }) => error.code,
      );
      const took = performance.now() - started;
      await proxy.broken();
      return { code, took };
    } finally {
      redis.disconnect();
    }
  }
});
