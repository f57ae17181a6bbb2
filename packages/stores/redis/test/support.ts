import type { Cluster, Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import {
  type RedisCluster,
  type RedisOptions,
  type RedisServer,
  startRedis,
  startRedisCluster,
} from '../../../../scripts/redis.mjs';
import { connectRedis, connectRedisCluster, type PingableClient, pingRedis } from '../src/index.js';

/*
 * Each block of tests gets a redis-server of its own, on a free port of the loopback: a shared one once made two files flush each other's
 * keys.
 */

/** A private server and a connection that has nothing to do with the code under test. */
export interface TestServer extends RedisServer {
  /** An ordinary client, for looking behind the scenes. */
  readonly admin: Redis;
}

/** What a block of tests works with; read the properties inside tests only. */
export interface Bench {
  readonly server: TestServer;
  readonly redis: Redis;
  /** One more client, as another process has it. */
  connect(): Promise<Redis>;
}

/** A block of tests with a private server. After each test, no key without an expiry may be left; then everything is flushed. */
export function describeWithRedis(title: string, body: (bench: Bench) => void, options?: RedisOptions): void {
  describe(title, async () => {
    const started = await startRedis(options);
    describe.skipIf(started.skipped !== undefined)('on a server', () => {
      if (started.skipped !== undefined) return;
      // Connected in the hooks, which don't run where all tests are filtered out: an open connection would keep this process alive.
      const clients: Redis[] = [];
      const clientAt = (index: number): Redis => {
        const client = clients[index];
        if (!client) throw new Error('the client is not connected');
        return client;
      };
      const connect = async (commandTimeout: '1s' | '30s' = '1s'): Promise<Redis> => {
        const redis = connectRedis(started.url, { commandTimeout });
        clients.push(redis);
        expect(await pingRedis(redis, '5s')).toEqual({ ok: true });
        return redis;
      };
      const bench: Bench = {
        server: {
          ...started,
          get admin() {
            return clientAt(0);
          },
        },
        get redis() {
          return clientAt(1);
        },
        connect,
      };
      beforeAll(async () => {
        await connect('30s');
        await connect();
      });
      afterEach(async () => {
        const { admin } = bench.server;
        await pingRedis(admin, '10s');
        const forever = await keysWithoutExpiry(admin);
        await admin.flushall();
        expect(forever).toEqual([]);
      });
      afterAll(async () => {
        for (const client of clients) client.disconnect();
        await started.stop();
      });
      body(bench);
    });
  });
}

/** A client of one kind of Redis, and how what it holds is looked at and thrown away. */
export interface StoreBench {
  readonly client: PingableClient;
  /** Its server, or the masters of its cluster. */
  readonly servers: readonly RedisServer[];
  flush(): Promise<void>;
}

/** The same block of tests on a single server and on a cluster of three masters, with the same invariant of expiry. */
export function describeOnBoth(title: string, body: (bench: StoreBench) => void): void {
  describeWithRedis(title, (bench) => {
    body({
      get client() {
        return bench.redis;
      },
      servers: [bench.server],
      flush: async () => void (await bench.server.admin.flushall()),
    });
  });
  describe(title, async () => {
    const started = await startRedisCluster();
    describe.skipIf(started.skipped !== undefined)('on a cluster', () => {
      if (started.skipped === undefined) onCluster(started, body);
    });
  });
}

function onCluster(started: RedisCluster, body: (bench: StoreBench) => void): void {
  let client: Cluster | undefined;
  const admins: Redis[] = [];
  const flush = async (): Promise<void> => void (await Promise.all(admins.map((admin) => admin.flushall())));
  beforeAll(async () => {
    client = connectRedisCluster(started.nodes.map(({ url }) => url));
    for (const { url } of started.nodes) admins.push(connectRedis(url, { commandTimeout: '30s' }));
    for (const each of [client, ...admins]) expect(await pingRedis(each, '10s')).toEqual({ ok: true });
  });
  afterEach(async () => {
    const forever = (await Promise.all(admins.map(keysWithoutExpiry))).flat();
    await flush();
    expect(forever).toEqual([]);
  });
  afterAll(async () => {
    client?.disconnect();
    for (const admin of admins) admin.disconnect();
    await started.stop();
  });
  body({
    get client() {
      if (!client) throw new Error('the client is not connected');
      return client;
    },
    servers: started.nodes,
    flush,
  });
}

/** Every key of the server but the list of processes, which a store of limits keeps by itself. */
export async function storedKeys(admin: Redis): Promise<string[]> {
  return (await admin.keys('*')).filter((key) => !key.endsWith(':processes'));
}

/** Every key of the server that would stay for ever. */
export async function keysWithoutExpiry(admin: Redis): Promise<string[]> {
  const keys = await admin.keys('*');
  const left = await Promise.all(keys.map((key) => admin.pttl(key)));
  return keys.filter((_, i) => left[i] === -1);
}

/** Every key with its value, whatever its type is. */
export async function stateOf(admin: Redis): Promise<string[]> {
  const keys = (await admin.keys('*')).sort();
  return Promise.all(
    keys.map(async (key) => {
      const value =
        (await admin.type(key)) === 'list' ? await admin.lrange(key, 0, -1) : await admin.get(key);
      return `${key} = ${value}`;
    }),
  );
}
