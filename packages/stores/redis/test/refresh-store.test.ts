import { refreshStoreSuite } from '@secapi/testing';
import { createRefreshFamilies, memoryRefreshStore } from '@secapi/tokens';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redisRefreshStore } from '../src/index.js';
import { describeOnBoth, describeWithRedis } from './support.js';

const day = 86_400_000;
const start = 1_800_000_000_000;

function familyOf(id: string, subject: string) {
  const expiresAt = start + 14 * day;
  const times = { createdAt: start, lastUsedAt: start, expiresAt, absoluteExpiresAt: start + 90 * day };
  return { id, subject, device: { userAgent: 'test' }, ...times };
}

function turn(digest: string, nextDigest: string, now = start + 1) {
  return { digest, nextDigest, salt: `salt of ${nextDigest}`, now, graceMs: 5_000, idleMs: 14 * day };
}

describeOnBoth('the refresh store', (bench) => {
  refreshStoreSuite({ describe, it, expect }, async () => {
    await bench.flush();
    return { store: redisRefreshStore(bench.client, { deadline: '5s' }), close: async () => {} };
  });
});

describeWithRedis('the refresh store', (bench) => {
  it('says the same as the memory store, whatever comes in whatever order', async () => {
    const act = fc.oneof(
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('login' as const), subject: fc.nat(1) }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('rotate' as const), token: fc.nat(400) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), session: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('others' as const), session: fc.nat(20) }) },
    );
    const step = fc.record({ wait: fc.constantFrom(0, 1, 3_000, 6_000, 5 * day, 15 * day), act });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await bench.server.admin.flushall();
        const bounds = { maxPerFamily: 6 };
        const stores = [
          redisRefreshStore(bench.redis, { ...bounds, deadline: '5s' }),
          memoryRefreshStore(bounds),
        ];
        let now = start;
        const digests: string[] = [];
        const ids: string[] = [];
        for (const [i, { wait, act }] of steps.entries()) {
          now += wait;
          const both = async (
            call: (store: (typeof stores)[number]) => Promise<unknown>,
          ): Promise<unknown> => {
            const [redis, memory] = await Promise.all(stores.map(call));
            expect(redis).toEqual(memory);
            return redis;
          };
          if (act.kind === 'login') {
            const family = { ...familyOf(`f${i}`, `s${act.subject}`), createdAt: now, lastUsedAt: now };
            const ends = { expiresAt: now + 14 * day, absoluteExpiresAt: now + 40 * day };
            await both((store) => store.create({ ...family, ...ends }, `d${i}`));
            ids.push(family.id);
            digests.push(`d${i}`);
          } else if (act.kind === 'rotate') {
            // The latest tokens first: old ones end the family, and then little is left to happen.
            const digest = digests[digests.length - 1 - (act.token % (digests.length || 1))] ?? 'none';
            await both((store) => store.rotate(turn(digest, `d${i}`, now)));
            digests.push(`d${i}`);
          } else if (act.kind === 'revoke') {
            await both((store) => store.revoke(ids[act.session % (ids.length || 1)] ?? 'none', now, 's0'));
          } else {
            const except = ids[act.session % (ids.length || 1)];
            await both(async (store) => (await store.revokeAll('s1', now, except)).sort());
          }
          for (const subject of ['s0', 's1']) await both((store) => store.list(subject, now));
        }
        for (const id of ids) {
          const [redis, memory] = await Promise.all(stores.map((store) => store.find(id)));
          expect(redis).toEqual(memory);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('remembers every used token for as long as the family can live, in a record that does not grow', async () => {
    const store = redisRefreshStore(bench.redis, { deadline: '5s' });
    await store.create(familyOf('f', 'ann'), 'd0');
    const lengthOf = async (): Promise<number> => {
      const [key = ''] = await bench.server.admin.keys('{secapi:refresh}:f:*');
      return bench.server.admin.strlen(key);
    };
    for (let i = 0; i < 20; i++) await store.rotate(turn(`d${i}`, `d${i + 1}`, start + 10 + i));
    const early = await lengthOf();
    for (let i = 20; i < 200; i++) await store.rotate(turn(`d${i}`, `d${i + 1}`, start + 10 + i));
    expect((await lengthOf()) - early).toBeLessThan(10); // of digits and names
    for (const key of await bench.server.admin.keys('{secapi:refresh}:t:*')) {
      expect(await bench.server.admin.pttl(key)).toBeGreaterThan(90 * day);
      expect(await bench.server.admin.pttl(key)).toBeLessThanOrEqual(91 * day);
    }
    expect((await store.rotate(turn('d3', 'x', start + 89 * day))).outcome).toBe('expired'); // idle since long
    expect((await store.rotate(turn('d3', 'x', start + 13 * day))).outcome).toBe('reused');
  });

  it('keeps a session a day longer than it lives, and the list of a subject as long as its longest session', async () => {
    const store = redisRefreshStore(bench.redis, { deadline: '5s' });
    const { admin } = bench.server;
    const daysLeft = async (sort: string): Promise<number[]> => {
      const keys = await admin.keys(`{secapi:refresh}:${sort}:*`);
      const left = await Promise.all(keys.map((key) => admin.pttl(key)));
      return left.map((milliseconds) => Math.round(milliseconds / day)).sort((a, b) => a - b);
    };
    await store.create(familyOf('f', 'ann'), 'd0');
    await store.create({ ...familyOf('g', 'ann'), expiresAt: start + 2 * day }, 'e0');
    expect([await daysLeft('f'), await daysLeft('s'), await daysLeft('t')]).toEqual([
      [3, 15],
      [15],
      [91, 91],
    ]);
    await store.rotate({ ...turn('e0', 'e1', start + day), idleMs: 20 * day });
    expect([await daysLeft('f'), await daysLeft('s'), await daysLeft('t')]).toEqual([
      [15, 21],
      [21],
      [90, 91, 91],
    ]);
    await store.revoke('g', start + day);
    expect([await daysLeft('f'), await daysLeft('s')]).toEqual([[1, 15], [21]]);
  });

  it('shows whose a token is and whether it was used, and changes nothing', async () => {
    const store = redisRefreshStore(bench.redis, { deadline: '5s' });
    await store.create(familyOf('f', 'ann'), 'd0');
    await store.rotate(turn('d0', 'd1'));
    const family = await store.find('f');
    expect(await store.peek?.('d0')).toEqual({ family, used: true });
    expect(await store.peek?.('d1')).toEqual({ family, used: false });
    expect(await store.peek?.('d2')).toBeUndefined();
    expect((await store.rotate(turn('d1', 'd2', start + 2))).outcome).toBe('rotated');
  });

  it('ends the session used longest ago when a subject has too many, and none for the sake of dead ones', async () => {
    const store = redisRefreshStore(bench.redis, { maxPerSubject: 3, deadline: '5s' });
    for (const id of ['a', 'b', 'c']) await store.create(familyOf(id, 'ann'), `d${id}`);
    await store.rotate(turn('da', 'da1'));
    await store.create(familyOf('d', 'ann'), 'dd');
    expect((await store.list('ann', start + 1)).map(({ id }) => id).sort()).toEqual(['a', 'c', 'd']);
    expect(await store.rotate(turn('db', 'db1'))).toEqual({ outcome: 'unknown' });
    await store.revoke('d', start + 2);
    await store.create(familyOf('e', 'ann'), 'de');
    expect((await store.list('ann', start + 3)).map(({ id }) => id).sort()).toEqual(['a', 'c', 'e']);
    expect((await store.rotate(turn('dd', 'dd1'))).outcome).toBe('revoked');
  });

  it('ends a session at its last token, and the proof of a theft stays', async () => {
    const store = redisRefreshStore(bench.redis, { maxPerFamily: 3, deadline: '5s' });
    await store.create(familyOf('f', 'ann'), 'd0');
    expect((await store.rotate(turn('d0', 'd1'))).outcome).toBe('rotated');
    expect((await store.rotate(turn('d1', 'd2', start + 2))).outcome).toBe('rotated');
    expect((await store.rotate(turn('d2', 'd3', start + 3))).outcome).toBe('expired');
    expect(await store.list('ann', start + 3)).toEqual([]);
  });

  it('gives all of 50 racers over two connections the same successor', async () => {
    let now = start;
    const [here, there] = [bench.redis, await bench.connect()].map((redis) =>
      createRefreshFamilies({ store: redisRefreshStore(redis, { deadline: '5s' }), now: () => now }),
    );
    const { token } = (await here?.start({ subject: 'ann' })) ?? { token: '' };
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 ? here : there)?.rotate(token)),
    );
    const tokens = new Set(all.map((result) => (result?.ok ? result.token : result?.reason)));
    expect(tokens.size).toBe(1);
    expect(all.filter((result) => result?.ok && !result.raced)).toHaveLength(1);
    now += 5_001;
    expect(await there?.rotate(token)).toMatchObject({ ok: false, reason: 'reused' });
    expect(await here?.rotate([...tokens][0] ?? '')).toMatchObject({ ok: false, reason: 'revoked' });
  });

  it('is an error, not a verdict, when what stands in Redis can’t be read', async () => {
    const store = redisRefreshStore(bench.redis, { deadline: '5s' });
    for (const value of ['nonsense', '\n'.repeat(14), `{\n${'1\n'.repeat(13)}`]) {
      await bench.server.admin.flushall();
      await store.create(familyOf('f', 'ann'), 'd0');
      const [key = ''] = await bench.server.admin.keys('{secapi:refresh}:f:*');
      await bench.server.admin.set(key, value, 'EX', 100);
      for (const call of [store.rotate(turn('d0', 'd1')), store.find('f'), store.list('ann', start)]) {
        await expect(call).rejects.toMatchObject({ code: 'REDIS_FAILED' });
      }
      expect(await store.revoke('f', start).catch(() => false)).toBe(false);
    }
  });

  it('refuses times that are none', async () => {
    const store = redisRefreshStore(bench.redis, { deadline: '5s' });
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      await expect(store.rotate(turn('d0', 'd1', now))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      await expect(store.create({ ...familyOf('f', 'ann'), createdAt: now }, 'd0')).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
      });
    }
    expect(await bench.server.admin.keys('*')).toEqual([]);
  });
});
