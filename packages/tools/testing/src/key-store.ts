import type { KeyStore } from '@secapi/tokens';
import { atOnce, withStore } from './internal.js';
import { recordOf } from './records/key.js';
import type { Fixture, TestRunner } from './runner.js';

/** What every `KeyStore` must do: one winner for each version, and what was saved comes back as it was. */
export function keyStoreSuite(runner: TestRunner, make: () => Promise<Fixture<KeyStore>>): void {
  const { describe, expect } = runner;
  const test = withStore(runner, make);

  describe('a key store', () => {
    test('begins with nothing, and gives back what was saved, in order', async (store) => {
      expect(await store.load()).toEqual({ version: 0, keys: [] });
      const keys = [
        recordOf('b'),
        recordOf('a', { retireAt: 1_900_000_000_000 }),
        recordOf('c', { alg: 'ES256' }),
      ];
      expect(await store.save(0, keys)).toEqual(true);
      expect(await store.load()).toEqual({ version: 1, keys });
      expect(await store.save(1, keys.slice(1))).toEqual(true);
      expect(await store.load()).toEqual({ version: 2, keys: keys.slice(1) });
    });

    test('saves nothing for a version that is not the present one', async (store) => {
      for (const version of [1, -1, 0.5, Number.MAX_SAFE_INTEGER]) {
        expect(await store.save(version, [recordOf('x')])).toEqual(false);
      }
      await store.save(0, [recordOf('a')]);
      for (const version of [0, 2]) expect(await store.save(version, [recordOf('x')])).toEqual(false);
      expect(await store.load()).toEqual({ version: 1, keys: [recordOf('a')] });
    });

    test('has one winner of 50 saves at once, from nothing and later', async (store) => {
      for (const version of [0, 1, 2]) {
        const won = await atOnce(50, (index) => store.save(version, [recordOf(`k${index}`)]));
        expect(won.filter(Boolean).length).toEqual(1);
        const winner = won.indexOf(true);
        expect(await store.load()).toEqual({ version: version + 1, keys: [recordOf(`k${winner}`)] });
      }
    });

    test('keeps what it has apart from what callers hold', async (store) => {
      const keys = [recordOf('a')];
      await store.save(0, keys);
      (keys[0] as { kid: string }).kid = 'changed';
      const { keys: loaded } = await store.load();
      expect(loaded).toEqual([recordOf('a')]);
    });
  });
}
