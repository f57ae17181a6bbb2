import { createHash } from 'node:crypto';
import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import {
  createRefreshFamilies,
  memoryRefreshStore,
  type RefreshStore,
  type RotateResult,
} from '../src/index.js';
import { fakeClock, start } from './support.js';

const day = 86_400_000;

function setUp(options = {}) {
  const now = fakeClock();
  const store = memoryRefreshStore();
  return { now, store, families: createRefreshFamilies({ store, now, ...options }) };
}

function tokenOf(result: RotateResult): string {
  if (!result.ok) throw new Error(result.reason);
  return result.token;
}

describe('a refresh family', () => {
  it('starts with a token, and each rotation gives the next', async () => {
    const { families, now } = setUp();
    const { token, session } = await families.start({
      subject: 'u',
      device: { userAgent: 'Firefox', address: '192.0.2.1' },
    });
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(session).toMatchObject({
      subject: 'u',
      createdAt: start,
      lastUsedAt: start,
      expiresAt: start + 14 * day,
    });
    expect(session.device).toEqual({ userAgent: 'Firefox', address: '192.0.2.1' });
    const seen = new Set([token]);
    let current = token;
    for (let i = 1; i <= 20; i++) {
      now.advance(60_000);
      const result = await families.rotate(current, { device: { address: '192.0.2.2' } });
      expect(result).toMatchObject({
        ok: true,
        raced: false,
        session: { id: session.id, lastUsedAt: start + i * 60_000 },
      });
      current = tokenOf(result);
      expect(current).toMatch(/^[\w-]{43}$/);
      seen.add(current);
    }
    expect(seen.size).toBe(21);
    expect((await families.find(session.id))?.device).toEqual({ address: '192.0.2.2' });
  });

  it('gives 30 parallel rotations of one token the same successor, which works', async () => {
    const { families, now } = setUp();
    const { token } = await families.start({ subject: 'u' });
    const results = await Promise.all(Array.from({ length: 30 }, () => families.rotate(token)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(results.filter((result) => result.ok && !result.raced)).toHaveLength(1);
    expect(new Set(results.map(tokenOf)).size).toBe(1);
    now.advance(60_000);
    expect(await families.rotate(tokenOf(results[7] as RotateResult))).toMatchObject({
      ok: true,
      raced: false,
    });
    expect(await families.list('u')).toHaveLength(1);
  });

  it('takes a second use for a race until the grace is over, and for theft after it', async () => {
    for (const [wait, ok] of [
      [0, true],
      [5_000, true],
      [5_001, false],
    ] as const) {
      const { families, now } = setUp();
      const { token } = await families.start({ subject: 'u' });
      const next = tokenOf(await families.rotate(token));
      now.advance(wait);
      const again = await families.rotate(token);
      expect(again).toMatchObject(ok ? { ok, token: next, raced: true } : { ok, reason: 'reused' });
      expect(await families.rotate(next)).toMatchObject(ok ? { ok } : { ok, reason: 'revoked' });
    }
  });

  it('takes a second use for theft as soon as the successor is used, and then ends the whole family', async () => {
    const { families } = setUp();
    const { token, session } = await families.start({ subject: 'u' });
    const second = tokenOf(await families.rotate(token));
    const third = tokenOf(await families.rotate(second));
    const reused = await families.rotate(token);
    expect(reused).toMatchObject({ ok: false, reason: 'reused', session: { id: session.id, subject: 'u' } });
    for (const dead of [token, second, third]) {
      expect(await families.rotate(dead)).toMatchObject({
        ok: false,
        reason: 'revoked',
        session: { id: session.id },
      });
    }
    expect(await families.list('u')).toEqual([]);
  });

  it("leaves everybody else's family alone when one is ended", async () => {
    const { families, now } = setUp();
    const [mine, other, device] = await Promise.all(
      ['u', 'v', 'u'].map((subject) => families.start({ subject })),
    );
    await families.rotate(mine?.token ?? '');
    now.advance(60_000);
    expect(await families.rotate(mine?.token ?? '')).toMatchObject({ reason: 'reused' });
    expect(await families.rotate(other?.token ?? '')).toMatchObject({ ok: true });
    expect(await families.rotate(device?.token ?? '')).toMatchObject({ ok: true });
  });

  it('measures a race from the arrival of the request, and never by more than a minute', async () => {
    for (const [receivedAt, ok] of [
      [start, true],
      [start + 6_000, false],
      [start - 10 * day, false],
      [Number.NaN, false],
      [Number.POSITIVE_INFINITY, false],
      [undefined, false],
    ] as const) {
      const { families, now } = setUp();
      const { token } = await families.start({ subject: 'u' });
      await families.rotate(token);
      now.advance(receivedAt === start - 10 * day ? 65_001 : 20_000);
      expect((await families.rotate(token, { receivedAt })).ok).toBe(ok);
    }
  });

  it.each<unknown>([
    undefined,
    null,
    '',
    0,
    {},
    [],
    'x',
    'A'.repeat(43),
    'A'.repeat(42),
    'A'.repeat(44),
    `${'A'.repeat(42)}=`,
    `${'A'.repeat(42)}B`,
    'ü'.repeat(43),
    '\0'.repeat(43),
  ])('knows nothing of %j, which harms nobody', async (token) => {
    const { families } = setUp();
    const { token: good } = await families.start({ subject: 'u' });
    expect(await families.rotate(token as string)).toEqual({ ok: false, reason: 'unknown' });
    expect(await families.rotate(good)).toMatchObject({ ok: true });
  });

  it('ends when it is not used for two weeks, and each use gives it two weeks more', async () => {
    const { families, now } = setUp();
    let { token } = await families.start({ subject: 'u' });
    for (let i = 0; i < 3; i++) {
      now.advance(14 * day - 1);
      token = tokenOf(await families.rotate(token));
    }
    now.advance(14 * day);
    expect(await families.rotate(token)).toMatchObject({ ok: false, reason: 'expired' });
    expect(await families.list('u')).toEqual([]);
  });

  it('ends after ninety days, however much it is used', async () => {
    const { families, now } = setUp();
    let { token, session } = await families.start({ subject: 'u' });
    for (let i = 0; i < 89; i++) {
      now.advance(day);
      const result = await families.rotate(token);
      token = tokenOf(result);
      if (result.session) session = result.session;
    }
    expect(session.expiresAt).toBe(start + 90 * day);
    now.advance(day);
    expect(await families.rotate(token)).toMatchObject({ ok: false, reason: 'expired' });
    expect(await families.find(session.id)).toBeUndefined();
  });

  it('is listed, found and ended by its owner, and by nobody else', async () => {
    const { families, now } = setUp();
    const one = await families.start({ subject: 'u' });
    now.advance(1_000);
    const two = await families.start({ subject: 'u' });
    await families.start({ subject: 'v' });
    expect((await families.list('u')).map(({ id }) => id)).toEqual([two.session.id, one.session.id]);
    expect(await families.revoke(one.session.id, 'v')).toBe(false);
    expect(await families.find(one.session.id)).toMatchObject({ id: one.session.id });
    expect(await families.revoke(one.session.id, 'u')).toBe(true);
    expect(await families.revoke(one.session.id, 'u')).toBe(false);
    expect(await families.revoke('unknown')).toBe(false);
    expect(await families.find(one.session.id)).toBeUndefined();
    expect(await families.rotate(one.token)).toMatchObject({ ok: false, reason: 'revoked' });
    expect(await families.rotate(two.token)).toMatchObject({ ok: true });
  });

  it('ends with all of its subject, or all but one', async () => {
    const { families } = setUp();
    const [a, b, c, other] = await Promise.all(
      ['u', 'u', 'u', 'v'].map((subject) => families.start({ subject })),
    );
    const ids = [a, b, c].map((started) => started?.session.id);
    expect((await families.revokeAll('u', { except: ids[1] })).sort()).toEqual([ids[0], ids[2]].sort());
    expect((await families.list('u')).map(({ id }) => id)).toEqual([ids[1]]);
    expect(await families.revokeAll('u')).toEqual([ids[1]]);
    expect(await families.revokeAll('u')).toEqual([]);
    expect(await families.rotate(other?.token ?? '')).toMatchObject({ ok: true });
  });

  it('keeps no token in its store, nor anything a token could be made of without one', async () => {
    const written: unknown[] = [];
    const inner = memoryRefreshStore();
    const record =
      <Arguments extends unknown[], Result>(call: (...input: Arguments) => Promise<Result>) =>
      async (...input: Arguments) => {
        const answer = await call(...input);
        written.push(input, answer);
        return answer;
      };
    const store: RefreshStore = { ...inner, create: record(inner.create), rotate: record(inner.rotate) };
    const families = createRefreshFamilies({ store, now: fakeClock() });
    const tokens = [(await families.start({ subject: 'u', device: { userAgent: 'x'.repeat(9_999) } })).token];
    for (let i = 0; i < 5; i++)
      tokens.push(
        ...(await Promise.all([1, 2].map(() => families.rotate(tokens.at(-1) ?? '').then(tokenOf)))),
      );
    const dump = JSON.stringify(written);
    for (const token of tokens) {
      expect(dump).not.toContain(token);
      expect(dump).toContain(createHash('sha256').update(token).digest('base64url'));
    }
    expect(dump).not.toContain('x'.repeat(257));
  });

  it('refuses a store that forgets the salt of a race', async () => {
    const inner = memoryRefreshStore();
    const store: RefreshStore = {
      ...inner,
      rotate: async (input) => {
        const answer = await inner.rotate(input);
        return answer.outcome === 'raced' ? { outcome: 'raced', family: answer.family } : answer;
      },
    };
    const families = createRefreshFamilies({ store, now: fakeClock() });
    const { token } = await families.start({ subject: 'u' });
    await families.rotate(token);
    await expect(families.rotate(token)).rejects.toThrow(
      expect.objectContaining({ code: 'TOKEN_STORE_INVALID' }),
    );
  });

  it.each<[string, object]>([
    ['no store', { store: undefined }],
    ['an endless lifetime', { absoluteLifetime: Number.POSITIVE_INFINITY }],
    ['an idle lifetime that is longer than all', { idleLifetime: '91d' }],
    ['a grace of more than a minute', { grace: '2m' }],
    ['a negative grace', { grace: -1 }],
    ['an unknown option', { lifetime: '1d' }],
  ])("can't be made with %s", (_, change) => {
    expect(() => createRefreshFamilies({ store: memoryRefreshStore(), ...change } as never)).toThrow(
      ConfigError,
    );
  });
});
