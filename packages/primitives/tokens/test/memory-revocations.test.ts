import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createAccessTokenIssuer, memoryRevocations } from '../src/index.js';
import { api, fakeClock, goodClaims, start, world } from './support.js';

const claims = { jti: 't', sid: 's', sub: 'u', iat: start / 1_000 };
const until = start + 900_000;

describe('revocations in memory', () => {
  it.each([
    ['token', 't'],
    ['session', 's'],
    ['subject', 'u'],
  ] as const)('revoke a %s, and nothing else', async (kind, id) => {
    const store = memoryRevocations({ now: fakeClock() });
    expect(store.isRevoked(claims)).toBe(false);
    await store.revoke({ kind, id: 'other', at: start, until });
    expect(store.isRevoked(claims)).toBe(false);
    for (const other of ['token', 'session', 'subject'] as const) {
      if (other !== kind) await store.revoke({ kind: other, id, at: start, until });
    }
    expect(store.isRevoked(claims)).toBe(false);
    await store.revoke({ kind, id, at: start, until });
    expect(store.isRevoked(claims)).toBe(true);
  });

  it('revoke of a subject what was issued at or before, to the millisecond', async () => {
    const now = fakeClock(start + 567);
    const { keys, verifier, forge } = await world();
    const revocations = memoryRevocations({ now });
    const { verify } = verifier({ revocations, now });
    const issuer = createAccessTokenIssuer({ keys, issuer: api, audience: api, now });
    const issue = async () => (await issuer.issue({ subject: 'u', session: 's' })).token;
    const before = await issue();
    await verify(before);
    await revocations.revoke({ kind: 'subject', id: 'u', at: now(), until });
    now.advance(1);
    const after = await issue();
    expect(await verify(before)).toEqual({ ok: false, reason: 'revoked' });
    expect(await verify(after)).toMatchObject({ ok: true });
    // Without an id that tells the millisecond, or with one that tells another second, the whole second counts as before.
    const later = '019ab7f0-0000-7000-8000-000000000000';
    for (const jti of ['token', later, later.replace('-7', '-4')]) {
      expect(await verify(forge(goodClaims({ sub: 'u', jti })))).toEqual({ ok: false, reason: 'revoked' });
    }
  });

  it('stay in force until their end, and a second one never shortens the first', async () => {
    const now = fakeClock();
    const store = memoryRevocations({ now });
    await store.revoke({ kind: 'subject', id: 'u', at: start, until });
    await store.revoke({ kind: 'subject', id: 'u', at: start - 1_000, until: until - 1_000 });
    expect(store.isRevoked(claims)).toBe(true);
    now.advance(899_999);
    expect(store.isRevoked(claims)).toBe(true);
    now.advance(1);
    expect(store.isRevoked(claims)).toBe(false);
  });

  it('are forgotten only when they have ended', async () => {
    const now = fakeClock();
    const store = memoryRevocations({ now, max: 2_000 });
    for (let i = 0; i < 1_000; i++)
      await store.revoke({ kind: 'token', id: `old${i}`, at: start, until: start + 1_000 });
    now.advance(1_000);
    for (let i = 0; i < 2_000; i++) await store.revoke({ kind: 'token', id: `new${i}`, at: start, until });
    for (let i = 0; i < 2_000; i++) expect(store.isRevoked({ ...claims, jti: `new${i}` })).toBe(true);
    expect(store.isRevoked({ ...claims, jti: 'old1' })).toBe(false);
    expect(store.isRevoked(claims)).toBe(false);
  });

  it('revoke everything issued so far rather than lose one when there are too many', async () => {
    const now = fakeClock();
    const store = memoryRevocations({ now, max: 10 });
    for (let i = 0; i < 10; i++) await store.revoke({ kind: 'session', id: `s${i}`, at: start, until });
    expect(store.isRevoked(claims)).toBe(false);
    await store.revoke({ kind: 'session', id: 's10', at: start, until });
    for (let i = 0; i <= 10; i++) expect(store.isRevoked({ ...claims, sid: `s${i}` })).toBe(true);
    expect(store.isRevoked(claims)).toBe(true);
    expect(store.isRevoked({ ...claims, iat: (start + 1) / 1_000 })).toBe(false);
    now.advance(900_000);
    expect(store.isRevoked(claims)).toBe(false);
  });

  it.each([{ max: 0 }, { max: Number.POSITIVE_INFINITY }, { size: 1 }])(
    "can't be made with %j",
    (options) => {
      expect(() => memoryRevocations(options as never)).toThrow(ConfigError);
    },
  );

  it.each([{ at: Number.NaN }, { until: Number.POSITIVE_INFINITY }, { id: '' }, { id: undefined }])(
    'refuse %j',
    async (change) => {
      const entry = { kind: 'token', id: 't', at: start, until, ...change } as never;
      await expect(memoryRevocations().revoke(entry)).rejects.toThrow();
    },
  );
});
