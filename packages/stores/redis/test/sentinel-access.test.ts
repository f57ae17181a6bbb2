import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RedisSentinelOptions, startRedisSentinel } from '../../../../scripts/redis.mjs';
import {
  type ConnectRedisSentinelOptions,
  connectRedis,
  connectRedisSentinel,
  pingRedis,
  redisRateLimitStore,
} from '../src/index.js';
import { changes, prepare, reads, storesOver } from './operations.js';

const password = 'canaryOfServers';
const sentinelPassword = 'canaryOfSentinels';
const rule = compileRule({ name: 'api', limit: 100_000, window: '1h' });

async function describeSentinels(title: string, options: RedisSentinelOptions): Promise<void> {
  const started = await startRedisSentinel({ password, sentinelPassword, ...options });
  describe.skipIf(started.skipped !== undefined)(title, () => {
    if (started.skipped !== undefined) return;
    const urls = started.sentinels.map(({ url }) => url);
    const { name, tls } = started;
    const connect = (more: Partial<ConnectRedisSentinelOptions> = {}, sentinels = urls) =>
      connectRedisSentinel(sentinels, { name, password, ...(tls && { tls: { ca: tls.ca } }), ...more });
    let sentinel: Redis | undefined;
    /** Clients that listen to a sentinel for failovers. */
    const listening = async (): Promise<string> =>
      String(await sentinel?.call('CLIENT', 'LIST', 'TYPE', 'PUBSUB'));
    beforeAll(() => {
      sentinel = connectRedis(urls[0] ?? '', tls && { tls: { ca: tls.ca } });
    });
    afterAll(async () => {
      sentinel?.disconnect();
      await started.stop();
    });

    it.each([
      ['another password of the sentinels', {}, urls.map((url) => url.replace(sentinelPassword, 'guessed'))],
      ['no password of the sentinels', {}, urls.map((url) => url.replace(`:${sentinelPassword}@`, ''))],
      ['another password of the servers', { password: 'guessed' }, urls],
      ['another name of the master', { name: 'secondary' }, urls],
    ])('are of no use to who has %s', async (_title, more, sentinels) => {
      const said: string[] = [];
      const client = connect({ ...more, onError: (error) => said.push(String(error)) }, sentinels);
      try {
        expect((await pingRedis(client, '700ms')).ok).toBe(false);
        expect(said.join()).not.toMatch(/canaryOf/);
      } finally {
        client.disconnect();
      }
      await expect.poll(listening, { timeout: 5_000 }).toBe(''); // whatever it was about to do
    });

    it('lead to the master for every operation of every store, and to the new one after a failover', async () => {
      const client = connect();
      try {
        expect(await pingRedis(client, '10s')).toEqual({ ok: true });
        await expect.poll(listening, { timeout: 5_000 }).toContain('cmd=subscribe');
        const stores = storesOver(client, '5s');
        await prepare(stores);
        for (const [operation, run] of [...changes, ...reads])
          await expect(Promise.resolve(run(stores)), operation).resolves.not.toThrow();

        const limiter = createRateLimiter({ store: redisRateLimitStore(client) });
        const reserve = async () => (await limiter.reserve([{ rule, key: 'a' }])).decidedBy;
        expect(await reserve()).toBe('store');
        await started.master.kill9();
        await expect.poll(reserve, { timeout: 1_000, interval: 5 }).toBe('local');
        await expect.poll(reserve, { timeout: 15_000, interval: 20 }).toBe('store');
        expect(client.stream?.remotePort).toBe(started.replica.port);
        await prepare(storesOver(client, '5s')).catch((error: { code?: unknown }) => {
          expect(error.code).toBe('TOKEN_STORE_CONFLICT'); // the replica had the sessions already
        });
        for (const [operation, run] of reads)
          await expect(Promise.resolve(run(storesOver(client, '5s'))), operation).resolves.not.toThrow();
      } finally {
        client.disconnect();
      }
    });
  });
}

describe('a client of sentinels', async () => {
  const started = await startRedisSentinel();
  afterAll(async () => {
    if (started.skipped === undefined) await started.stop();
  });

  it.skipIf(started.skipped !== undefined)(
    'tells its listener of one that is gone, and nobody else',
    async () => {
      if (started.skipped !== undefined) return;
      const written = vi.spyOn(console, 'error');
      await started.sentinels[0]?.stop();
      const errors: Error[] = [];
      const client = connectRedisSentinel(
        started.sentinels.map(({ url }) => url),
        { name: 'primary', onError: (error) => errors.push(error) },
      );
      try {
        expect(await pingRedis(client, '5s')).toEqual({ ok: true });
        await expect.poll(() => errors.map(String).join(), { timeout: 5_000 }).toContain('ECONNREFUSED');
        expect(written).not.toHaveBeenCalled();
      } finally {
        client.disconnect();
        written.mockRestore();
      }
    },
  );

  it.skipIf(started.skipped !== undefined)(
    'goes to the new master though the old one still answers',
    async () => {
      if (started.skipped !== undefined) return;
      const urls = started.sentinels.map(({ url }) => url);
      const client = connectRedisSentinel(urls, { name: 'primary' });
      const sentinel = connectRedis(started.sentinels[1]?.url ?? '');
      try {
        expect(await pingRedis(client, '5s')).toEqual({ ok: true });
        expect(client.stream?.remotePort).toBe(started.master.port);
        expect(await pingRedis(sentinel, '5s')).toEqual({ ok: true });
        await sentinel.call('SENTINEL', 'FAILOVER', 'primary');
        await expect.poll(() => client.stream?.remotePort, { timeout: 5_000 }).toBe(started.replica.port);
      } finally {
        client.disconnect();
        sentinel.disconnect();
      }
    },
  );
});

await describeSentinels('sentinels and servers with passwords of their own', {});
await describeSentinels('the same over TLS', { tls: true });
