import type { RevocationStore } from '@secapi/tokens';
import { atOnce, strangeText, withStore } from './internal.js';
import { claims, entryOf, start } from './records/revocation.js';
import type { Fixture, TestRunner } from './runner.js';

/** A revocation store and the clock that it reads. */
export interface RevocationFixture extends RevocationStore {
  /** Sets the store's clock, in milliseconds. */
  setTime(time: number): void;
}

/** What every `RevocationStore` must do: a revocation holds from its answer on, for as long as it must, for whom it names. */
export function revocationStoreSuite(
  runner: TestRunner,
  make: () => Promise<Fixture<RevocationFixture>>,
): void {
  const { describe, expect } = runner;
  const test = withStore(runner, async () => {
    const fixture = await make();
    fixture.store.setTime(start);
    return fixture;
  });

  describe('a revocation store', () => {
    test('refuses nobody before the first revocation', async (store) => {
      expect(await store.isRevoked(claims)).toEqual(false);
      expect(
        await store.isRevoked({ ...claims, jti: strangeText, sid: strangeText, sub: strangeText }),
      ).toEqual(false);
    });

    test('refuses one token, and no other of its session', async (store) => {
      await store.revoke(entryOf('token', 'token-1'));
      expect(await store.isRevoked(claims)).toEqual(true);
      expect(await store.isRevoked({ ...claims, jti: 'token-2' })).toEqual(false);
    });

    test('refuses a session’s tokens, and no other session', async (store) => {
      await store.revoke(entryOf('session', 'session-1'));
      expect(await store.isRevoked({ ...claims, jti: 'token-2', iat: claims.iat + 60 })).toEqual(true);
      expect(await store.isRevoked({ ...claims, sid: 'session-2' })).toEqual(false);
    });

    test('refuses what a subject was given up to that moment, and nothing later', async (store) => {
      await store.revoke(entryOf('subject', 'ann', { at: start + 250 }));
      expect(await store.isRevoked(claims)).toEqual(true);
      expect(await store.isRevoked({ ...claims, iat: claims.iat + 0.25 })).toEqual(true);
      expect(await store.isRevoked({ ...claims, iat: claims.iat + 0.251 })).toEqual(false);
      expect(await store.isRevoked({ ...claims, sub: 'bob' })).toEqual(false);
    });

    test('does not take an id of one kind for one of another', async (store) => {
      await store.revoke(entryOf('token', 'x'));
      await store.revoke(entryOf('session', 'y'));
      await store.revoke(entryOf('subject', 'z'));
      expect(await store.isRevoked({ jti: 'y', sid: 'z', sub: 'x', iat: claims.iat })).toEqual(false);
    });

    test('holds until its end, and may then be forgotten', async (store) => {
      await store.revoke(entryOf('session', 'session-1'));
      store.setTime(start + 899_999);
      expect(await store.isRevoked(claims)).toEqual(true);
      store.setTime(start + 900_000);
      expect(await store.isRevoked(claims)).toEqual(false);
    });

    test('never shortens what holds already', async (store) => {
      await store.revoke(entryOf('subject', 'ann', { at: start + 100 }));
      await store.revoke(entryOf('subject', 'ann', { at: start + 50, until: start + 10 }));
      store.setTime(start + 800_000);
      expect(await store.isRevoked({ ...claims, iat: claims.iat + 0.1 })).toEqual(true);
    });

    test('takes the later of many parallel revocations', async (store) => {
      await atOnce(50, (i) => store.revoke(entryOf('subject', 'ann', { at: start + ((i * 7) % 50) })));
      expect(await store.isRevoked({ ...claims, iat: claims.iat + 0.049 })).toEqual(true);
      expect(await store.isRevoked({ ...claims, iat: claims.iat + 0.05 })).toEqual(false);
    });
  });
}
