import { describe, expect, it } from 'vitest';
import {
  connectRedis,
  redisLockoutStore,
  redisMailBudget,
  redisRateLimitStore,
  redisRevocations,
} from '../src/index.js';

const client = { call: async () => null };
const stores = [
  ['redisRateLimitStore', redisRateLimitStore],
  ['redisLockoutStore', redisLockoutStore],
  ['redisRevocations', redisRevocations],
  ['redisMailBudget', redisMailBudget],
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
