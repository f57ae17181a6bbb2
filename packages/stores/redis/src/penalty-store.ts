import type { Penalty, PenaltyBounds, PenaltyStore } from '@secapi/rate-limit';
import { callRedis, type RedisClient } from './internal/call.js';
import { createKeyMaker } from './internal/keys.js';
import { unreadable } from './internal/lines.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import { createScript } from './internal/script.js';

/**
 * The penalties of `@secapi/rate-limit`, line for line, in Lua. A state is one string, `offences last until`, written together with its expiry.
 *
 * ARGV: the clock (empty for Redis's own), whether an offence is counted, then the bounds.
 */
const penaltyLua = `
local now
if ARGV[1] == '' then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
else
  now = tonumber(ARGV[1])
end
local delay_after, delay, max_delay = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local ban_after, ban, growth, max_ban, forget = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])

local function grown(first, factor, times, most)
  return math.min(most, math.floor(first * factor ^ math.max(0, times) + 0.5))
end

local offences, last, stop = 0, 0, 0
local value = redis.call('GET', KEYS[1])
if value then
  local o, l, u = string.match(value, '^(%d+) (%d+) (%d+)$')
  o, l, u = tonumber(o), math.min(tonumber(l), now), tonumber(u)
  u = math.min(u, now + grown(ban, growth, o - ban_after, max_ban))
  if math.max(l, u) + forget > now then offences, last, stop = o, l, u end
end
if ARGV[2] == '1' and stop <= now then
  offences, last, stop = offences + 1, now, 0
  if offences >= ban_after then stop = now + grown(ban, growth, offences - ban_after, max_ban) end
  local left = math.max(last, stop) + forget - now
  if ARGV[1] ~= '' then left = left + 60000 end
  redis.call('SET', KEYS[1], string.format('%.0f %.0f %.0f', offences, last, stop), 'PX', string.format('%.0f', left))
end
if stop > now then return { stop - now, 0 } end
if offences < delay_after then return { 0, 0 } end
return { 0, grown(delay, 2, offences - delay_after, max_delay) }
`;

/**
 * Offences in Redis, for `createPenalties` of `@secapi/rate-limit`: counted over any number of processes, times by Redis's own clock.
 *
 * When Redis fails or is late, its calls reject: the penalties then count in the process's own memory.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function redisPenaltyStore(redis: RedisClient, options: RedisStoreOptions = {}): PenaltyStore {
  return penaltyStore(redis, options, false);
}

/** @param byCaller tests set the clock: the caller's `now` decides instead of Redis's time */
export function penaltyStore(
  redis: RedisClient,
  options: RedisStoreOptions,
  byCaller: boolean,
): PenaltyStore {
  const deadline = checkStore('redisPenaltyStore', redis, options);
  const toKey = createKeyMaker('redisPenaltyStore', 'penalty', options);
  const run = createScript(redis, deadline, penaltyLua);

  async function ask(key: string, bounds: PenaltyBounds, now: number, offence: boolean): Promise<Penalty> {
    const { delayAfter, delayMs, maxDelayMs, banAfter, banMs, growth, maxBanMs, forgetMs } = bounds;
    const times = [delayAfter, delayMs, maxDelayMs, banAfter, banMs, growth, maxBanMs, forgetMs];
    const answer = await run([toKey(key)], [byCaller ? now : '', offence ? 1 : 0, ...times]);
    const [retryAfterMs, wait]: unknown[] = Array.isArray(answer) ? answer : [];
    if (typeof retryAfterMs !== 'number' || typeof wait !== 'number') throw unreadable();
    return { banned: retryAfterMs > 0, retryAfterMs, delayMs: wait };
  }

  return {
    check: (key, bounds, now) => ask(key, bounds, now, false),
    offend: (key, bounds, now) => ask(key, bounds, now, true),
    async pardon(key) {
      await callRedis(redis, deadline, 'DEL', [toKey(key)]);
    },
  };
}
