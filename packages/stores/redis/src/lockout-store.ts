import type { LockoutPolicy, LockoutStore, LockoutVerdict } from '@secapi/accounts';
import { SecapiError } from '@secapi/kernel';
import type { RedisErrorCode } from './errors.js';
import { callRedis, type RedisClient } from './internal/call.js';
import { createKeyMaker } from './internal/keys.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import { createScript } from './internal/script.js';

/** A key's state is one string, `failures lockedUntil forgetAt`, written together with its expiry. */
const attemptLua = `
local now
if ARGV[1] == '' then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
else
  now = tonumber(ARGV[1])
end
local limit, window, base, most = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local failures, locked_until = 0, 0
local value = redis.call('GET', KEYS[1])
if value then
  local f, l, forget_at = string.match(value, '^(%d+) (%d+) (%d+)$')
  if tonumber(forget_at) > now then failures, locked_until = tonumber(f), tonumber(l) end
end
local allowed = locked_until <= now
if not (allowed and ARGV[6] == '1') then
  failures = failures + 1
  if allowed and failures >= limit then
    locked_until = now + math.floor(math.min(most, base * 2 ^ math.min(failures - limit, 40)))
  end
  local left = math.max(now, locked_until) + window - now
  local state = string.format('%.0f %.0f %.0f', failures, locked_until, now + left)
  if ARGV[1] ~= '' then left = left + 60000 end
  redis.call('SET', KEYS[1], state, 'PX', string.format('%.0f', left))
end
return { allowed and 1 or 0, failures, math.max(0, locked_until - now) }
`;

/**
 * Failed sign-ins in Redis, for `createAccounts` of `@secapi/accounts`: counted exactly over any number of processes, times by
 * Redis's own clock.
 *
 * When Redis fails or is late, its calls reject: nobody gets in uncounted.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function redisLockoutStore(redis: RedisClient, options: RedisStoreOptions = {}): LockoutStore {
  return lockoutStore(redis, options, false);
}

/** @param byCaller tests set the clock: the caller's `now` decides instead of Redis's time */
export function lockoutStore(
  redis: RedisClient,
  options: RedisStoreOptions,
  byCaller: boolean,
): LockoutStore {
  const deadline = checkStore('redisLockoutStore', redis, options);
  const toKey = createKeyMaker('redisLockoutStore', 'lockout', options);
  const attempt = createScript(redis, deadline, attemptLua);

  async function forget(key: string): Promise<void> {
    await callRedis(redis, deadline, 'DEL', [toKey(key)]);
  }

  return {
    async attempt(key: string, policy: LockoutPolicy, now: number, correct = false) {
      const { limit, windowMs, baseDelayMs, maxDelayMs } = policy;
      const args = [byCaller ? now : '', limit, windowMs, baseDelayMs, maxDelayMs, correct ? 1 : 0];
      return toVerdict(await attempt([toKey(key)], args), now);
    },
    succeed: forget,
    clear: forget,
  };
}

/** Redis tells how long a lock still lasts; its end is told by the caller's clock. */
function toVerdict(answer: unknown, now: number): LockoutVerdict {
  if (!Array.isArray(answer) || answer.length !== 3 || !answer.every((value) => typeof value === 'number')) {
    throw new SecapiError<RedisErrorCode>('REDIS_FAILED', 'redis gave an answer that can’t be read');
  }
  const [allowed, failures, lockedMs] = answer as [number, number, number]; // just checked
  const verdict = { allowed: allowed === 1, failures };
  return lockedMs > 0 ? { ...verdict, lockedUntil: now + lockedMs } : verdict;
}
