import type { AccountStore } from '@secapi/accounts';
import { atOnce, strangeText, withStore } from './internal.js';
import { accountOf, idOf, pendingOf, start } from './records/account.js';
import type { Fixture, TestRunner } from './runner.js';

/** What every `AccountStore` must do: one account an address, one winner of any race, no half of a change. */
export function accountStoreSuite(runner: TestRunner, make: () => Promise<Fixture<AccountStore>>): void {
  const { describe, expect } = runner;
  const test = withStore(runner, make);

  describe('an account store', () => {
    test('finds what was created, by address and by id, and nothing else', async (store) => {
      expect(await store.create(accountOf(1))).toEqual('created');
      expect(await store.findByEmail('user1@mail.example')).toEqual(accountOf(1));
      expect(await store.findById(idOf(1))).toEqual(accountOf(1));
      for (const text of ['', 'user2@mail.example', 'USER1@mail.example', '%', "' OR 1=1 --", strangeText]) {
        expect(await store.findByEmail(text)).toEqual(undefined);
        expect(await store.findById(text)).toEqual(undefined);
      }
      expect(await store.findById(idOf(2))).toEqual(undefined);
    });

    test('creates one of 50 accounts for one address', async (store) => {
      const outcomes = await atOnce(50, (n) => store.create(accountOf(n, { email: 'same@mail.example' })));
      expect(outcomes.filter((outcome) => outcome === 'created').length).toEqual(1);
      const winner = outcomes.indexOf('created');
      expect((await store.findByEmail('same@mail.example'))?.id).toEqual(idOf(winner));
    });

    test('completes one of 50 registrations for one address at once, and the others die', async (store) => {
      for (let n = 0; n < 50; n++) await store.addPending(pendingOf(n));
      const results = await atOnce(50, (n) => store.completePending(`digest-${n}`, start));
      const won = results.flatMap((result) => (result.outcome === 'verified' ? [result.account] : []));
      expect(won.length).toEqual(1);
      expect(won[0]?.emailVerified).toEqual(true);
      expect(await store.findByEmail('new@mail.example')).toEqual(won[0]);
      for (let n = 0; n < 50; n++) {
        expect(await store.completePending(`digest-${n}`, start)).toEqual({ outcome: 'invalid' });
      }
    });

    test('completes a registration once, of 50 calls at once', async (store) => {
      await store.addPending(pendingOf(1));
      const results = await atOnce(50, () => store.completePending('digest-1', start));
      expect(results.filter(({ outcome }) => outcome === 'verified').length).toEqual(1);
    });

    test('completes none that expired, came expired, or whose address is taken by now', async (store) => {
      await store.addPending(pendingOf(1));
      expect(await store.completePending('digest-1', start + 1_000)).toEqual({ outcome: 'invalid' });
      await store.addPending(pendingOf(2, { expiresAt: start }));
      expect(await store.completePending('digest-2', start)).toEqual({ outcome: 'invalid' });
      await store.addPending(pendingOf(3));
      await store.create(accountOf(4, { email: 'new@mail.example' }));
      expect(await store.completePending('digest-3', start)).toEqual({ outcome: 'invalid' });
      expect((await store.findByEmail('new@mail.example'))?.id).toEqual(idOf(4));
      expect(await store.completePending(strangeText, start)).toEqual({ outcome: 'invalid' });
    });

    test('sets a hash only while the expected one stands: one of 50 at once', async (store) => {
      await store.create(accountOf(1));
      const set = await atOnce(50, (n) => store.setPasswordHash(idOf(1), `new-${n}`, start, 'hash-1'));
      expect(set.filter(Boolean).length).toEqual(1);
      expect((await store.findById(idOf(1)))?.passwordHash).toEqual(`new-${set.indexOf(true)}`);
      expect(await store.setPasswordHash(idOf(1), 'x', start, 'hash-1')).toEqual(false);
      expect(await store.setPasswordHash(idOf(1), 'forced', start)).toEqual(true);
      for (const id of [idOf(9), '', strangeText]) {
        expect(await store.setPasswordHash(id, 'x', start)).toEqual(false);
      }
      expect(await store.setPasswordHash(idOf(1), 'x', start, strangeText)).toEqual(false);
    });
  });
}
