import type { RefreshStore } from '@secapi/tokens';
import { atOnce, isRejected, strangeText, withStore } from './internal.js';
import { day, familyOf, start, turn } from './records/refresh.js';
import type { Fixture, TestRunner } from './runner.js';

/** What every `RefreshStore` must do: the order of its verdicts, one winner of any race, no trace of a refused call. */
export function refreshStoreSuite(runner: TestRunner, make: () => Promise<Fixture<RefreshStore>>): void {
  const { describe, expect } = runner;
  const test = withStore(runner, make);

  describe('a refresh store: rotation', () => {
    test('turns an unused token into its successor and renews the family', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      const device = { userAgent: 'new', address: '192.0.2.2' };
      const family = familyOf('f', 'ann', { device, lastUsedAt: start + 7, expiresAt: start + 7 + 1_000 });
      const outcome = await store.rotate(turn('d0', 'd1', { now: start + 7, idleMs: 1_000, device }));
      expect(outcome).toEqual({ outcome: 'rotated', family });
      expect(await store.find('f')).toEqual(family);
      expect((await store.rotate(turn('d1', 'd2', { now: start + 8 }))).outcome).toEqual('rotated');
    });

    test('keeps the device when none is given, and never passes the absolute end', async (store) => {
      const absoluteExpiresAt = start + 3_000;
      await store.create(familyOf('f', 'ann', { expiresAt: start + 2_000, absoluteExpiresAt }), 'd0');
      await store.rotate(turn('d0', 'd1', { now: start + 1_000 }));
      expect(await store.find('f')).toEqual(
        familyOf('f', 'ann', { lastUsedAt: start + 1_000, expiresAt: absoluteExpiresAt, absoluteExpiresAt }),
      );
    });

    test('knows nothing of a digest that was never issued, and harms nobody', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      for (const digest of ['', 'd1', 'D0', 'd0 ', strangeText]) {
        expect(await store.rotate(turn(digest, 'd9'))).toEqual({ outcome: 'unknown' });
      }
      expect((await store.rotate(turn('d0', 'd1'))).outcome).toEqual('rotated');
    });

    test('tells a racer the winner’s salt within the grace, and changes nothing', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      const won = await store.rotate(turn('d0', 'd1', { now: start + 10 }));
      const family = 'family' in won ? won.family : undefined;
      const late = turn('d0', 'd2', { now: start + 5_010, device: { userAgent: 'racer' } });
      expect(await store.rotate(late)).toEqual({ outcome: 'raced', family, salt: 'salt of d1' });
      expect(await store.find('f')).toEqual(family);
      expect(await store.rotate(turn('d2', 'd3'))).toEqual({ outcome: 'unknown' });
      expect((await store.rotate(turn('d1', 'd4', { now: start + 5_011 }))).outcome).toEqual('rotated');
    });

    test('takes a used token past the grace for stolen and ends the family at once', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      await store.create(familyOf('g', 'ann'), 'e0');
      await store.rotate(turn('d0', 'd1', { now: start + 10 }));
      const revoked = familyOf('f', 'ann', {
        lastUsedAt: start + 10,
        expiresAt: start + 10 + 14 * day,
        revokedAt: start + 5_011,
      });
      const theft = await store.rotate(turn('d0', 'd2', { now: start + 5_011 }));
      expect(theft).toEqual({ outcome: 'reused', family: revoked });
      const after = await store.rotate(turn('d1', 'd3', { now: start + 5_012 }));
      expect(after).toEqual({ outcome: 'revoked', family: revoked });
      expect((await store.rotate(turn('d0', 'd2', { now: start + 5_013 }))).outcome).toEqual('revoked');
      expect((await store.rotate(turn('e0', 'e1'))).outcome).toEqual('rotated');
    });

    test('takes a used token for stolen within the grace too, once its successor was used', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      await store.rotate(turn('d0', 'd1', { now: start + 1 }));
      await store.rotate(turn('d1', 'd2', { now: start + 2 }));
      expect((await store.rotate(turn('d0', 'd9', { now: start + 3 }))).outcome).toEqual('reused');
      expect((await store.rotate(turn('d2', 'd3', { now: start + 4 }))).outcome).toEqual('revoked');
    });

    test('refuses a family at its end, not a moment before, and leaves it as it was', async (store) => {
      await store.create(familyOf('f', 'ann', { expiresAt: start + 100 }), 'd0');
      await store.create(familyOf('g', 'ann', { expiresAt: start + 100 }), 'e0');
      expect((await store.rotate(turn('e0', 'e1', { now: start + 99.5 }))).outcome).toEqual('rotated');
      const family = familyOf('f', 'ann', { expiresAt: start + 100 });
      expect(await store.rotate(turn('d0', 'd1', { now: start + 100 }))).toEqual({
        outcome: 'expired',
        family,
      });
      expect(await store.find('f')).toEqual(family);
    });

    test('puts a revocation before an expiry', async (store) => {
      await store.create(familyOf('f', 'ann', { expiresAt: start + 100 }), 'd0');
      await store.revoke('f', start + 50);
      expect((await store.rotate(turn('d0', 'd1', { now: start + 200 }))).outcome).toEqual('revoked');
    });

    test('makes one successor out of 50 parallel rotations, and logs nobody out', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      const outcomes = await atOnce(50, (i) => store.rotate(turn('d0', `n${i}`)));
      const winners = outcomes.flatMap(({ outcome }, i) => (outcome === 'rotated' ? [i] : []));
      expect(winners.length).toEqual(1);
      const racers = outcomes.filter(({ outcome }) => outcome === 'raced');
      expect(racers.length).toEqual(49);
      expect(new Set(racers.map((racer) => 'salt' in racer && racer.salt))).toEqual(
        new Set([`salt of n${winners[0]}`]),
      );
      const usable = await atOnce(50, (i) => store.rotate(turn(`n${i}`, `m${i}`, { now: start + 2 })));
      expect(usable.flatMap(({ outcome }, i) => (outcome === 'unknown' ? [] : [[i, outcome]]))).toEqual([
        [winners[0], 'rotated'],
      ]);
    });

    test('rotates nothing any more once a parallel revocation has answered', async (store) => {
      for (let round = 0; round < 10; round++) {
        const id = `f${round}`;
        await store.create(familyOf(id, 'ann'), `${id}d0`);
        const [, ended] = await Promise.all([
          store.rotate(turn(`${id}d0`, `${id}d1`)),
          store.revoke(id, start + 1),
          store.rotate(turn(`${id}d0`, `${id}d2`)),
        ]);
        expect(ended).toEqual(true);
        for (const digest of [`${id}d0`, `${id}d1`, `${id}d2`]) {
          const { outcome } = await store.rotate(turn(digest, `${digest}x`, { now: start + 2 }));
          expect(outcome === 'revoked' || outcome === 'unknown').toEqual(true);
        }
      }
    });
  });

  describe('a refresh store: families', () => {
    test('refuses a digest or an id that it has, and keeps nothing of the refused call', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      expect(await isRejected(store.create(familyOf('g', 'eve'), 'd0'))).toEqual(true);
      expect(await store.find('g')).toEqual(undefined);
      expect(await isRejected(store.create(familyOf('f', 'eve'), 'e0'))).toEqual(true);
      expect(await store.rotate(turn('e0', 'e1'))).toEqual({ outcome: 'unknown' });
      expect(await isRejected(store.rotate(turn('d0', 'd0')))).toEqual(true);
      expect(await store.find('f')).toEqual(familyOf('f', 'ann'));
      expect((await store.rotate(turn('d0', 'd1'))).outcome).toEqual('rotated');
    });

    test('lists the living ones of a subject, the last used first', async (store) => {
      await store.create(familyOf('old', 'ann', { lastUsedAt: start - 2, createdAt: start - 2 }), 'a');
      await store.create(familyOf('mid', 'ann', { lastUsedAt: start - 1, createdAt: start - 1 }), 'b');
      await store.create(familyOf('dead', 'ann', { expiresAt: start + 5 }), 'c');
      await store.create(familyOf('ended', 'ann'), 'd');
      await store.create(familyOf('other', 'bob'), 'e');
      await store.revoke('ended', start + 1);
      await store.rotate(turn('a', 'a1'));
      expect((await store.list('ann', start + 5)).map(({ id }) => id)).toEqual(['old', 'mid']);
      expect(await store.list('nobody', start)).toEqual([]);
    });

    test('ends a living family once, and only for its own subject', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      expect(await store.revoke('f', start + 1, 'eve')).toEqual(false);
      expect((await store.find('f'))?.revokedAt).toEqual(undefined);
      const ended = await atOnce(50, () => store.revoke('f', start + 2, 'ann'));
      expect(ended.filter(Boolean).length).toEqual(1);
      expect((await store.find('f'))?.revokedAt).toEqual(start + 2);
      await store.create(familyOf('g', 'ann', { expiresAt: start + 3 }), 'e0');
      expect(await store.revoke('g', start + 3)).toEqual(false);
      expect(await store.revoke('nothing', start)).toEqual(false);
    });

    test('ends all of a subject but one, and says which', async (store) => {
      for (const id of ['a', 'b', 'c']) await store.create(familyOf(id, 'ann'), `d${id}`);
      await store.create(familyOf('d', 'bob'), 'dd');
      expect((await store.revokeAll('ann', start + 1, 'b')).sort()).toEqual(['a', 'c']);
      expect(await store.revokeAll('ann', start + 2, 'b')).toEqual([]);
      expect((await store.list('ann', start + 2)).map(({ id }) => id)).toEqual(['b']);
      expect(await store.revokeAll('ann', start + 3)).toEqual(['b']);
      expect((await store.list('bob', start + 3)).map(({ id }) => id)).toEqual(['d']);
    });

    test('gives each ended family to one of many parallel calls', async (store) => {
      const ids = Array.from({ length: 12 }, (_, i) => `f${i}`);
      for (const id of ids) await store.create(familyOf(id, 'ann'), `d${id}`);
      const ended = await atOnce(50, () => store.revokeAll('ann', start + 1));
      expect(ended.flat().sort()).toEqual([...ids].sort());
    });

    test('finds nothing under a text that it doesn’t have, whatever is in it', async (store) => {
      await store.create(familyOf('f', 'ann'), 'd0');
      expect(await store.find(strangeText)).toEqual(undefined);
      expect(await store.list(strangeText, start)).toEqual([]);
      expect(await store.revoke(strangeText, start)).toEqual(false);
      expect(await store.revoke('f', start, strangeText)).toEqual(false);
      expect(await store.revokeAll(strangeText, start)).toEqual([]);
      expect(await store.revokeAll('ann', start, strangeText)).toEqual(['f']);
    });

    test('looks at a token without using it, where it has a peek', async (store) => {
      if (!store.peek) return;
      await store.create(familyOf('f', 'ann'), 'd0');
      expect(await store.peek('d0')).toEqual({ family: familyOf('f', 'ann'), used: false });
      const rotated = await store.rotate(turn('d0', 'd1'));
      const family = 'family' in rotated ? rotated.family : undefined;
      expect(await store.peek('d0')).toEqual({ family, used: true });
      expect(await store.peek('d1')).toEqual({ family, used: false });
      for (const text of ['', 'D1', strangeText]) expect(await store.peek(text)).toEqual(undefined);
      expect((await store.rotate(turn('d1', 'd2'))).outcome).toEqual('rotated');
    });

    test('keeps a device’s texts to the letter', async (store) => {
      const device = { userAgent: strangeText, address: "'); DROP TABLE users; --" };
      await store.create(familyOf('f', 'ann', { device }), 'd0');
      expect((await store.find('f'))?.device).toEqual(device);
      await store.create(familyOf('g', 'ann', { device: {} }), 'e0');
      expect((await store.find('g'))?.device).toEqual({});
    });
  });
}
