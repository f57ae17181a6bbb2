import type * as nodeCrypto from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { createKeyRing, createTokenVerifier, type KeyRing } from '../src/index.js';
import { api, fakeClock, goodClaims, world } from './support.js';

const rules = { issuer: api, audience: api, type: 'at+jwt', maxLifetime: '15m', clockTolerance: 0 } as const;

/** The signature of one token under the claims of another. */
function forged(forge: (payload: unknown) => string, subject: string): string {
  const [head, claims] = forge(goodClaims({ sub: subject })).split('.');
  const [, , signature] = forge(goodClaims({ sub: 'other' })).split('.');
  return `${head}.${claims}.${signature}`;
}

describe('a forged token that comes again', () => {
  it('costs one signature, however often it comes; the honest one too', async () => {
    const { verifier, forge } = await world();
    const { verify } = verifier();
    const engine = process.getBuiltinModule('node:crypto') as typeof nodeCrypto;
    const signatures = vi.spyOn(engine, 'verify');
    try {
      const [bad, good] = [forged(forge, 'user-1'), forge(goodClaims())];
      for (let i = 0; i < 100; i++) expect(await verify(bad)).toEqual({ ok: false, reason: 'signature' });
      expect(signatures).toHaveBeenCalledTimes(1);
      for (let i = 0; i < 100; i++) expect(await verify(good)).toMatchObject({ ok: true });
      expect(signatures).toHaveBeenCalledTimes(2);
    } finally {
      signatures.mockRestore();
    }
  });

  it('is judged anew once its key has another content under the same id', async () => {
    const [first, second] = [await world(), await world()];
    const rekeyed = await createKeyRing({ keys: [{ ...second.jwk, kid: String(first.jwk.kid) }] });
    let ring: KeyRing = first.keys;
    const keys: KeyRing = { ...first.keys, verifying: (kid) => ring.verifying(kid) };
    const { verify } = createTokenVerifier({ ...rules, keys, algorithms: ['EdDSA'], now: fakeClock() });
    const token = second.forge(goodClaims(), { alg: 'EdDSA', typ: 'at+jwt', kid: first.jwk.kid });
    for (let i = 0; i < 3; i++) expect(await verify(token)).toEqual({ ok: false, reason: 'signature' });
    ring = rekeyed;
    expect(await verify(token)).toMatchObject({ ok: true });
    ring = first.keys;
    expect(await verify(token)).toEqual({ ok: false, reason: 'signature' });
  });

  it("can't push out what was verified, however many there are", async () => {
    const { verifier, forge } = await world();
    const { verify } = verifier({ cache: { max: 4 } });
    const token = forge(goodClaims());
    const verdict = await verify(token);
    for (let i = 0; i < 50; i++)
      expect(await verify(forged(forge, `user-${i}`))).toMatchObject({ ok: false });
    expect(verify(token)).toBe(verdict);
  });
});
