import { ConfigError } from '@secapi/kernel';
import fc from 'fast-check';
import { CompactSign, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { createKeyRing, createSignatureVerifier, generateKey, type JWK } from '../src/index.js';
import { goodClaims, signBy, text, world } from './support.js';

const ed = await world();
const kid = String(ed.jwk.kid);
const { verify } = createSignatureVerifier({ keys: ed.keys, algorithms: ['EdDSA'] });
const jws = (header: object | string, payload: string | Uint8Array = 'any bytes') => {
  const input = `${text(typeof header === 'string' ? header : JSON.stringify({ alg: 'EdDSA', kid, ...header }))}.${text(payload)}`;
  return `${input}.${signBy(ed.jwk, input)}`;
};

describe('a signature verifier', () => {
  it('gives the header and the very bytes that were signed, whatever they are', async () => {
    const bytes = Uint8Array.of(0, 255, 254, 13, 10);
    expect(await verify(jws({ typ: 'x', extra: { a: 1 } }, bytes))).toEqual({
      ok: true,
      header: { alg: 'EdDSA', kid, typ: 'x', extra: { a: 1 } },
      payload: bytes,
    });
  });

  it('verifies what another library signed', async () => {
    const signed = await new CompactSign(new TextEncoder().encode('{"a":1}'))
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .sign(await importJWK(ed.jwk, 'EdDSA'));
    expect(await verify(signed)).toMatchObject({ ok: true, header: { kid } });
  });

  it('tells a bad signature from a bad claim, which only the token verifier knows', async () => {
    const bad = ed.forge(goodClaims({ aud: 'other' }));
    expect(await verify(bad)).toMatchObject({ ok: true });
    expect(await ed.verifier().verify(bad)).toEqual({ ok: false, reason: 'audience' });
    const [header, , signature] = bad.split('.');
    const forged = `${header}.${text(JSON.stringify(goodClaims()))}.${signature}`;
    expect(await verify(forged)).toEqual({ ok: false, reason: 'signature' });
    expect(await ed.verifier().verify(forged)).toEqual({ ok: false, reason: 'signature' });
  });

  it.each<[string, unknown, string]>([
    ['what is no text', 1, 'malformed'],
    ['two parts', 'a.b', 'malformed'],
    ['a detached payload', jws({}).replace(/\.[^.]+\./, '..'), 'malformed'],
    ['a header that is a list', jws('[]'), 'malformed'],
    ['alg none', jws({ alg: 'none' }), 'algorithm'],
    ['another alg', jws({ alg: 'ES256' }), 'algorithm'],
    ['an inherited alg', jws('{"__proto__":{"alg":"EdDSA"}}'), 'algorithm'],
    ['crit', jws({ crit: ['exp'], exp: 1 }), 'critical'],
    ['b64', jws({ b64: false }), 'critical'],
    ['no kid', jws({ kid: undefined }), 'unknown_key'],
    ['another kid', jws({ kid: 'other' }), 'unknown_key'],
    ['too much', jws({}, 'x'.repeat(8_192)), 'malformed'],
  ])('refuses %s', async (_, value, reason) => {
    expect(await verify(value as string)).toEqual({ ok: false, reason });
  });

  it('demands a type where it is told to, with or without application/ and in any case', async () => {
    const typed = createSignatureVerifier({ keys: ed.keys, algorithms: ['EdDSA'], type: 'secevent+jwt' });
    for (const typ of ['secevent+jwt', 'SecEvent+JWT', 'application/secevent+jwt']) {
      expect(await typed.verify(jws({ typ }))).toMatchObject({ ok: true });
    }
    for (const typ of [
      undefined,
      'at+jwt',
      '',
      null,
      ['secevent+jwt'],
      'application/application/secevent+jwt',
    ]) {
      expect(await typed.verify(jws({ typ }))).toEqual({ ok: false, reason: 'type' });
    }
  });

  it('takes a header without kid for the one key that it is told of, and for no other', async () => {
    const other = (await generateKey()) as JWK;
    const keys = await createKeyRing({ keys: [ed.jwk, other] });
    const one = createSignatureVerifier({ keys, algorithms: ['EdDSA'], kid });
    expect(await one.verify(jws({ kid: undefined }))).toMatchObject({ ok: true });
    expect(await one.verify(jws({}))).toMatchObject({ ok: true });
    for (const wrong of [other.kid, '', null, [kid]]) {
      expect(await one.verify(jws({ kid: wrong }))).toEqual({ ok: false, reason: 'unknown_key' });
    }
    const two = createSignatureVerifier({ keys, algorithms: ['EdDSA'], kid: String(other.kid) });
    expect(await two.verify(jws({ kid: undefined }))).toEqual({ ok: false, reason: 'signature' });
  });

  it('takes longer ones where it is told to', async () => {
    const long = createSignatureVerifier({ keys: ed.keys, algorithms: ['EdDSA'], maxLength: 100_000 });
    expect(await long.verify(jws({}, 'x'.repeat(50_000)))).toMatchObject({ ok: true });
  });

  it('gives a header that nobody can change for the next', async () => {
    const token = jws({ extra: [1] });
    const first = await verify(token);
    if (first.ok) (first.header.extra as number[]).push(2);
    expect(await verify(token)).toMatchObject({ header: { extra: [1] } });
  });

  it('accepts what was signed, and nothing that differs from it in one place', async () => {
    const token = jws({});
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.string({ maxLength: 2, unit: 'binary' }),
        async (at, letters) => {
          const other = token.slice(0, at) + letters + token.slice(at + 1);
          expect((await verify(other)).ok).toBe(other === token);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, object]>([
    ['no keys', { keys: undefined }],
    ['a secret as keys', { keys: 'secret' }],
    ['no algorithms', { algorithms: undefined }],
    ['an empty list', { algorithms: [] }],
    ['none', { algorithms: ['none'] }],
    ['two families', { algorithms: ['EdDSA', 'HS256'] }],
    ['an algorithm that fits no key', { algorithms: ['RS256'] }],
    ['an empty type', { type: '' }],
    ['a pattern as type', { type: /jwt/g }],
    ['a kid that is a number', { kid: 1 }],
    ['no bound', { maxLength: Number.POSITIVE_INFINITY }],
    ['an unknown option', { audience: 'a' }],
  ])('is refused with %s', (_, change) => {
    const options = { keys: ed.keys, algorithms: ['EdDSA'], ...change };
    expect(() => createSignatureVerifier(options as never)).toThrow(ConfigError);
  });
});
