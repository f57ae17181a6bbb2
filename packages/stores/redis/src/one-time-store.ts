import { type Clock, checkNumber, SecapiError, systemClock } from '@secapi/kernel';
import type { OneTimeStore } from '@secapi/tokens';
import type { RedisClient } from './internal/call.js';
import { createSlotKeys } from './internal/keys.js';
import { fromLines, linesLua, ofTime, toLines, toText, toTime, unreadable } from './internal/lines.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import { createScript } from './internal/script.js';

/*
 * Two sorts of keys, all in one slot:
 * - `t:<token>` -> purpose, subject, binding (each in JSON, or empty) and end, one a line
 * - `o:<purpose and subject>` -> the names of its tokens, the oldest first; used ones among them are swept out by the next `put`
 */

/** KEYS: token, owner. ARGV: the token's record, milliseconds that it still lives, most tokens of an owner. */
const putLua = String.raw`${linesLua}
if redis.call('EXISTS', KEYS[1]) == 1 then return 'conflict' end
local left, most = tonumber(ARGV[2]), tonumber(ARGV[3])
local names = {}
for _, name in ipairs(names_in(KEYS[2])) do
  if redis.call('EXISTS', key_of('t', name)) == 1 then names[#names + 1] = name end
end
while #names >= most do redis.call('DEL', key_of('t', table.remove(names, 1))) end
names[#names + 1] = name_in(KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', keep(left))
redis.call('SET', KEYS[2], table.concat(names, '\n'), 'PX', keep_longer(KEYS[2], left))
return 'put'
`;

/** KEYS: token. ARGV: purpose. */
const takeLua = `${linesLua}
local value = redis.call('GET', KEYS[1])
if not value or fields_of(value, 4)[1] ~= ARGV[1] then return false end
redis.call('DEL', KEYS[1])
return value
`;

/** KEYS: owner. */
const dropLua = `${linesLua}
for _, name in ipairs(names_in(KEYS[1])) do redis.call('DEL', key_of('t', name)) end
redis.call('DEL', KEYS[1])
return 'dropped'
`;

/** Options of {@link redisOneTimeStore}. */
export interface RedisOneTimeStoreOptions extends RedisStoreOptions {
  /** Tokens of one subject and purpose at once; one more drops the oldest. @default 10 */
  readonly maxPerSubject?: number;
  /** Says how long a new token still lives, which Redis is told to clean up. @default systemClock */
  readonly now?: Clock;
}

/**
 * One-time tokens in Redis, for `createOneTimeTokens` of `@secapi/tokens`: each method is one script, so of any number of parallel uses in any
 * number of processes one succeeds. Whether a token is over is decided by the caller's time; Redis's own clock only cleans up, a day late.
 *
 * Redis sees pseudonyms of tokens, and no token. When Redis fails or is late, calls reject; a use whose answer was lost has used the token up.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function redisOneTimeStore(redis: RedisClient, options: RedisOneTimeStoreOptions = {}): OneTimeStore {
  const where = 'redisOneTimeStore';
  const deadline = checkStore(where, redis, options, ['maxPerSubject', 'now']);
  const { now: clock = systemClock } = options;
  const maxPerSubject = checkNumber(`${where}.maxPerSubject`, options.maxPerSubject ?? 10, {
    min: 1,
    max: 1_000,
  });
  const keyOf = createSlotKeys(where, 'once', options);
  const tokenKey = (digest: string): string => keyOf('t', digest);
  // In JSON, so that no purpose and subject can be put together to look like another pair.
  const ownerKey = (purpose: string, subject: string): string =>
    keyOf('o', JSON.stringify([purpose, subject]));
  const put = createScript(redis, deadline, putLua);
  const take = createScript(redis, deadline, takeLua);
  const drop = createScript(redis, deadline, dropLua);

  return {
    async put({ digest, purpose, subject, binding, expiresAt }) {
      const record = toLines([
        ...[purpose, subject].map((text) => JSON.stringify(text)),
        binding === undefined ? '' : JSON.stringify(binding),
        ofTime('oneTime.expiresAt', expiresAt),
      ]);
      const left = Math.max(0, Math.ceil(expiresAt - clock()));
      const answer = await put([tokenKey(digest), ownerKey(purpose, subject)], [record, left, maxPerSubject]);
      if (answer === 'conflict') {
        throw new SecapiError('TOKEN_STORE_CONFLICT', 'the one-time store has this digest already');
      }
      if (answer !== 'put') throw unreadable();
    },
    async take(digest, purpose, now) {
      const value = await take([tokenKey(digest)], [JSON.stringify(purpose)]);
      if (value === null) return undefined;
      const [, subject, binding, end] = fromLines(value, 4);
      const expiresAt = toTime(end);
      if (expiresAt <= now) return undefined;
      return {
        digest,
        purpose,
        subject: toText(subject),
        ...(binding === '' ? {} : { binding: toText(binding) }),
        expiresAt,
      };
    },
    async drop(purpose, subject) {
      if ((await drop([ownerKey(purpose, subject)], [])) !== 'dropped') throw unreadable();
    },
  };
}
