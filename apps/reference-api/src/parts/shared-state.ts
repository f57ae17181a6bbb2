import type { LockoutOptions, MailBudgetOptions } from '@secapi/accounts';
import type { Log } from '@secapi/audit';
import type { RecommendedOptions } from '@secapi/core';
import { SecapiError } from '@secapi/kernel';
import {
  pingRedis,
  redisLockoutStore,
  redisMailBudget,
  redisRateLimitStore,
  redisRevocations,
} from '@secapi/redis';
import type { RevocationStore } from '@secapi/tokens';
import type { Config } from '../config.js';
import type { HealthCheck } from '../routes/system.js';
import { connect } from './redis-client.js';
import type { AppSecrets } from './secrets.js';

/** What expires: in Redis, shared by all processes, or without one in this process and the database. */
export interface SharedState {
  readonly limits: NonNullable<RecommendedOptions['stores']>['limits'];
  readonly lockout: Pick<LockoutOptions, 'store'>;
  readonly mailBudget: { readonly mailBudget?: MailBudgetOptions };
  readonly revocations: RevocationStore;
  readonly checks: readonly HealthCheck[];
  close(): Promise<void>;
}

/** @throws SecapiError `REDIS_UNREACHABLE` when the Redis that is named can't be reached */
export async function openShared(
  config: Config,
  secrets: AppSecrets,
  log: Log,
  inDatabase: () => Promise<RevocationStore>,
): Promise<SharedState> {
  if (!config.redis) {
    const revocations = await inDatabase();
    return { limits: undefined, lockout: {}, mailBudget: {}, revocations, checks: [], close: async () => {} };
  }
  const redis = connect(config.redis, (error) => log.warn('Redis is out of reach', { error }));
  if (!(await pingRedis(redis, '3s')).ok) {
    redis.disconnect();
    throw new SecapiError('REDIS_UNREACHABLE', 'REDIS_URL names a Redis that does not answer');
  }
  // Longer than the stores' own: a busy event loop must not look like a Redis that is down.
  const options = { key: secrets.limitKey, deadline: '1s' } as const;
  return {
    limits: redisRateLimitStore(redis, {
      ...options,
      circuit: {
        lateAfter: options.deadline,
        onTransition: (transition) => log.warn('limits ask Redis no more, or again', transition),
      },
    }),
    lockout: { store: redisLockoutStore(redis, options) },
    mailBudget: { mailBudget: { store: redisMailBudget(redis, options) } },
    revocations: redisRevocations(redis, options),
    checks: [['redis', async () => (await pingRedis(redis, '1s')).ok]],
    async close() {
      redis.disconnect();
    },
  };
}
