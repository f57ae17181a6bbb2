import { type RedisClient, redisOneTimeStore, redisRefreshStore, redisRevocations } from '../src/index.js';
import { lockoutStore } from '../src/lockout-store.js';
import { mailBudget } from '../src/mail-budget.js';
import { rateLimitStore } from '../src/rate-limit-store.js';

/** The time of the tests: the same calls make the same state. */
export const start = 1_800_000_000_000;
const ada = 'ada@example.com';
const day = 86_400_000;
const policy = { limit: 3, windowMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 3_600_000 };
const entry = { key: ada, limit: 5, windowMs: 3_600_000, cost: 1 };

/** All stores over one client, by the tests' own clock. */
export function storesOver(redis: RedisClient, deadline: '100ms' | '5s') {
  const options = { deadline };
  const now = (): number => start;
  return {
    refresh: redisRefreshStore(redis, options),
    once: redisOneTimeStore(redis, { ...options, now }),
    revocations: redisRevocations(redis, { ...options, now }),
    lockouts: lockoutStore(redis, options, true),
    mails: mailBudget(redis, options, true),
    limits: rateLimitStore(redis, options, true),
  };
}
export type Stores = ReturnType<typeof storesOver>;

function familyOf(id: string) {
  const times = {
    createdAt: start,
    lastUsedAt: start,
    expiresAt: start + day,
    absoluteExpiresAt: start + 9 * day,
  };
  return { id, subject: ada, device: {}, ...times };
}

const record = { digest: 'o', purpose: 'reset', subject: ada, expiresAt: start + day };

function turn(digest: string, nextDigest: string, now: number) {
  return { digest, nextDigest, salt: 's', now, graceMs: 5_000, idleMs: day };
}

/** Something of everything, so that each operation has something to change and something to leave alone. */
export async function prepare({
  refresh,
  once,
  revocations,
  lockouts,
  mails,
  limits,
}: Stores): Promise<void> {
  for (const id of ['f', 'g']) await refresh.create(familyOf(id), `${id}0`);
  await refresh.rotate(turn('f0', 'f1', start + 1));
  await once.put(record);
  await revocations.revoke({ kind: 'subject', id: ada, at: start, until: start + day });
  await lockouts.attempt(ada, policy, start);
  await mails.take(ada, 3, 3_600_000, start);
  await limits.consume([entry], start);
}

/** Each operation that changes something. */
export const changes: readonly [name: string, run: (stores: Stores) => unknown][] = [
  ['refresh.create', ({ refresh }) => refresh.create(familyOf('h'), 'h0')],
  ['refresh.rotate, rotated', ({ refresh }) => refresh.rotate(turn('f1', 'f2', start + 2))],
  ['refresh.rotate, reused', ({ refresh }) => refresh.rotate(turn('f0', 'f9', start + 10_000))],
  ['refresh.revoke', ({ refresh }) => refresh.revoke('f', start + 2)],
  ['refresh.revokeAll', ({ refresh }) => refresh.revokeAll(ada, start + 2)],
  ['once.put', ({ once }) => once.put({ ...record, digest: 'p' })],
  ['once.take', ({ once }) => once.take('o', 'reset', start)],
  ['once.drop', ({ once }) => once.drop('reset', ada)],
  [
    'revocations.revoke',
    ({ revocations }) =>
      revocations.revoke({ kind: 'subject', id: ada, at: start + 5, until: start + 2 * day }),
  ],
  ['lockouts.attempt', ({ lockouts }) => lockouts.attempt(ada, policy, start + 1)],
  ['lockouts.clear', ({ lockouts }) => lockouts.clear(ada)],
  ['mails.take', ({ mails }) => mails.take(ada, 3, 3_600_000, start + 1)],
  ['limits.consume', ({ limits }) => limits.consume([entry, { ...entry, key: 'b' }], start + 1)],
  ['limits.refund', ({ limits }) => limits.refund([{ ...entry, at: start }], start + 1)],
  ['limits.reset', ({ limits }) => limits.reset([ada])],
];

/** Each operation that changes nothing. */
export const reads: readonly [name: string, run: (stores: Stores) => unknown][] = [
  ['refresh.rotate, unknown', ({ refresh }) => refresh.rotate(turn('x', 'x1', start))],
  ['refresh.list', ({ refresh }) => refresh.list(ada, start)],
  ['refresh.find', ({ refresh }) => refresh.find('f')],
  ['once.take, nothing', ({ once }) => once.take('x', 'reset', start)],
  [
    'revocations.isRevoked',
    ({ revocations }) => revocations.isRevoked({ jti: 't', sid: 's', sub: ada, iat: start / 1_000 }),
  ],
];
