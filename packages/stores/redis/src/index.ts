export {
  type ConnectRedisOptions,
  type ConnectRedisSentinelOptions,
  connectRedis,
  connectRedisCluster,
  connectRedisSentinel,
} from './connect.js';
export type { RedisErrorCode } from './errors.js';
export type { CircuitOptions, CircuitState, CircuitTransition } from './internal/breaker.js';
export type { RedisClient } from './internal/call.js';
export type { RedisStoreOptions } from './internal/options.js';
export { redisLockoutStore } from './lockout-store.js';
export { redisMailBudget } from './mail-budget.js';
export { type RedisOneTimeStoreOptions, redisOneTimeStore } from './one-time-store.js';
export { redisPenaltyStore } from './penalty-store.js';
export { type PingableClient, type PingResult, pingRedis } from './ping.js';
export { type RedisRateLimitStoreOptions, redisRateLimitStore } from './rate-limit-store.js';
export { type RedisRefreshStoreOptions, redisRefreshStore } from './refresh-store.js';
export { type RedisRevocationsOptions, redisRevocations } from './revocations.js';
