import type { MailBudgetStore } from '@secapi/accounts';
import type { RedisClient } from './internal/call.js';
import { createKeyMaker } from './internal/keys.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import { createScript } from './internal/script.js';

/** The times of the mails that still count, in one string, written together with its expiry; `limit` of them at most. */
const takeLua = `
local now
if ARGV[1] == '' then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
else
  now = tonumber(ARGV[1])
end
local limit, window = tonumber(ARGV[2]), tonumber(ARGV[3])
local recent = {}
for at in string.gmatch(redis.call('GET', KEYS[1]) or '', '%d+') do
  if tonumber(at) > now - window then recent[#recent + 1] = at end
end
if #recent >= limit then return 0 end
recent[#recent + 1] = string.format('%.0f', now)
local left = window
if ARGV[1] ~= '' then left = left + 60000 end
redis.call('SET', KEYS[1], table.concat(recent, ' '), 'PX', string.format('%.0f', left))
return 1
`;

/**
 * How many mails an address was sent, in Redis, for `createAccounts` of `@secapi/accounts`. When Redis fails or is late, it rejects.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function redisMailBudget(redis: RedisClient, options: RedisStoreOptions = {}): MailBudgetStore {
  return mailBudget(redis, options, false);
}

/** @param byCaller tests set the clock: the caller's `now` decides instead of Redis's time */
export function mailBudget(
  redis: RedisClient,
  options: RedisStoreOptions,
  byCaller: boolean,
): MailBudgetStore {
  const deadline = checkStore('redisMailBudget', redis, options);
  const toKey = createKeyMaker('redisMailBudget', 'mails', options);
  const take = createScript(redis, deadline, takeLua);
  return {
    async take(key, limit, windowMs, now) {
      return (await take([toKey(key)], [byCaller ? now : '', limit, windowMs])) === 1;
    },
  };
}
