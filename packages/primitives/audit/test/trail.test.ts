import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createTrail,
  genesisHash,
  memoryTrailStore,
  type SecurityEvent,
  type TrailStore,
} from '../src/index.js';
import { allOf, filled, login, noon, verifyOf } from './support.js';

describe('a trail', () => {
  it('keeps who, what, when and where, chained from 64 zeros', async () => {
    const store = memoryTrailStore();
    const trail = createTrail({ store, now: () => noon });
    await trail.append([
      {
        event: 'privilege_permissions_changed',
        outcome: 'success',
        actor: 'root',
        target: 'ada',
        address: '192.0.2.1',
        requestId: 'r-1',
        details: { role: 'admin' },
        level: 'critical',
      },
      { event: 'authz_fail', outcome: 'denied' },
    ]);
    const [first, second] = await allOf(store);
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/),
      at: '2026-01-31T12:00:00.000Z',
      event: 'privilege_permissions_changed',
      outcome: 'success',
      actor: 'root',
      target: 'ada',
      address: '192.0.2.1',
      requestId: 'r-1',
      details: { role: 'admin' },
      previousHash: genesisHash,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(second).toMatchObject({ actor: null, target: null, details: {}, previousHash: first?.hash });
  });

  it('has hashes that anyone can compute: SHA-256 of the sorted JSON of the rest', async () => {
    const { entries } = await filled(2);
    for (const { hash, ...rest } of entries) {
      const sorted = Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
      expect(createHash('sha256').update(JSON.stringify(sorted)).digest('hex')).toBe(hash);
    }
  });

  it('lists newest first, a page at a time, also while entries are added', async () => {
    const { store, trail } = await filled(5);
    const page = await trail.list({ limit: 2 });
    expect(page.items.map((entry) => entry.actor)).toEqual(['user-4', 'user-3']);
    await trail.append([login('late')]);
    const before = page.next ?? '';
    const second = await trail.list({ limit: 2, before });
    expect(second.items.map((entry) => entry.actor)).toEqual(['user-2', 'user-1']);
    const third = await store.list({ limit: 2, before: second.next ?? '' });
    expect(third.items.map((entry) => entry.actor)).toEqual(['user-0']);
    expect(third.next).toBeUndefined();
  });

  it('gives an empty page for a cursor that is none, and refuses an odd limit', async () => {
    const { trail } = await filled(2);
    for (const before of ['', 'x', '-1', '1e3', '0', '999999999999999999']) {
      expect((await trail.list({ limit: 2, before })).items).toEqual([]);
    }
    for (const limit of [0, -1, 1.5, Number.NaN, 1_001]) {
      await expect(trail.list({ limit })).rejects.toThrow(/page\.limit/);
    }
  });

  it('commits what waits in one go, in order', async () => {
    const store = memoryTrailStore();
    let commits = 0;
    const counting: TrailStore = {
      ...store,
      append: (build) => {
        commits++;
        return store.append(build);
      },
    };
    const trail = createTrail({ store: counting, now: () => noon });
    await Promise.all(Array.from({ length: 500 }, (_, i) => trail.append([login(`u${i}`), login(`v${i}`)])));
    expect(commits).toBeLessThanOrEqual(2);
    const actors = (await allOf(store)).map((entry) => entry.actor);
    expect(actors).toEqual(Array.from({ length: 500 }, (_, i) => [`u${i}`, `v${i}`]).flat());
    expect(await trail.verify()).toMatchObject({ ok: true, entries: 1_000 });
  });

  it('never tears one append apart, however large', async () => {
    const store = memoryTrailStore();
    const sizes: number[] = [];
    const counting: TrailStore = {
      ...store,
      append: async (build) => {
        const added = await store.append(build);
        sizes.push(added.length);
        return added;
      },
    };
    const trail = createTrail({ store: counting, maxBatch: 3 });
    const append = (n: number) => trail.append(Array.from({ length: n }, () => login('x')));
    await Promise.all([append(5), append(2), append(1), append(1)]);
    expect(sizes).toEqual([5, 3, 1]);
    expect(await trail.verify()).toMatchObject({ ok: true, entries: 9 });
  });

  it('keeps one chain when two trails share a store', async () => {
    const store = memoryTrailStore();
    const trails = [createTrail({ store }), createTrail({ store })];
    await Promise.all(Array.from({ length: 100 }, (_, i) => trails[i % 2]?.append([login(`u${i}`)])));
    expect(await trails[0]?.verify()).toMatchObject({ ok: true, entries: 100 });
  });

  it('rejects what a failing store did not take, and goes on', async () => {
    const store = memoryTrailStore();
    let failing = true;
    const flaky: TrailStore = {
      ...store,
      append: (build) => (failing ? Promise.reject(new Error('down')) : store.append(build)),
    };
    const trail = createTrail({ store: flaky });
    const lost = [trail.append([login('a')]), trail.append([login('b')])];
    for (const each of lost) await expect(each).rejects.toThrow('down');
    failing = false;
    await trail.append([login('c')]);
    expect((await allOf(store)).map((entry) => entry.actor)).toEqual(['c']);
    expect(await trail.verify()).toMatchObject({ ok: true });
  });

  it('chains anew when the store retries', async () => {
    const store = memoryTrailStore();
    const other = createTrail({ store, now: () => noon });
    const retrying: TrailStore = {
      ...store,
      append: async (build) => {
        await build('f'.repeat(64)); // a first try, rolled back because another process was faster
        await other.append([login('other')]);
        return store.append(build);
      },
    };
    const trail = createTrail({ store: retrying });
    await trail.append([login('mine')]);
    expect(await trail.verify()).toMatchObject({ ok: true, entries: 2 });
  });

  it('refuses more than may wait, and takes the rest', async () => {
    const trail = createTrail({ store: memoryTrailStore(), maxWaiting: 2 });
    const first = trail.append([login('a'), login('b')]);
    await expect(trail.append([login('c')])).rejects.toMatchObject({ code: 'AUDIT_QUEUE_FULL' });
    await first;
    await trail.append([login('d')]);
    expect(await trail.verify()).toMatchObject({ entries: 3 });
  });

  it('refuses an event that it does not know without harming those that wait beside it', async () => {
    const trail = createTrail({ store: memoryTrailStore() });
    const good = trail.append([login('a')]);
    const odd = { event: 'constructor', outcome: 'success' } as unknown as SecurityEvent;
    await expect(trail.append([odd])).rejects.toMatchObject({ code: 'AUDIT_EVENT_INVALID' });
    await good;
    expect(await trail.verify()).toMatchObject({ entries: 1 });
  });

  it('is flushed when all that was appended is stored or rejected', async () => {
    const store = memoryTrailStore();
    const trail = createTrail({ store });
    void trail.append([login('a')]);
    await trail.flush();
    expect(await allOf(store)).toHaveLength(1);
    await trail.flush();
  });

  it('masks details before they are chained', async () => {
    const store = memoryTrailStore();
    const redact = ({ password: _, ...rest }: Readonly<Record<string, string | number | boolean | null>>) =>
      rest;
    const trail = createTrail({ store, redact });
    await trail.append([{ ...login('a'), details: { password: 'canary', role: 'user' } }]);
    expect((await allOf(store))[0]?.details).toEqual({ role: 'user' });
  });

  it('holds nothing that a database or JSON gives back changed', async () => {
    const store = memoryTrailStore();
    const trail = createTrail({ store });
    const details = JSON.parse('{"__proto__":"own","nul":"a\\u0000b","half":"\\ud800","zero":-0}');
    await trail.append([
      {
        ...login('a\0b'),
        target: 'x'.repeat(5_000),
        details: { ...details, inf: Number.POSITIVE_INFINITY, deep: { a: 1 }, gone: undefined },
      },
    ]);
    const [entry] = await allOf(store);
    expect(entry?.actor).toBe('a\ufffdb');
    expect(entry?.target).toHaveLength(1_025);
    expect(entry?.details).toMatchObject({
      nul: 'a\ufffdb',
      half: '\ufffd',
      zero: 0,
      inf: null,
      deep: '[not recorded]',
    });
    const back = JSON.parse(JSON.stringify(entry));
    expect(await verifyOf([back])).toMatchObject({ ok: true });
  });

  it('refuses to be made without a store or with odd bounds', () => {
    expect(() => createTrail({} as never)).toThrow(/trail\.store/);
    expect(() => createTrail({ store: memoryTrailStore(), stroe: 1 } as never)).toThrow(
      /trail\.stroe is not an option/,
    );
    expect(() => createTrail({ store: memoryTrailStore(), maxBatch: Number.NaN })).toThrow(/maxBatch/);
    expect(() => memoryTrailStore({ maxEntries: 0 })).toThrow(/maxEntries/);
  });
});

describe('the memory store', () => {
  it('keeps a bounded number of entries, whose chain still verifies', async () => {
    const store = memoryTrailStore({ maxEntries: 20 });
    const trail = createTrail({ store });
    const heads: string[] = [];
    for (let i = 0; i < 100; i++) {
      await trail.append([login(`u${i}`)]);
      if (i === 50) {
        const verdict = await trail.verify();
        if (verdict.ok) heads.push(verdict.head);
      }
    }
    const entries = await allOf(store);
    expect(entries.length).toBeGreaterThanOrEqual(20);
    expect(entries.length).toBeLessThanOrEqual(22);
    expect(entries.at(-1)?.actor).toBe('u99');
    expect(await trail.verify()).toMatchObject({ ok: true, entries: entries.length });
    const page = await trail.list({ limit: 15 });
    const rest = await trail.list({ limit: 15, before: page.next ?? '' });
    expect([...page.items, ...rest.items].map((entry) => entry.id)).toEqual(
      entries.map((entry) => entry.id).reverse(),
    );
    expect(rest.next).toBeUndefined();
    expect((await trail.list({ limit: 5, before: '3' })).items).toEqual([]);
  });

  it('gives out entries that nobody can change', async () => {
    const { store, trail } = await filled(1);
    const [entry] = await allOf(store);
    expect(() => Object.assign(entry as object, { actor: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(entry?.details as object, { n: 7 })).toThrow(TypeError);
    expect(await trail.verify()).toMatchObject({ ok: true });
  });
});
