import { describe, expect, it } from 'vitest';
import { api, goodClaims, start, world } from './support.js';

const { forge, verifier } = await world();
const verify = async (payload: unknown, options = {}) => verifier(options).verify(forge(payload));
const seconds = start / 1_000;

describe('the claims of a signed token', () => {
  const strings = ['iss', 'aud', 'sub', 'jti', 'sid'];
  const notTexts: unknown[] = [
    undefined,
    null,
    '',
    0,
    1,
    true,
    {},
    [],
    [api],
    ['user-1'],
    { toString: api },
    'x'.repeat(513),
  ];
  it.each(strings)('%s must be there and be a text', async (name) => {
    for (const value of notTexts) {
      expect(await verify(goodClaims({ [name]: value }))).toEqual({ ok: false, reason: 'claims' });
    }
  });

  it.each(['client_id', 'scope'])('%s may be missing, and else must be a text', async (name) => {
    expect(await verify(goodClaims({ [name]: 'some' }))).toEqual({
      ok: true,
      claims: goodClaims({ [name]: 'some' }),
    });
    for (const value of [null, '', 0, {}, [], ['some'], 'x'.repeat(5_000)]) {
      expect(await verify(goodClaims({ [name]: value }))).toEqual({ ok: false, reason: 'claims' });
    }
  });

  it('auth_time may be missing, and else must be a time not after the issue', async () => {
    for (const auth_time of [seconds, seconds - 3_600, seconds - 0.5]) {
      expect(await verify(goodClaims({ auth_time }))).toEqual({
        ok: true,
        claims: goodClaims({ auth_time }),
      });
    }
    for (const auth_time of [null, 0, -1, '', String(seconds), [seconds], {}, 1e300, seconds + 1]) {
      expect(await verify(goodClaims({ auth_time }))).toEqual({ ok: false, reason: 'claims' });
    }
    expect(await verify(goodClaims({ auth_time: seconds + 1 }), { clockTolerance: 1 })).toMatchObject({
      ok: true,
    });
  });

  it.each(['exp', 'iat'])('%s must be there and be a time', async (name) => {
    for (const value of [
      undefined,
      null,
      0,
      -1,
      '',
      '9999',
      String(seconds),
      true,
      {},
      [],
      [seconds],
      1e300,
    ]) {
      expect(await verify(goodClaims({ [name]: value }))).toEqual({ ok: false, reason: 'claims' });
    }
  });

  it.each(['1e400', '-1e400', '-0', '0.0', 'NaN', 'Infinity'])(
    'a time written as %s is refused',
    async (literal) => {
      for (const name of ['exp', 'iat', 'nbf']) {
        const payload = JSON.stringify(goodClaims({ [name]: 'HERE' })).replace('"HERE"', literal);
        expect(await verify(payload)).toMatchObject({ ok: false });
      }
    },
  );

  it('nbf may be missing, and else must be a time', async () => {
    expect(await verify(goodClaims({ nbf: seconds }))).toMatchObject({ ok: true });
    for (const nbf of [null, 0, -1, '', String(seconds), {}, [seconds], 1e300]) {
      expect(await verify(goodClaims({ nbf }))).toEqual({ ok: false, reason: 'claims' });
    }
  });

  it.each(['https://other.example', `${api}/`, api.toUpperCase(), `${api} `, `${api}\u0000`])(
    'another issuer or audience is refused: %j',
    async (other) => {
      expect(await verify(goodClaims({ iss: other }))).toEqual({ ok: false, reason: 'issuer' });
      expect(await verify(goodClaims({ aud: other }))).toEqual({ ok: false, reason: 'audience' });
    },
  );

  it('an inherited property is no claim', async () => {
    const polluted = Object.prototype as { sid?: string };
    polluted.sid = 'inherited';
    try {
      expect(await verify(goodClaims({ sid: undefined }))).toEqual({ ok: false, reason: 'claims' });
    } finally {
      delete polluted.sid;
    }
  });

  it.each([
    ['made for longer than allowed', { exp: seconds + 901 }, 'lifetime'],
    ['made by a hair longer', { exp: seconds + 900.001 }, 'lifetime'],
    ['ended before it began', { exp: seconds - 1 }, 'lifetime'],
    ['ended as it began', { exp: seconds }, 'lifetime'],
    ['expired now', { iat: seconds - 900, exp: seconds }, 'expired'],
    ['expired', { iat: seconds - 901, exp: seconds - 1 }, 'expired'],
    ['issued in the future', { iat: seconds + 1, exp: seconds + 60 }, 'not_yet_valid'],
    ['not yet valid', { nbf: seconds + 1 }, 'not_yet_valid'],
  ])('a token %s is refused', async (_, changes, reason) => {
    expect(await verify(goodClaims(changes))).toEqual({ ok: false, reason });
  });

  it('clocks may differ by the tolerance and not by more', async () => {
    const clockTolerance = '30s';
    for (const [changes, ok] of [
      [{ iat: seconds - 900, exp: seconds - 29 }, true],
      [{ iat: seconds - 900, exp: seconds - 30 }, false],
      [{ iat: seconds + 30, exp: seconds + 60 }, true],
      [{ iat: seconds + 31, exp: seconds + 60 }, false],
      [{ nbf: seconds + 30 }, true],
      [{ nbf: seconds + 31 }, false],
    ] as const) {
      expect((await verify(goodClaims(changes), { clockTolerance })).ok).toBe(ok);
    }
  });

  it('what is handed out is frozen', async () => {
    const verdict = await verify(goodClaims());
    expect(Object.isFrozen(verdict)).toBe(true);
    expect(verdict.ok && Object.isFrozen(verdict.claims)).toBe(true);
  });
});
