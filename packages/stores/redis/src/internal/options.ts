import { ConfigError, checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';
import type { RedisClient } from './call.js';
import type { KeyOptions } from './keys.js';

/** Options that all stores have. */
export interface RedisStoreOptions extends KeyOptions {
  /**
   * How long one call may take.
   *
   * @default '250ms'
   */
  readonly deadline?: Duration;
}

/** Checks what all stores have in common, and gives the deadline in milliseconds. */
export function checkStore(
  where: string,
  redis: RedisClient,
  options: RedisStoreOptions,
  more: string[] = [],
): number {
  if (typeof redis?.call !== 'function') {
    throw new ConfigError(
      where,
      'got no client',
      "pass connectRedis('redis://…') or an ioredis client as the first argument",
    );
  }
  checkOptions(where, options, ['prefix', 'key', 'deadline', ...more]);
  return toMilliseconds(`${where}.deadline`, options.deadline ?? '250ms', { max: 60 });
}
