import { describe, expect, it } from 'vitest';
import {
  connectRedis,
  connectRedisCluster,
  connectRedisSentinel,
  redisLockoutStore,
  redisMailBudget,
  redisOneTimeStore,
  redisRateLimitStore,
  redisRefreshStore,
  redisRevocations,
} from '../src/index.js';

const client = { call: async () => null };
const stores = [
  ['redisRateLimitStore', redisRateLimitStore],
  ['redisLockoutStore', redisLockoutStore],
  ['redisRevocations', redisRevocations],
  ['redisMailBudget', redisMailBudget],
  ['redisRefreshStore', redisRefreshStore],
  ['redisOneTimeStore', redisOneTimeStore],
] as const;

describe.each(stores)('the options of %s', (name, create) => {
  it.each([
    [{ prefix: '' }, 'prefix'],
    [{ prefix: 'a b' }, 'prefix'],
    [{ prefix: 'a{b}' }, 'prefix'],
    [{ key: new Uint8Array(16) }, 'key'],
    [{ key: 'secret' }, 'key'],
    [{ deadline: 0 }, 'deadline'],
    [{ deadline: Number.NaN }, 'deadline'],
    [{ deadLine: 1 }, 'deadLine'],
  ])('refuse %j', (options, where) => {
    expect(() => create(client, options as object)).toThrow(`${name}.${where}`);
  });

  it('need a client', () => {
    expect(() => create('redis://127.0.0.1' as never)).toThrow('connectRedis');
    expect(() => create(undefined as never)).toThrow('connectRedis');
    expect(() => create(client)).not.toThrow();
  });
});

describe('the bounds of sessions and one-time tokens', () => {
  it.each([
    () => redisRefreshStore(client, { maxPerSubject: 0 }),
    () => redisRefreshStore(client, { maxPerSubject: 1_001 }),
    () => redisRefreshStore(client, { maxPerFamily: 1 }),
    () => redisRefreshStore(client, { maxPerFamily: Number.POSITIVE_INFINITY }),
    () => redisOneTimeStore(client, { maxPerSubject: 1.5 }),
  ])('refuse what is out of them: %s', (create) => {
    expect(create).toThrow(/maxPer/);
  });
});

describe('the options of limits alone', () => {
  it.each([
    [{ rememberBlocked: 0 }, 'rememberBlocked'],
    [{ rememberBlocked: '2m' }, 'rememberBlocked'],
    [{ circuit: { failures: 0 } }, 'circuit.failures'],
    [{ circuit: { lateAfter: '-1s' } }, 'circuit.lateAfter'],
    [{ circuit: { probeEvery: Number.NaN } }, 'circuit.probeEvery'],
    [{ circuit: { onTransition: 'log' } }, 'circuit.onTransition'],
    [{ circuit: { onTransitions: () => {} } }, 'onTransitions'],
  ])('refuse %j', (options, where) => {
    expect(() => redisRateLimitStore(client, options as object)).toThrow(where);
  });
});

describe('a cluster', () => {
  it('is taken by every store', () => {
    const cluster = { ...client, isCluster: true };
    for (const [, create] of stores) expect(() => create(cluster)).not.toThrow();
  });
});

describe('the URL', () => {
  it.each(['', 'localhost:6379', 'http://127.0.0.1:6379', 'redis://', '/tmp/redis.sock', undefined])(
    '%s is refused',
    (url) => {
      expect(() => connectRedis(url as string)).toThrow('connectRedis.url');
    },
  );

  it('is never repeated: it may hold a password', () => {
    expect(() => connectRedis('http://ada:canary@127.0.0.1')).toThrow(
      expect.not.objectContaining({ message: /canary/ }),
    );
  });
});

describe('the nodes of a cluster or the sentinels', () => {
  it.each([
    [[]],
    ['redis://127.0.0.1'],
    [['redis://127.0.0.1', 'http://127.0.0.1']],
    [['redis://127.0.0.1', 'rediss://127.0.0.1']],
    [['redis://ada:canary@127.0.0.1', 'redis://127.0.0.1']],
    [['redis://ada:%canary@127.0.0.1']],
    [undefined],
  ])('%j are refused, and not repeated', (urls) => {
    for (const connect of [
      () => connectRedisCluster(urls as string[]),
      () => connectRedisSentinel(urls as string[], { name: 'primary' }),
    ]) {
      expect(connect).toThrow(/^connectRedis\w+\.urls/);
      expect(connect).not.toThrow(/canary/);
    }
  });

  it('need what belongs to them, and take nothing else', () => {
    const urls = ['redis://127.0.0.1:1'];
    expect(() => connectRedisSentinel(urls, {} as never)).toThrow('connectRedisSentinel.name');
    expect(() => connectRedisSentinel(urls, { name: 'a', database: -1 })).toThrow('database');
    expect(() => connectRedisCluster(urls, { name: 'a' } as never)).toThrow('name');
    for (const connect of [
      () => connectRedis('redis://127.0.0.1:1', { tls: {} }),
      () => connectRedisCluster(urls, { tls: {} }),
      () => connectRedisSentinel(urls, { name: 'a', tls: {} }),
    ])
      expect(connect).toThrow('rediss://');
  });
});
