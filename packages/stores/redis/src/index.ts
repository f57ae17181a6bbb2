export { type ConnectRedisOptions, connectRedis } from './connect.js';
export type { RedisErrorCode } from './errors.js';
export type { RedisClient } from './internal/call.js';
export type { RedisStoreOptions } from './internal/options.js';
export { redisLockoutStore } from './lockout-store.js';
export { redisMailBudget } from './mail-budget.js';
export { type PingableClient, type PingResult, pingRedis } from './ping.js';
export { redisRateLimitStore } from './rate-limit-store.js';
export { type RedisRevocationsOptions, redisRevocations } from './revocations.js';
