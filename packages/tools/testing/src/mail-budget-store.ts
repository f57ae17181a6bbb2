import type { MailBudgetStore } from '@secapi/accounts';
import { atOnce, withStore } from './internal.js';
import type { Fixture, TestRunner } from './runner.js';

const start = 1_800_000_000_000;
const hour = 3_600_000;

/** What every `MailBudgetStore` must do: no mail beyond the budget, whatever comes at once. */
export function mailBudgetStoreSuite(
  runner: TestRunner,
  make: () => Promise<Fixture<MailBudgetStore>>,
): void {
  const { describe, expect } = runner;
  const test = withStore(runner, make);

  describe('a mail budget', () => {
    test('gives as many mails as the limit, of 50 at once, and to each key its own', async (store) => {
      const taken = await atOnce(50, async () => store.take('ann', 10, hour, start));
      expect(taken.filter(Boolean).length).toEqual(10);
      expect(await store.take('ann', 10, hour, start)).toEqual(false);
      expect(await store.take('bob', 10, hour, start)).toEqual(true);
    });

    test('does not count what it refuses', async (store) => {
      for (let i = 0; i < 30; i++) await store.take('ann', 3, hour, start);
      expect(await store.take('ann', 4, hour, start)).toEqual(true);
      expect(await store.take('ann', 4, hour, start)).toEqual(false);
    });
  });
}

/** A budget, and how its clock is set if it goes by one of its own. */
export interface MailBudgetFixture extends Fixture<MailBudgetStore> {
  /** Moves the store's own clock on; left out where the store goes by the caller's `now`. */
  readonly advance?: (milliseconds: number) => Promise<void>;
}

/** What every `MailBudgetStore` must do as time passes: the window slides with each mail. */
export function mailBudgetWindowSuite(
  { describe, it, expect }: TestRunner,
  make: () => Promise<MailBudgetFixture>,
): void {
  describe('a mail budget: time', () => {
    it('gives a place back once its mail has left the window, and none before', async () => {
      const { store, advance, close } = await make();
      let now = start;
      const pass = async (milliseconds: number): Promise<void> => {
        now += milliseconds;
        await advance?.(milliseconds);
      };
      const take = async (): Promise<boolean> => store.take('ann', 2, hour, now);
      try {
        expect(await take()).toEqual(true);
        await pass(hour / 2);
        expect([await take(), await take()]).toEqual([true, false]);
        await pass(hour / 2 - 10_000);
        expect(await take()).toEqual(false);
        await pass(10_000);
        expect([await take(), await take()]).toEqual([true, false]);
        await pass(hour / 2);
        expect([await take(), await take()]).toEqual([true, false]);
        await pass(2 * hour);
        expect((await atOnce(50, take)).filter(Boolean).length).toEqual(2);
      } finally {
        await close();
      }
    });
  });
}
