import { connectRedis, connectRedisCluster, connectRedisSentinel } from '@secapi/redis';
import type { RedisConfig } from '../redis-config.js';

/** Connects to the Redis that is configured; nothing waits for it here. */
export function connect(
  redis: RedisConfig,
  onError: (error: Error) => void,
): ReturnType<typeof connectRedis | typeof connectRedisCluster> {
  const options = { onError, ...(redis.ca === undefined ? {} : { tls: { ca: redis.ca } }) };
  if (redis.kind === 'server') return connectRedis(redis.url, options);
  if (redis.kind === 'cluster') return connectRedisCluster(redis.urls, options);
  const { name, username, password } = redis;
  return connectRedisSentinel(redis.urls, {
    ...options,
    name,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
}
