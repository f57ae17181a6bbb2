import { ConfigError } from '@secapi/kernel';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createAccessTokenIssuer, createKeyRing } from '../src/index.js';
import { api, fakeClock, start, world } from './support.js';

const { keys, jwk } = await world();
const base = { keys, issuer: api, audience: api };

describe('an issuer', () => {
  it('issues tokens as RFC 9068 has them, with nothing personal in them', async () => {
    const issuer = createAccessTokenIssuer({ ...base, now: fakeClock() });
    const { token, expiresIn, claims } = await issuer.issue({
      subject: 'user-1',
      session: 's-1',
      clientId: 'web',
    });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', kid: jwk.kid, typ: 'at+jwt' });
    expect(decodeJwt(token)).toEqual(claims);
    expect(Object.keys(claims).sort()).toEqual([
      'aud',
      'client_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'sid',
      'sub',
    ]);
    expect(claims).toMatchObject({ iss: api, aud: api, sub: 'user-1', sid: 's-1', client_id: 'web' });
    expect([expiresIn, claims.exp, claims.iat]).toEqual([900, start / 1_000 + 900, start / 1_000]);
  });

  it('gives each token an id of its own, whole seconds, and the millisecond of its issue in the id', async () => {
    const issuer = createAccessTokenIssuer({ ...base, lifetime: '5m', now: fakeClock(start + 123) });
    const [one, two] = await Promise.all([1, 2].map(() => issuer.issue({ subject: 'u', session: 's' })));
    expect(one?.claims.jti).not.toBe(two?.claims.jti);
    expect(one?.claims).toMatchObject({ iat: start / 1_000, exp: start / 1_000 + 300 });
    expect(Number.parseInt(one?.claims.jti.replace('-', '').slice(0, 12) ?? '', 16)).toBe(start + 123);
    const { verifier } = await world();
    const checked = verifier({ keys, maxLifetime: '5m', now: fakeClock(start + 123) });
    expect(await checked.verify(one?.token ?? '')).toMatchObject({ ok: true });
  });

  it('says when the subject authenticated, in whole seconds and never ahead of the token', async () => {
    const issuer = createAccessTokenIssuer({ ...base, now: fakeClock() });
    const input = { subject: 'u', session: 's' };
    const authTime = async (authenticatedAt?: number) =>
      (await issuer.issue({ ...input, authenticatedAt })).claims.auth_time;
    expect(await authTime(start - 299_001)).toBe(start / 1_000 - 300);
    expect(await authTime(start + 5_000)).toBe(start / 1_000);
    expect(await authTime()).toBeUndefined();
    const { token, claims } = await issuer.issue({ ...input, authenticatedAt: start });
    const { verifier } = await world();
    expect(await verifier({ keys }).verify(token)).toEqual({ ok: true, claims });
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 'now', null, new Date(start)]) {
      await expect(issuer.issue({ ...input, authenticatedAt: wrong as never })).rejects.toThrow(
        expect.objectContaining({ code: 'TOKEN_INPUT_INVALID' }),
      );
    }
  });

  it('issues what any JOSE library verifies', async () => {
    const { token } = await createAccessTokenIssuer(base).issue({ subject: 'u', session: 's' });
    const key = keys.verifying(jwk.kid ?? '')?.key ?? new Uint8Array();
    const options = { issuer: api, audience: api, typ: 'at+jwt', maxTokenAge: '1m' };
    expect((await jwtVerify(token, key, options)).payload.sub).toBe('u');
  });

  it.each([undefined, null, '', 0, {}, 'x'.repeat(513)])('issues nothing for %j', async (value) => {
    const issuer = createAccessTokenIssuer(base);
    const invalid = expect.objectContaining({ code: 'TOKEN_INPUT_INVALID' });
    await expect(issuer.issue({ subject: value as string, session: 's' })).rejects.toThrow(invalid);
    await expect(issuer.issue({ subject: 'u', session: value as string })).rejects.toThrow(invalid);
    if (value === undefined) return;
    await expect(issuer.issue({ subject: 'u', session: 's', clientId: value as string })).rejects.toThrow(
      invalid,
    );
  });

  it.each<[string, object]>([
    ['no keys', { keys: undefined }],
    ['keys that are a secret', { keys: 'secret' }],
    ['no issuer', { issuer: undefined }],
    ['no audience', { audience: '' }],
    ['many audiences', { audience: [api] }],
    ['no lifetime', { lifetime: 0 }],
    ['an endless lifetime', { lifetime: Number.POSITIVE_INFINITY }],
    ['a lifetime of days', { lifetime: '2d' }],
    ['a lifetime that is no whole second', { lifetime: '1500ms' }],
    ['an unknown option', { expiresIn: '15m' }],
  ])('is refused with %s', (_, change) => {
    expect(() => createAccessTokenIssuer({ ...base, ...change } as never)).toThrow(ConfigError);
  });

  it('is refused with a ring that holds public keys alone', async () => {
    const ring = await createKeyRing({ keys: keys.jwks().keys });
    expect(() => createAccessTokenIssuer({ ...base, keys: ring })).toThrow(ConfigError);
  });
});
