import {
  memoryKeyStore,
  memoryOneTimeStore,
  memoryRefreshStore,
  memoryRevocations,
  type OneTimeStore,
  type RefreshStore,
  type RevocationStore,
} from '@secapi/tokens';
import { describe, expect, it } from 'vitest';
import { describeSessionModel, type SessionStores } from '../src/index.js';

const inMemory = (now: () => number): SessionStores => ({
  refresh: memoryRefreshStore(),
  revocations: memoryRevocations({ now }),
  oneTime: memoryOneTimeStore(),
  keys: memoryKeyStore(),
  close: async () => {},
});

describeSessionModel({ name: 'memory', stores: async (now) => inMemory(now) }, { describe, it, expect });

describe('the model', () => {
  const refresh = (change: (store: RefreshStore) => Partial<RefreshStore>) => (stores: SessionStores) => ({
    refresh: { ...stores.refresh, ...change(stores.refresh) },
  });
  const oneTime = (change: (store: OneTimeStore) => Partial<OneTimeStore>) => (stores: SessionStores) => ({
    oneTime: { ...stores.oneTime, ...change(stores.oneTime) },
  });
  const revocations =
    (change: (store: RevocationStore) => Partial<RevocationStore>) => (stores: SessionStores) => ({
      revocations: { ...stores.revocations, ...change(stores.revocations) },
    });

  it.each<[string, (stores: SessionStores, now: () => number) => Partial<SessionStores>]>([
    [
      'has a grace one millisecond too long',
      refresh(({ rotate }) => ({ rotate: (input) => rotate({ ...input, graceMs: input.graceMs + 1 }) })),
    ],
    [
      'has a grace one millisecond too short',
      refresh(({ rotate }) => ({ rotate: (input) => rotate({ ...input, graceMs: input.graceMs - 1 }) })),
    ],
    [
      'lets sessions live idle for a millisecond more',
      refresh(({ rotate }) => ({ rotate: (input) => rotate({ ...input, idleMs: input.idleMs + 1 }) })),
    ],
    [
      'knows no absolute end',
      refresh(({ create }) => ({
        create: (family, digest) =>
          create({ ...family, absoluteExpiresAt: family.absoluteExpiresAt * 2 }, digest),
      })),
    ],
    [
      'takes a theft for an old token',
      refresh(({ rotate, find }) => ({
        async rotate(input) {
          const outcome = await rotate(input);
          return outcome.outcome === 'reused' ? { outcome: 'unknown' } : outcome;
        },
        find,
      })),
    ],
    [
      'tells a racer another salt',
      refresh(({ rotate }) => ({
        async rotate(input) {
          const outcome = await rotate(input);
          return outcome.outcome === 'raced' ? { ...outcome, salt: input.salt } : outcome;
        },
      })),
    ],
    ['forgets the device', refresh(({ rotate }) => ({ rotate: ({ device: _, ...input }) => rotate(input) }))],
    ['ends a stranger’s session', refresh(({ revoke }) => ({ revoke: (id, time) => revoke(id, time) }))],
    [
      'ends all, though one is to stay',
      refresh(({ revokeAll }) => ({ revokeAll: (subject, time) => revokeAll(subject, time) })),
    ],
    [
      'leaves one session open',
      refresh(({ list, revoke }) => ({
        async revokeAll(subject, time, except) {
          const [first, ...others] = await list(subject, time);
          const ended = others.filter(({ id }) => id !== except);
          for (const { id } of ended) await revoke(id, time);
          return [...ended, ...(first && first.id !== except ? [first] : [])].map(({ id }) => id);
        },
      })),
    ],
    ['lists ended sessions', refresh(({ list }) => ({ list: (subject) => list(subject, 0) }))],
    [
      'rotates in two steps',
      refresh(({ rotate, peek }) => ({
        async rotate(input) {
          const before = await peek?.(input.digest);
          await new Promise((resolve) => setImmediate(resolve));
          const outcome = await rotate(input);
          return outcome.outcome === 'raced' && before && !before.used
            ? { ...outcome, outcome: 'rotated' }
            : outcome;
        },
      })),
    ],
    [
      'gives a token to each who asks at once',
      oneTime((store) => {
        const taken = new Map<string, ReturnType<OneTimeStore['take']>>();
        return {
          take(digest, purpose, time) {
            const key = `${digest} ${purpose} ${time}`;
            const known = taken.get(key) ?? store.take(digest, purpose, time);
            taken.set(key, known);
            return known;
          },
        };
      }),
    ],
    [
      'serves any purpose',
      oneTime(({ take }) => ({ take: (digest, _purpose, time) => take(digest, 'reset', time) })),
    ],
    [
      'has no end of a token',
      oneTime(({ take }) => ({ take: (digest, purpose) => take(digest, purpose, 0) })),
    ],
    [
      'forgets what a token is bound to',
      oneTime(({ put }) => ({ put: ({ binding: _, ...record }) => put(record) })),
    ],
    ['does not drop tokens', oneTime(() => ({ drop: async () => {} }))],
    [
      'never revokes a session',
      revocations(({ revoke }) => ({
        revoke: async (entry) => (entry.kind === 'session' ? undefined : revoke(entry)),
      })),
    ],
    [
      'never revokes a subject',
      revocations(({ revoke }) => ({
        revoke: async (entry) => (entry.kind === 'subject' ? undefined : revoke(entry)),
      })),
    ],
    [
      'lets a token of the same millisecond pass an epoch',
      revocations(({ revoke }) => ({ revoke: (entry) => revoke({ ...entry, at: entry.at - 1 }) })),
    ],
    [
      'refuses what came after an epoch',
      revocations(({ revoke }) => ({ revoke: (entry) => revoke({ ...entry, at: entry.at + 60_000 }) })),
    ],
    [
      'forgets a revocation too early',
      revocations(({ revoke }) => ({ revoke: (entry) => revoke({ ...entry, until: entry.until - 60_000 }) })),
    ],
    [
      'forgets that keys retire',
      ({ keys }) => ({
        keys: {
          ...keys,
          save: (version, records) =>
            keys.save(
              version,
              records.map((record) =>
                record.retireAt === undefined ? record : { ...record, retireAt: record.retireAt + 60_000 },
              ),
            ),
        },
      }),
    ],
  ])('finds a store that %s', async (_, mutate) => {
    const found: unknown[] = [];
    const suite: (() => Promise<void>)[] = [];
    const stores = async (now: () => number) => {
      const honest = inMemory(now);
      return { ...honest, ...mutate(honest, now) };
    };
    describeSessionModel(
      { name: 'a mutant', stores, runs: 400 },
      { describe: (_title, body) => body(), it: (_title, body) => suite.push(body), expect },
    );
    for (const body of suite) await body().catch((error) => found.push(error));
    expect(found).toMatchObject([{ message: expect.stringMatching(/seed: -?\d+/) }]);
  });
});
