import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
// Its source: for a test alone, the package needs no dependency on another one.
import { createPasswordHasher } from '../../hashing/src/index.js';
import type { Account, AccountStore, AccountsOptions, Hasher } from '../src/index.js';
import { scryptHasher } from './support/parts.js';
import { areToldApart, measure, separation } from './support/timing.js';
import { createWorld, password } from './support/world.js';

const rounds = 40;
/**
 * Two scenarios of the same work are this far from a half by chance once in 10,000 batches, and must be in three. A hash
 * less among hashes, or a store call more among store calls, moves them by 0.4 and more.
 */
const bound = 0.25;
const storeTime = 4;
const most = 3 * (rounds + 3); // names, for three batches with their warm-up

/** What one difference costs: a hash is measured with a real one, a store call where hashes are too cheap to hide it. */
const hashers = {
  // As little as the hasher lets it be.
  'with Argon2id': createPasswordHasher({ memory: 7_168, iterations: 5 }) as Hasher,
  'with a hash that costs nothing': scryptHasher(),
};

/** A part behind a network: each call takes its time, whatever it is about. */
function remote<T extends object>(part: T): T {
  return new Proxy(part, {
    get(target, key, receiver) {
      const method: unknown = Reflect.get(target, key, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        await delay(storeTime);
        return method.apply(target, args);
      };
    },
  });
}

type Twin = (parts: { store: AccountStore; hasher: Hasher }) => Partial<AccountsOptions>;

async function setUp(hasher: Hasher, twin: Twin = () => ({})) {
  let near: AccountStore | undefined; // the store without its network, to be filled
  const world = createWorld((made) => {
    near = made.store;
    const parts = { store: remote(made.store), hasher };
    return {
      ...parts,
      oneTime: remote(made.oneTime),
      mailer: remote(made.mailer),
      lockout: { store: remote(made.lockout?.store as object) as never, limit: 1 },
      ...twin(parts),
    };
  });
  const passwordHash = await hasher.hash(password);
  const account = (name: string): Account => ({
    ...{ id: name, email: `${name}@mail.example`, name: 'Somebody', role: 'user' },
    ...{ emailVerified: true, passwordHash, createdAt: 0 },
  });
  for (let n = 0; n < most; n++) {
    const waiting = account(`waiting-${n}`);
    await near?.create(account(`user-${n}`));
    await near?.addPending({ ...waiting, tokenDigest: waiting.id, expiresAt: world.clock.time + 60_000 });
  }
  await near?.create(account('locked'));
  const login = async (name: string, secret = 'a wrong password for all') => {
    const answer = await world.accounts.login({ email: `${name}@mail.example`, password: secret });
    expect(answer).toEqual({ ok: false, reason: 'INVALID_CREDENTIALS' });
  };
  await login('locked');
  // A name is used once: its first failure locks it, and its mails are counted.
  const used = new Map<string, number>();
  function fresh(kind: string): string {
    const n = used.get(kind) ?? 0;
    used.set(kind, n + 1);
    return `${kind}-${n}`;
  }
  return { ...world, login, fresh };
}

describe.each(Object.entries(hashers))('the time of an answer, %s,', (_, hasher) => {
  it('is the same for a login of nobody, a wrong password, a lock and a registration that waits', async () => {
    const { login, fresh } = await setUp(hasher);
    const batch = () =>
      measure(rounds, {
        'wrong password': () => login(fresh('user')),
        'no such account': () => login(fresh('nobody')),
        'no address': () => login('not an address '),
        locked: () => login('locked'),
        'locked, right password': () => login('locked', password),
        'waiting, right password': () => login(fresh('waiting'), password),
      });
    expect(await areToldApart(batch, bound)).toBe(false);
  }, 120_000);

  it('is the same for a registration of an address that is taken, waits or is free', async () => {
    const { accounts, fresh } = await setUp(hasher);
    const register = (name: string) => async () => {
      const email = `${fresh(name)}@mail.example`;
      expect(await accounts.register({ email, password, name: 'A' })).toEqual({ ok: true });
    };
    const scenarios = { taken: register('user'), waiting: register('waiting'), free: register('free') };
    expect(await areToldApart(() => measure(rounds, scenarios, accounts.idle), bound)).toBe(false);
  }, 120_000);
});

const leaks: [string, Hasher, Twin][] = [
  [
    'skips the hash where there is no account',
    hashers['with Argon2id'],
    (parts) => ({
      hasher: {
        hash: (text) => parts.hasher.hash(text),
        verify: async (text, hash) =>
          hash === undefined ? { ok: false, needsRehash: false } : parts.hasher.verify(text, hash),
      },
    }),
  ],
  [
    'asks its store once more where there is one',
    hashers['with a hash that costs nothing'],
    ({ store }) => ({
      store: new Proxy(store, {
        get: (target, key, receiver) =>
          key === 'findByEmail'
            ? async (email: string) => {
                const account = await target.findByEmail(email);
                return account && (await target.findById(account.id));
              }
            : Reflect.get(target, key, receiver),
      }),
    }),
  ],
];

it.each(leaks)(
  'the same measure finds a twin out that %s',
  async (_, hasher, twin) => {
    const { login, fresh } = await setUp(hasher, twin);
    const scenarios = { user: () => login(fresh('user')), nobody: () => login(fresh('nobody')) };
    expect(await areToldApart(() => measure(rounds, scenarios), bound)).toBe(true);
  },
  120_000,
);

describe('the time of asking for a reset', () => {
  it.each([
    ['is the same for an account and for nobody', false],
    ['would tell them apart if the answer waited for the mail', true],
  ])(
    '%s',
    async (_, waits) => {
      const { accounts, fresh } = await setUp(scryptHasher());
      const reset = (name: string) => async () => {
        const answer = await accounts.requestPasswordReset({ email: `${fresh(name)}@mail.example` });
        expect(answer).toEqual({ ok: true });
        if (waits) await accounts.idle();
      };
      const scenarios = { account: reset('user'), nobody: reset('nobody') };
      expect(await areToldApart(() => measure(rounds, scenarios, accounts.idle), bound)).toBe(waits);
    },
    120_000,
  );
});

describe('the measure itself', () => {
  it.each([
    [[1, 2, 3], [1, 2, 3], 0.5],
    [[4, 5, 6], [1, 2, 3], 1],
    [[1, 2, 3], [4, 5, 6], 0],
    [[1, 2, 1_000_000], [1, 2, 3], 5 / 9],
  ])('says of %j and %j: %d', (a, b, expected) => {
    expect(separation(a, b)).toBeCloseTo(expected);
  });
});
