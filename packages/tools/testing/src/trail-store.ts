import { createTrail, type TrailEntry, type TrailStore } from '@secapi/audit';
import { atOnce, isRejected, strangeText, withStore } from './internal.js';
import { all, entriesAfter, zeros } from './records/trail.js';
import type { Fixture, TestRunner } from './runner.js';

/** What every `TrailStore` must do: one chain whatever runs in parallel, whole appends or none, each entry to the letter. */
export function trailStoreSuite(runner: TestRunner, make: () => Promise<Fixture<TrailStore>>): void {
  const { describe, expect } = runner;
  const test = withStore(runner, make);

  describe('a trail store', () => {
    test('begins with 64 zeros and gives each append the hash of the one before', async (store) => {
      const heads: string[] = [];
      const append = (...names: string[]): Promise<readonly TrailEntry[]> =>
        store.append(async (head) => {
          heads.push(head);
          return entriesAfter(head, ...names);
        });
      expect((await append('a')).map(({ id }) => id)).toEqual(['a']);
      await append('b', 'c');
      await append();
      await append('d');
      expect(heads).toEqual([zeros, 'hash of a', 'hash of c', 'hash of c']);
      expect((await all(store)).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    });

    test('keeps every entry to the letter', async (store) => {
      const details = {
        text: strangeText,
        [strangeText]: true,
        nothing: null,
        numbers: 0.1 + 0.2,
        large: 1e300,
        order: 'kept',
        'a key that sorts first': 1,
      };
      const entryAfter = (previousHash: string): TrailEntry => ({
        ...{ id: 'a', at: '2027-01-15T08:00:00.123Z', event: 'authz_fail', outcome: 'denied' },
        ...{ actor: strangeText, target: '', address: '2001:db8::1', requestId: 'r', details, hash: 'h' },
        previousHash,
      });
      await store.append(async (head) => [entryAfter(head)]);
      const [entry] = await all(store);
      expect(entry).toEqual(entryAfter(zeros));
      expect(JSON.stringify(entry?.details)).toEqual(JSON.stringify(details));
      expect((await store.list({ limit: 1 })).items).toEqual([entry]);
    });

    test('keeps nothing of an append whose building failed, and goes on', async (store) => {
      await store.append(async (head) => entriesAfter(head, 'a'));
      const failed = store.append(async () => {
        throw new Error('no');
      });
      expect(await isRejected(failed)).toEqual(true);
      await store.append(async (head) => entriesAfter(head, 'b'));
      const entries = await all(store);
      expect(entries.map(({ id, previousHash }) => [id, previousHash])).toEqual([
        ['a', zeros],
        ['b', 'hash of a'],
      ]);
    });

    test('makes one whole chain out of 50 parallel appends', async (store) => {
      await atOnce(50, (i) => store.append(async (head) => entriesAfter(head, `${i}a`, `${i}b`)));
      const entries = await all(store);
      expect(entries.length).toEqual(100);
      expect(new Set(entries.map(({ id }) => id)).size).toEqual(100);
      expect(entries.map(({ previousHash }) => previousHash)).toEqual([
        zeros,
        ...entries.slice(0, -1).map(({ hash }) => hash),
      ]);
    });

    test('shows the newest first, page by page, each entry once though more come in', async (store) => {
      await store.append(async (head) => entriesAfter(head, 'a', 'b', 'c', 'd', 'e'));
      const first = await store.list({ limit: 2 });
      expect(first.items.map(({ id }) => id)).toEqual(['e', 'd']);
      await store.append(async (head) => entriesAfter(head, 'f'));
      const second = await store.list({ limit: 2, before: first.next ?? '' });
      expect(second.items.map(({ id }) => id)).toEqual(['c', 'b']);
      const third = await store.list({ limit: 2, before: second.next ?? '' });
      expect(third.items.map(({ id }) => id)).toEqual(['a']);
      expect(third.next).toEqual(undefined);
      const exact = await store.list({ limit: 6 });
      expect([exact.items.length, exact.next]).toEqual([6, undefined]);
    });

    test('gives an empty page for a cursor that is none, and for an empty trail', async (store) => {
      expect(await store.list({ limit: 5 })).toEqual({ items: [] });
      await store.append(async (head) => entriesAfter(head, 'a'));
      for (const before of ['', '-1', '1e3', 'NaN', "1' OR '1'='1", strangeText, '9'.repeat(400)]) {
        expect(await store.list({ limit: 5, before })).toEqual({ items: [] });
      }
    });

    test('passes the verification of a trail that many wrote to at once', async (store) => {
      const trails = [createTrail({ store }), createTrail({ store })];
      await atOnce(50, async (i) => {
        const details = { attempt: i, text: strangeText };
        await trails[i % 2]?.append([
          { event: 'authn_login_fail', outcome: 'failure', actor: strangeText, details },
        ]);
      });
      const verdict = await createTrail({ store }).verify();
      expect([verdict.ok, verdict.ok && verdict.entries]).toEqual([true, 50]);
    });
  });
}
