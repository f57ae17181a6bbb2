import { expect, it } from 'vitest';
import {
  pingRedis,
  redisLockoutStore,
  redisOneTimeStore,
  redisRefreshStore,
  redisRevocations,
} from '../src/index.js';
import { describeOnBoth, type StoreBench } from './support.js';

const policy = { limit: 5, windowMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 3_600_000 };

/** Many keys of many slots, so that some of them are on each master. */
function calls({ client }: StoreBench): (() => Promise<unknown>)[] {
  const options = { deadline: '200ms' } as const;
  const revocations = redisRevocations(client, options);
  const lockouts = redisLockoutStore(client, options);
  const refresh = redisRefreshStore(client, options);
  const once = redisOneTimeStore(client, options);
  return Array.from({ length: 20 }, (_, i) => [
    async () => lockouts.attempt(`key-${i}`, policy, 0),
    async () => revocations.isRevoked({ jti: `t${i}`, sid: `s${i}`, sub: `u${i}`, iat: 0 }),
    async () => refresh.list(`u${i}`, 0),
    async () => once.take(`d${i}`, 'reset', 0),
  ]).flat();
}

async function codesOf(bench: StoreBench): Promise<{ codes: Set<unknown>; took: number }> {
  const started = performance.now();
  const codes = await Promise.all(
    calls(bench).map((call) =>
      call().then(
        () => 'no error',
        (error: { code?: unknown }) => error.code,
      ),
    ),
  );
  return { codes: new Set(codes), took: performance.now() - started };
}

describeOnBoth('a server, or every master of a cluster, in trouble', (bench) => {
  it('makes no call wait beyond its deadline while it is frozen', async () => {
    expect([...(await codesOf(bench)).codes]).toEqual(['no error']);
    for (const server of bench.servers) server.pause();
    try {
      const { codes, took } = await codesOf(bench);
      expect([...codes]).toEqual(['REDIS_TIMEOUT']);
      expect(took).toBeLessThan(1_500); // a deadline of 200 ms, on a busy machine
    } finally {
      for (const server of bench.servers) server.resume();
    }
    await expect
      .poll(async () => [...(await codesOf(bench)).codes], { timeout: 15_000 })
      .toEqual(['no error']);
  });

  it('fails each call with a code when it is gone, and is used again when it is back', async () => {
    await expect.poll(() => pingRedis(bench.client, '1s'), { timeout: 15_000 }).toEqual({ ok: true });
    await Promise.all(bench.servers.map((server) => server.kill9()));
    expect(await pingRedis(bench.client, '100ms')).toMatchObject({ ok: false });
    const { codes, took } = await codesOf(bench);
    for (const code of codes) expect(['REDIS_UNREACHABLE', 'REDIS_TIMEOUT']).toContain(code);
    expect(took).toBeLessThan(1_500);
    await Promise.all(bench.servers.map((server) => server.restart()));
    await expect
      .poll(async () => [...(await codesOf(bench)).codes], { timeout: 15_000 })
      .toEqual(['no error']);
  });
});
