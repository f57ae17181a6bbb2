import { expect, it } from 'vitest';
import * as redis from '../src/index.js';

it('exports these names and no other', () => {
  expect(Object.keys(redis).sort()).toEqual([
    'connectRedis',
    'connectRedisCluster',
    'connectRedisSentinel',
    'pingRedis',
    'redisLockoutStore',
    'redisMailBudget',
    'redisOneTimeStore',
    'redisPenaltyStore',
    'redisRateLimitStore',
    'redisRefreshStore',
    'redisRevocations',
  ]);
});
