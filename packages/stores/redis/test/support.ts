import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { connectRedis, pingRedis } from '../src/index.js';
import { keysWithoutExpiry, redisBinary, startRedis, type TestServer } from './redis-server.js';

const binary = redisBinary();

/** What a block of tests works with; read the properties inside tests only. */
export interface Bench {
  readonly server: TestServer;
  readonly redis: Redis;
  /** One more client, as another process has it. */
  connect(): Promise<Redis>;
}

/** A block of tests with a private server. After each test, no key without an expiry may be left; then everything is flushed. */
export function describeWithRedis(title: string, body: (bench: Bench) => void): void {
  describe.skipIf(!binary)(title, () => {
    let server: TestServer | undefined;
    const clients: Redis[] = [];
    const bench: Bench = {
      get server() {
        if (!server) throw new Error('the server has not started');
        return server;
      },
      get redis() {
        const [first] = clients;
        if (!first) throw new Error('the client is not connected');
        return first;
      },
      async connect() {
        const redis = connectRedis(bench.server.url);
        clients.push(redis);
        expect(await pingRedis(redis, '5s')).toEqual({ ok: true });
        return redis;
      },
    };
    beforeAll(async () => {
      if (!binary) return;
      server = await startRedis(binary);
      await bench.connect();
    });
    afterEach(async () => {
      const forever = await keysWithoutExpiry(bench.server.admin);
      await bench.server.admin.flushall();
      expect(forever).toEqual([]);
    });
    afterAll(async () => {
      for (const client of clients) client.disconnect();
      await server?.stop();
    });
    body(bench);
  });
}
