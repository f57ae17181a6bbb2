import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import {
  createRefreshFamilies,
  introspect,
  memoryRefreshStore,
  memoryRevocations,
  type RefreshStore,
  revokeToken,
} from '../src/index.js';
import { goodClaims, start, world } from './support.js';

const day = 86_400_000;
const junk: unknown[] = [undefined, null, '', 0, {}, [], 'x', 'a.b.c', 'A'.repeat(43), 'x'.repeat(100_000)];
const hints = [undefined, 'access_token', 'refresh_token', 'nonsense', ''];

async function setup() {
  const { verifier, forge, now } = await world();
  const revocations = memoryRevocations({ now });
  const families = createRefreshFamilies({ store: memoryRefreshStore(), now });
  return {
    verifier: verifier({ revocations }),
    forge,
    now,
    revocations,
    families,
    accessLifetime: '15m',
  } as const;
}

describe('introspection', () => {
  it.each(hints)('tells the claims of an active access token, whatever the hint (%s)', async (hint) => {
    const { forge, ...input } = await setup();
    expect(await introspect(forge(goodClaims({ scope: 'a b' })), { ...input, hint })).toEqual({
      active: true,
      token_type: 'Bearer',
      ...goodClaims({ scope: 'a b' }),
    });
  });

  it.each(hints)(
    'tells of a refresh token whose it is and until when, and does not use it (%s)',
    async (hint) => {
      const input = await setup();
      const { token, session } = await input.families.start({ subject: 'user-1' });
      for (let i = 0; i < 3; i++) {
        expect(await introspect(token, { ...input, hint })).toEqual({
          active: true,
          sub: 'user-1',
          sid: session.id,
          iat: start / 1_000,
          exp: (start + 14 * day) / 1_000,
        });
      }
      expect(await input.families.rotate(token)).toMatchObject({ ok: true, raced: false });
    },
  );

  it('says active: false, and nothing else, of everything that is not', async () => {
    const { forge, ...input } = await setup();
    const { token, session } = await input.families.start({ subject: 'user-1' });
    const other = await input.families.start({ subject: 'user-2' });
    await input.families.rotate(token); // used
    await input.families.revoke(other.session.id);
    const revoked = forge(goodClaims({ jti: 'revoked' }));
    await input.revocations.revoke({ kind: 'token', id: 'revoked', at: start, until: start + day });
    const dead = [
      token,
      other.token,
      revoked,
      forge(goodClaims({ exp: start / 1_000 - 1, iat: start / 1_000 - 900 })),
      forge(goodClaims({ aud: 'other' })),
      `${forge(goodClaims()).slice(0, -4)}AAAA`,
      session.id,
      ...junk,
    ];
    for (const hint of hints) {
      for (const one of dead) expect(await introspect(one, { ...input, hint })).toEqual({ active: false });
    }
  });

  it('says so of a refresh token whose session has ended by its time', async () => {
    const input = await setup();
    const { token } = await input.families.start({ subject: 'user-1' });
    input.now.advance(14 * day);
    expect(await introspect(token, input)).toEqual({ active: false });
  });

  it('knows no refresh tokens without families, and rejects where their store can not look', async () => {
    const { families, ...input } = await setup();
    const { token } = await families.start({ subject: 'user-1' });
    expect(await introspect(token, input)).toEqual({ active: false });
    const { peek: _, ...store } = memoryRefreshStore() as RefreshStore;
    const blind = createRefreshFamilies({ store });
    await expect(introspect(token, { ...input, families: blind })).rejects.toThrow(
      expect.objectContaining({ code: 'TOKEN_STORE_INVALID' }),
    );
  });

  it('lets nothing through when revocations can not be asked', async () => {
    const { verifier, forge } = await world();
    const revocations = { revoke: async () => {}, isRevoked: async () => Promise.reject(new Error('down')) };
    await expect(introspect(forge(goodClaims()), { verifier: verifier({ revocations }) })).rejects.toThrow(
      'down',
    );
  });
});

describe('revoking a token', () => {
  it.each(hints)('ends an access token, and no other of its session (%s)', async (hint) => {
    const { forge, ...input } = await setup();
    const [one, other] = [forge(goodClaims()), forge(goodClaims({ jti: 'token-2' }))];
    expect(await revokeToken(one, { ...input, hint })).toEqual({
      revoked: 'access_token',
      subject: 'user-1',
      session: 'session-1',
    });
    expect(await input.verifier.verify(one)).toEqual({ ok: false, reason: 'revoked' });
    expect(await input.verifier.verify(other)).toMatchObject({ ok: true });
    input.now.advance(899_999);
    expect(await input.verifier.verify(one)).toEqual({ ok: false, reason: 'revoked' });
  });

  it.each(hints)('ends the session of a refresh token, with its access tokens (%s)', async (hint) => {
    const { forge, ...input } = await setup();
    const { token, session } = await input.families.start({ subject: 'user-1' });
    const other = await input.families.start({ subject: 'user-1' });
    const access = forge(goodClaims({ sid: session.id }));
    expect(await revokeToken(token, { ...input, hint })).toEqual({
      revoked: 'refresh_token',
      subject: 'user-1',
      session: session.id,
    });
    expect(await input.families.rotate(token)).toMatchObject({ ok: false, reason: 'revoked' });
    expect(await input.verifier.verify(access)).toEqual({ ok: false, reason: 'revoked' });
    expect((await input.families.list('user-1')).map(({ id }) => id)).toEqual([other.session.id]);
  });

  it('ends the session by any of its tokens, also one that a race left behind', async () => {
    const input = await setup();
    const { token } = await input.families.start({ subject: 'user-1' });
    const next = await input.families.rotate(token);
    expect(await revokeToken(token, input)).toMatchObject({ revoked: 'refresh_token' });
    expect(next.ok && (await input.families.rotate(next.token))).toMatchObject({
      ok: false,
      reason: 'revoked',
    });
    expect(await input.families.list('user-1')).toEqual([]);
  });

  it('wins or loses against 50 uses at once, and the session has ended either way', async () => {
    const input = await setup();
    const { token, session } = await input.families.start({ subject: 'user-1' });
    const work = Array.from({ length: 50 }, (_, i) =>
      i === 25 ? revokeToken(token, input) : input.families.rotate(token),
    );
    const results = await Promise.all(work);
    expect(await input.families.find(session.id)).toBeUndefined();
    for (const result of results) {
      if ('ok' in result && result.ok)
        expect(await input.families.rotate(result.token)).toMatchObject({ ok: false });
    }
  });

  it('is a success that changes nothing for what was of no use before', async () => {
    const { forge, ...input } = await setup();
    const { session } = await input.families.start({ subject: 'user-1' });
    for (const hint of hints) {
      for (const one of [...junk, session.id, forge(goodClaims({ aud: 'other' }))]) {
        expect(await revokeToken(one, { ...input, hint })).toEqual({ revoked: undefined });
      }
    }
    expect(await input.families.find(session.id)).toBeDefined();
    const good = forge(goodClaims());
    await revokeToken(good, input);
    expect(await revokeToken(good, input)).toEqual({ revoked: undefined });
  });

  it('demands to know how long access tokens live', async () => {
    const { accessLifetime: _, ...input } = await setup();
    await expect(revokeToken('x', input as never)).rejects.toThrow(ConfigError);
  });
});
