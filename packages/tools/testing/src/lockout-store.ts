import type { LockoutPolicy, LockoutStore } from '@secapi/accounts';
import { atOnce, withStore } from './internal.js';
import type { Fixture, TestRunner } from './runner.js';

const start = 1_800_000_000_000;
const policy: LockoutPolicy = { limit: 5, windowMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 240_000 };

/** A store, and how its clock is set if it goes by one of its own. */
export interface LockoutFixture extends Fixture<LockoutStore> {
  /** Moves the store's own clock on; left out where the store goes by the caller's `now`. */
  readonly advance?: (milliseconds: number) => Promise<void>;
}

/** What every `LockoutStore` must do: judge and count in one operation, grow the delay, forget in time. */
export function lockoutStoreSuite(runner: TestRunner, make: () => Promise<LockoutFixture>): void {
  const { describe, expect } = runner;
  const test = withStore(runner, make);

  async function fail(store: LockoutStore, times: number, now: number, key = 'ann'): Promise<void> {
    for (let i = 0; i < times; i++) await store.attempt(key, policy, now);
  }

  describe('a lockout store', () => {
    test('admits as many failures as the limit, then locks', async (store) => {
      const verdicts = [];
      for (let i = 0; i < 7; i++) verdicts.push(await store.attempt('ann', policy, start));
      expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, true, true, true, false, false]);
      expect(verdicts.map(({ failures }) => failures)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(verdicts.map(({ lockedUntil }) => lockedUntil !== undefined)).toEqual([
        ...[false, false, false, false],
        ...[true, true, true],
      ]);
      expect((await store.attempt('bob', policy, start)).allowed).toEqual(true);
    });

    test('admits exactly the limit of 50 at once', async (store) => {
      const verdicts = await atOnce(50, async () => store.attempt('ann', policy, start));
      expect(verdicts.filter(({ allowed }) => allowed).length).toEqual(5);
      const failures = verdicts.map((verdict) => verdict.failures);
      expect([...failures].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    });

    test('lets right passwords pass uncounted, 50 at once', async (store) => {
      await fail(store, 4, start);
      const verdicts = await atOnce(50, async () => store.attempt('ann', policy, start, true));
      expect(verdicts.every(({ allowed, failures }) => allowed && failures === 4)).toEqual(true);
      expect((await store.attempt('ann', policy, start)).allowed).toEqual(true);
      expect((await store.attempt('ann', policy, start)).allowed).toEqual(false);
    });

    test('refuses a right password while locked, and counts it', async (store) => {
      await fail(store, 5, start);
      const verdict = await store.attempt('ann', policy, start, true);
      expect([verdict.allowed, verdict.failures]).toEqual([false, 6]);
    });

    test('forgets the count of a key after a success, and of no other', async (store) => {
      await fail(store, 4, start);
      await fail(store, 4, start, 'bob');
      await store.succeed('ann', start);
      expect((await store.attempt('ann', policy, start)).failures).toEqual(1);
      expect((await store.attempt('bob', policy, start)).failures).toEqual(5);
    });

    test('ends a lock when it is told to, and at once', async (store) => {
      await fail(store, 9, start);
      await store.clear('ann');
      expect(await store.attempt('ann', policy, start)).toEqual({ allowed: true, failures: 1 });
      await store.clear('nobody');
    });
  });

  describe('a lockout store: time', () => {
    const { it } = runner;
    const timed = (
      title: string,
      body: (store: LockoutStore, pass: (ms: number) => Promise<number>) => Promise<void>,
    ) =>
      it(title, async () => {
        const { store, advance, close } = await make();
        let now = start;
        try {
          await body(store, async (milliseconds) => {
            now += milliseconds;
            await advance?.(milliseconds);
            return now;
          });
        } finally {
          await close();
        }
      });

    timed(
      'opens for one attempt after each lock, and doubles the next up to the longest',
      async (store, pass) => {
        await fail(store, 5, start);
        for (const delay of [60_000, 120_000, 240_000, 240_000]) {
          const before = await pass(delay - 1_000);
          expect((await store.attempt('other', policy, before)).allowed).toEqual(true);
          const now = await pass(1_001);
          expect((await store.attempt('ann', policy, now)).allowed).toEqual(true);
        }
      },
    );

    timed('forgets once the window has passed since the last attempt', async (store, pass) => {
      await fail(store, 4, start);
      expect((await store.attempt('ann', policy, await pass(3_600_000))).failures).toEqual(1);
    });

    timed('does not forget before', async (store, pass) => {
      await fail(store, 4, start);
      expect((await store.attempt('ann', policy, await pass(3_590_000))).failures).toEqual(5);
    });
  });
}
