import { type Clock, ConfigError, checkNumber, systemClock } from '@secapi/kernel';
import type { AccessClaims, RevocationEntry, RevocationStore } from '@secapi/tokens';
import { callRedis, type RedisClient } from './internal/call.js';
import { createKeyMaker } from './internal/keys.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import { createScript } from './internal/script.js';

/** A revocation is one string, `at until`, both the latest that were ever told; ARGV: at, until, milliseconds to keep it. */
const revokeLua = `
local at, stop, left = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local value = redis.call('GET', KEYS[1])
if value then
  local a, u = string.match(value, '^(%d+) (%d+)$')
  at = math.max(at, tonumber(a))
  stop = math.max(stop, tonumber(u))
  left = math.max(left, redis.call('PTTL', KEYS[1]))
end
redis.call('SET', KEYS[1], string.format('%.0f %.0f', at, stop), 'PX', string.format('%.0f', left))
`;

/** Kept so much longer than it holds: the clocks of processes differ. */
const spareMs = 600_000;
const latest = 8_640_000_000_000_000; // the last time that a Date can hold

/** Options of {@link redisRevocations}. */
export interface RedisRevocationsOptions extends RedisStoreOptions {
  /** @default systemClock */
  readonly now?: Clock;
}

/**
 * Revoked access tokens in Redis, for the verifiers of `@secapi/tokens`: what one process revokes, every other one refuses at once.
 *
 * Each question is one round trip. When Redis fails or is late, it rejects, and the verifier lets nothing through.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function redisRevocations(redis: RedisClient, options: RedisRevocationsOptions = {}): RevocationStore {
  const deadline = checkStore('redisRevocations', redis, options, ['now']);
  const { now = systemClock } = options;
  const toKey = createKeyMaker('redisRevocations', 'revoked', options);
  const keyOf = (kind: RevocationEntry['kind'], id: string): string => toKey(`${kind} ${id}`);
  const revoke = createScript(redis, deadline, revokeLua);
  // In a cluster the three lie in three slots; each stands for itself, so they may be read apart, all at once.
  const read = (keys: string[]): Promise<unknown> =>
    redis.isCluster === true
      ? Promise.all(keys.map((key) => callRedis(redis, deadline, 'GET', [key])))
      : callRedis(redis, deadline, 'MGET', keys);

  return {
    async revoke(entry) {
      const { kind, id } = entry;
      if (!['token', 'session', 'subject'].includes(kind) || typeof id !== 'string' || id === '') {
        throw new ConfigError(
          'revocation',
          'names nobody',
          "use kind 'token', 'session' or 'subject' and its id",
        );
      }
      const at = Math.ceil(checkNumber('revocation.at', entry.at, { min: 0, max: latest, fraction: true }));
      const until = Math.ceil(
        checkNumber('revocation.until', entry.until, { min: 0, max: latest, fraction: true }),
      );
      await revoke([keyOf(kind, id)], [at, until, Math.max(0, until - Math.floor(now())) + spareMs]);
    },
    async isRevoked({ jti, sid, sub, iat }: Pick<AccessClaims, 'jti' | 'sid' | 'sub' | 'iat'>) {
      const keys = [keyOf('token', jti), keyOf('session', sid), keyOf('subject', sub)];
      const answer = await read(keys);
      if (!Array.isArray(answer) || answer.length !== keys.length) return true;
      const time = now();
      const [token, session, subject] = answer.map((value: unknown) => inForce(value, time));
      if (token !== undefined || session !== undefined) return true;
      return subject !== undefined && Math.round(iat * 1_000) <= subject;
    },
  };
}

/** The time of a revocation that still holds. What can't be read holds for everything. */
function inForce(value: unknown, time: number): number | undefined {
  if (value === null) return undefined;
  const match = typeof value === 'string' ? /^(\d{1,16}) (\d{1,16})$/.exec(value) : null;
  if (!match) return latest;
  return Number(match[2]) > time ? Number(match[1]) : undefined;
}
