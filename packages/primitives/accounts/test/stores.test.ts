import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Account,
  type LockoutPolicy,
  memoryAccountStore,
  memoryLockoutStore,
  memoryMailBudget,
  type PendingRegistration,
} from '../src/index.js';

const pending = (n: number, more: Partial<PendingRegistration> = {}): PendingRegistration => ({
  tokenDigest: `digest-${n}`,
  id: `id-${n}`,
  email: 'alice@mail.example',
  name: `Alice ${n}`,
  role: 'user',
  passwordHash: `hash-${n}`,
  createdAt: 1_000,
  expiresAt: 2_000,
  ...more,
});
const account: Account = {
  id: 'a',
  email: 'alice@mail.example',
  name: 'Alice',
  role: 'user',
  emailVerified: true,
  passwordHash: 'old',
  createdAt: 0,
};

describe('memoryAccountStore', () => {
  it('completes one of 50 registrations for one address, and the others die', async () => {
    const store = memoryAccountStore();
    for (let n = 0; n < 50; n++) await store.addPending(pending(n));
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.completePending(`digest-${n}`, 1_500)),
    );
    expect(results.filter(({ outcome }) => outcome === 'verified')).toHaveLength(1);
    expect((await store.completePending('digest-7', 1_500)).outcome).toBe('invalid');
    expect((await store.findByEmail('alice@mail.example'))?.emailVerified).toBe(true);
  });

  it('refuses an expired registration, one that came expired, and one whose address was taken meanwhile', async () => {
    const store = memoryAccountStore();
    await store.addPending(pending(1));
    await store.addPending(pending(2, { expiresAt: 1_000 }));
    expect((await store.completePending('digest-1', 2_000)).outcome).toBe('invalid');
    expect((await store.completePending('digest-2', 999)).outcome).toBe('invalid');
    expect(await store.create(account)).toBe('created');
    expect(await store.create({ ...account, id: 'b' })).toBe('taken');
    expect((await store.completePending('digest-1', 1_500)).outcome).toBe('invalid');
  });

  it('sets a hash only while the expected one stands', async () => {
    const store = memoryAccountStore();
    await store.create(account);
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.setPasswordHash('a', `new-${n}`, 0, 'old')),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await store.setPasswordHash('a', 'x', 0, 'old')).toBe(false);
    expect(await store.setPasswordHash('nobody', 'x', 0)).toBe(false);
    expect(await store.setPasswordHash('a', 'forced', 0)).toBe(true);
    expect((await store.findById('a'))?.passwordHash).toBe('forced');
  });
});

describe('memoryLockoutStore', () => {
  const policy: LockoutPolicy = { limit: 3, windowMs: 1_000, baseDelayMs: 100, maxDelayMs: 350 };

  it('admits as many failures as the limit, then locks for a delay that doubles up to the longest', async () => {
    const store = memoryLockoutStore();
    const attempt = (at: number) => store.attempt('k', policy, at);
    expect(attempt(0)).toEqual({ allowed: true, failures: 1 });
    expect(attempt(1)).toEqual({ allowed: true, failures: 2 });
    expect(attempt(2)).toEqual({ allowed: true, failures: 3, lockedUntil: 102 });
    expect(attempt(101)).toEqual({ allowed: false, failures: 4, lockedUntil: 102 });
    expect(attempt(102)).toEqual({ allowed: true, failures: 5, lockedUntil: 502 - 50 });
    expect(attempt(452)).toEqual({ allowed: true, failures: 6, lockedUntil: 802 });
  });

  it('lets a right password pass uncounted while open, and counts it while locked', async () => {
    const store = memoryLockoutStore();
    for (let i = 0; i < 20; i++)
      expect(store.attempt('k', policy, 0, true)).toEqual({ allowed: true, failures: 0 });
    for (let i = 0; i < 3; i++) store.attempt('k', policy, 0);
    expect(store.attempt('k', policy, 50, true)).toEqual({ allowed: false, failures: 4, lockedUntil: 100 });
    expect(store.attempt('k', policy, 100, true)).toEqual({ allowed: true, failures: 4 });
  });

  it('forgets after the window has passed since the last failure and the end of the lock', async () => {
    const store = memoryLockoutStore();
    store.attempt('k', policy, 0);
    store.attempt('k', policy, 999);
    expect(store.attempt('k', policy, 1_999)).toEqual({ allowed: true, failures: 1 });
    store.attempt('k', policy, 2_000);
    store.attempt('k', policy, 2_001);
    expect(store.attempt('k', policy, 3_100, true)).toMatchObject({ failures: 3 });
    expect(store.attempt('k', policy, 3_101, true)).toMatchObject({ failures: 0 });
  });

  it('succeed and clear end the count and the lock of that key alone', async () => {
    const store = memoryLockoutStore();
    for (const key of ['a', 'b', 'c']) for (let i = 0; i < 3; i++) store.attempt(key, policy, 0);
    store.succeed('a', 1);
    store.clear('b');
    expect(['a', 'b', 'c'].map((key) => Reflect.get(store.attempt(key, policy, 1), 'allowed'))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('never forgets a lock for want of room, and lets nobody guess uncounted', async () => {
    const store = memoryLockoutStore({ maxKeys: 10 });
    const lock = (key: string) => {
      for (let i = 0; i < 3; i++) store.attempt(key, policy, 0);
    };
    for (let n = 0; n < 10; n++) lock(`locked-${n}`);
    const admitted = Array.from({ length: 500 }, (_, n) => store.attempt(`spray-${n}`, policy, 1));
    expect(admitted.filter((verdict) => Reflect.get(verdict, 'allowed'))).toHaveLength(3);
    expect(store.attempt('spray-right', policy, 1, true)).toMatchObject({ allowed: false });
    for (let n = 0; n < 10; n++)
      expect(store.attempt(`locked-${n}`, policy, 1)).toMatchObject({ allowed: false });
  });

  it('never admits more wrong guesses than a slow model of its words does', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 600 }), correct: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = memoryLockoutStore();
        let now = 0;
        let failures = 0;
        let lockedUntil = 0;
        let quietSince = 0;
        for (const { wait, correct } of steps) {
          now += wait;
          if (failures > 0 && now >= Math.max(quietSince, lockedUntil) + policy.windowMs) {
            failures = 0;
            lockedUntil = 0;
          }
          const allowed = now >= lockedUntil;
          if (!correct || !allowed) {
            failures++;
            quietSince = now;
            if (allowed && failures >= policy.limit) {
              const grown = policy.baseDelayMs * 2 ** (failures - policy.limit);
              lockedUntil = now + Math.min(policy.maxDelayMs, grown);
            }
          }
          expect(store.attempt('k', policy, now, correct)).toMatchObject({ allowed, failures });
        }
      }),
    );
  });
});

describe('memoryMailBudget', () => {
  it('counts within a window that slides', async () => {
    const budget = memoryMailBudget();
    const take = (at: number) => budget.take('k', 2, 100, at);
    expect([take(0), take(50), take(99), take(100), take(149), take(150)]).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(budget.take('other', 2, 100, 150)).toBe(true);
  });
});
