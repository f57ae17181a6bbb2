import { ConfigError, SecapiError } from '@secapi/kernel';
import type { LimitEntry, LimitState, RateLimitStore } from '@secapi/rate-limit';
import type { RedisErrorCode } from './errors.js';
import { callRedis, type RedisClient } from './internal/call.js';
import { createKeyMaker } from './internal/keys.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import { createScript } from './internal/script.js';
import { windowLua } from './internal/window-lua.js';

const consumeLua = `${windowLua}
local counters, slid, states, refused = {}, {}, {}, false
for i, key in ipairs(KEYS) do
  local limit, window, cost = tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3]), tonumber(ARGV[i * 3 + 1])
  local counter = counters[key]
  if not counter then
    counter = read(key, window)
    counters[key] = counter
    slid[key] = { start = counter.start, previous = counter.previous, current = counter.current }
  end
  local elapsed = now - counter.start
  local used = counter.current + weigh(counter.previous, window, elapsed)
  if used + cost <= limit then
    counter.current = counter.current + cost
    states[i] = { 1, limit - used - cost, wait_until(counter.previous, counter.current, window, elapsed, used + cost - 1), 0, now }
  else
    refused = true
    local wait = window
    if cost <= limit then wait = wait_until(counter.previous, counter.current, window, elapsed, limit - cost) end
    states[i] = { 0, math.max(0, limit - used), wait, wait, now }
  end
end
for i, key in ipairs(KEYS) do
  local limit, window = tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3])
  if not refused then
    write(key, window, counters[key])
  elseif states[i][1] == 1 then
    local counter = slid[key]
    local elapsed = now - counter.start
    local used = counter.current + weigh(counter.previous, window, elapsed)
    local reset = 0
    if used > 0 then reset = wait_until(counter.previous, counter.current, window, elapsed, used - 1) end
    states[i] = { 1, math.max(0, limit - used), reset, 0, now }
  end
end
return states
`;

const refundLua = `${windowLua}
for i, key in ipairs(KEYS) do
  local window, cost, at = tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3]), tonumber(ARGV[i * 3 + 1])
  local counter = read(key, window)
  if at >= counter.start then
    counter.current = math.max(0, counter.current - cost)
  elseif at >= counter.start - window then
    counter.previous = math.max(0, counter.previous - cost)
  end
  write(key, window, counter)
end
`;

/**
 * Rate limit counters in Redis, for `createRateLimiter` of `@secapi/rate-limit`: exact over any number of processes, all limits of a
 * request in one script call, times by Redis's own clock.
 *
 * When Redis fails or is late, its calls reject; the limiter's `whenStoreFails` says what then happens.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function redisRateLimitStore(redis: RedisClient, options: RedisStoreOptions = {}): RateLimitStore {
  return rateLimitStore(redis, options, false);
}

/** @param byCaller tests set the clock: the caller's `now` decides instead of Redis's time */
export function rateLimitStore(
  redis: RedisClient,
  options: RedisStoreOptions,
  byCaller: boolean,
): RateLimitStore {
  const deadline = checkStore('redisRateLimitStore', redis, options);
  if (redis.isCluster === true) {
    // The counters of one request are decided together, and lie in several slots.
    throw new ConfigError('redisRateLimitStore', 'can’t use a Cluster', 'pass a client of a single Redis');
  }
  const toKey = createKeyMaker('redisRateLimitStore', 'limit', options);
  const consume = createScript(redis, deadline, consumeLua);
  const refund = createScript(redis, deadline, refundLua);
  const clock = (now: number): number | '' => (byCaller ? now : '');

  return {
    async consume(entries, now) {
      if (entries.length === 0) return [];
      const keys = entries.map((entry) => toKey(entry.key));
      const args = entries.flatMap(({ limit, windowMs, cost }) => [limit, windowMs, cost]);
      return toStates(await consume(keys, [clock(now), ...args]), entries);
    },
    async refund(entries, now) {
      if (entries.length === 0) return;
      const keys = entries.map((entry) => toKey(entry.key));
      const args = entries.flatMap(({ windowMs, cost, at }) => [windowMs, cost, at]);
      await refund(keys, [clock(now), ...args]);
    },
    async reset(keys) {
      if (keys.length === 0) return;
      await callRedis(redis, deadline, 'DEL', keys.map(toKey));
    },
  };
}

function toStates(answer: unknown, entries: readonly LimitEntry[]): LimitState[] {
  const rows: unknown[] = Array.isArray(answer) ? answer : [];
  return entries.map(({ key }, i) => {
    const row: unknown = rows[i];
    if (!Array.isArray(row) || row.length !== 5 || !row.every((value) => typeof value === 'number')) {
      throw new SecapiError<RedisErrorCode>('REDIS_FAILED', 'redis gave an answer that can’t be read');
    }
    const [allowed, remaining, resetMs, retryAfterMs, at] = row as [number, number, number, number, number]; // just checked
    return { allowed: allowed === 1, remaining, resetMs, retryAfterMs, at, counter: key };
  });
}
