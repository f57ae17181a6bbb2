import type { OneTimeStore } from '@secapi/tokens';
import { atOnce, isRejected, strangeText, withStore } from './internal.js';
import { recordOf, start } from './records/one-time.js';
import type { Fixture, TestRunner } from './runner.js';

/** What every `OneTimeStore` must do: one use, one purpose, one end. */
export function oneTimeStoreSuite(runner: TestRunner, make: () => Promise<Fixture<OneTimeStore>>): void {
  const { describe, expect } = runner;
  const test = withStore(runner, make);

  describe('a one-time store', () => {
    test('gives a record back once, as it was put', async (store) => {
      const record = recordOf('d', { binding: 'the hash of a password' });
      await store.put(record);
      await store.put(recordOf('e'));
      expect(await store.take('d', 'reset', start)).toEqual(record);
      expect(await store.take('d', 'reset', start)).toEqual(undefined);
      expect(await store.take('e', 'reset', start)).toEqual(recordOf('e'));
    });

    test('gives it to one of 50 parallel calls', async (store) => {
      await store.put(recordOf('d'));
      const taken = await atOnce(50, () => store.take('d', 'reset', start));
      expect(taken.filter((record) => record !== undefined)).toEqual([recordOf('d')]);
    });

    test('serves no other purpose, and is still there for its own', async (store) => {
      await store.put(recordOf('d'));
      for (const purpose of ['verify', '', 'RESET', strangeText]) {
        expect(await store.take('d', purpose, start)).toEqual(undefined);
      }
      expect(await store.take('d', 'reset', start)).toEqual(recordOf('d'));
    });

    test('gives nothing at its end, and everything just before', async (store) => {
      await store.put(recordOf('d'));
      await store.put(recordOf('e'));
      expect(await store.take('d', 'reset', start + 1_000)).toEqual(undefined);
      expect(await store.take('e', 'reset', start + 999.5)).toEqual(recordOf('e'));
    });

    test('drops what one subject has for one purpose, and no more', async (store) => {
      await store.put(recordOf('a'));
      await store.put(recordOf('b'));
      await store.put(recordOf('c', { purpose: 'verify' }));
      await store.put(recordOf('d', { subject: 'bob' }));
      await store.drop('reset', 'ann');
      await store.drop('reset', strangeText);
      expect(await store.take('a', 'reset', start)).toEqual(undefined);
      expect(await store.take('b', 'reset', start)).toEqual(undefined);
      expect(await store.take('c', 'verify', start)).toEqual(recordOf('c', { purpose: 'verify' }));
      expect(await store.take('d', 'reset', start)).toEqual(recordOf('d', { subject: 'bob' }));
    });

    test('leaves no token usable after a drop that came in between', async (store) => {
      for (let round = 0; round < 10; round++) {
        await store.put(recordOf(`d${round}`));
        const [first, , second] = await Promise.all([
          store.take(`d${round}`, 'reset', start),
          store.drop('reset', 'ann'),
          store.take(`d${round}`, 'reset', start),
        ]);
        expect(first !== undefined && second !== undefined).toEqual(false);
        expect(await store.take(`d${round}`, 'reset', start)).toEqual(undefined);
      }
    });

    test('refuses a digest that it has, and keeps the first', async (store) => {
      await store.put(recordOf('d'));
      expect(await isRejected(store.put(recordOf('d', { subject: 'eve' })))).toEqual(true);
      expect(await store.take('d', 'reset', start)).toEqual(recordOf('d'));
    });

    test('finds nothing under a text that it doesn’t have, whatever is in it', async (store) => {
      await store.put(recordOf('d'));
      for (const digest of ['', 'D', 'd ', strangeText, "' OR 1=1 --"]) {
        expect(await store.take(digest, 'reset', start)).toEqual(undefined);
      }
    });
  });
}
