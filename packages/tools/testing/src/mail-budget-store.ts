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
