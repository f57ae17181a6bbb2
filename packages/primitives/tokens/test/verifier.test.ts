import { describe, expect, it } from 'vitest';
import {
  type Algorithm,
  createAccessTokenIssuer,
  createKeyRing,
  createTokenVerifier,
  generateKey,
  type JWK,
  type KeyRing,
  memoryRevocations,
  type RevocationStore,
} from '../src/index.js';
import { findSyncDigest } from '../src/internal/digest.js';
import { createGenerations } from '../src/internal/generations.js';
import { api, fakeClock, goodClaims, start, world } from './support.js';

const algorithms: Algorithm[] = [
  'EdDSA',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'HS256',
  'HS384',
  'HS512',
];

// RSA keys are slow to make, so those for six algorithms are the same two.
const rsa = await Promise.all([generateKey('RS256'), generateKey('RS256')]);
const keyFor = async (alg: Algorithm, index: 0 | 1): Promise<JWK> => ({
  ...(/^[RP]S/.test(alg) ? rsa[index] : await generateKey(alg)),
  alg,
  kid: 'one',
});

describe('a verifier', () => {
  it.each(algorithms)('verifies what an issuer signed with %s, and not with another key', async (alg) => {
    const [keys, others] = await Promise.all([
      createKeyRing({ keys: [await keyFor(alg, 0)] }),
      createKeyRing({ keys: [await keyFor(alg, 1)] }),
    ]);
    const base = { issuer: api, audience: api, now: fakeClock() };
    const options = {
      ...base,
      algorithms: [alg],
      type: 'at+jwt',
      maxLifetime: '15m',
      clockTolerance: 0,
    } as const;
    const { token, claims } = await createAccessTokenIssuer({ ...base, keys }).issue({
      subject: 'u',
      session: 's',
    });
    expect(await createTokenVerifier({ ...options, keys }).verify(token)).toEqual({ ok: true, claims });
    const verdict = await createTokenVerifier({ ...options, keys: others }).verify(token);
    expect(verdict).toEqual({ ok: false, reason: 'signature' });
  });

  it('remembers a token it has verified, and no other', async () => {
    const { verifier, forge } = await world();
    const { verify } = verifier();
    const token = forge(goodClaims());
    const verdict = await verify(token);
    expect(verdict).toMatchObject({ ok: true });
    expect(verify(token)).toBe(verdict);
    const bad = forge(goodClaims({ aud: 'other' }));
    expect(await verify(bad)).not.toBe(await verify(bad));
  });

  it('remembers nothing when the cache is off', async () => {
    const { verifier, forge } = await world();
    const { verify } = verifier({ cache: { max: 0 } });
    const token = forge(goodClaims());
    const verdict = await verify(token);
    expect(verdict).toMatchObject({ ok: true });
    expect(await verify(token)).not.toBe(verdict);
  });

  it('refuses a remembered token from the moment it expires', async () => {
    const { verifier, forge, now } = await world();
    const { verify } = verifier();
    const token = forge(goodClaims());
    await verify(token);
    now.advance(899_999);
    expect(verify(token)).toMatchObject({ ok: true });
    now.advance(1);
    expect(verify(token)).toEqual({ ok: false, reason: 'expired' });
    expect(await verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  it('refuses a remembered token when the clock is set back before it', async () => {
    const { verifier, forge, now } = await world();
    const { verify } = verifier();
    const token = forge(goodClaims({ nbf: start / 1_000 }));
    await verify(token);
    now.advance(-1);
    expect(verify(token)).toEqual({ ok: false, reason: 'not_yet_valid' });
    now.advance(1);
    expect(verify(token)).toMatchObject({ ok: true });
  });

  it.each(['token', 'session', 'subject'] as const)(
    'refuses a remembered token at once when its %s is revoked',
    async (kind) => {
      const { verifier, forge, now } = await world();
      const revocations = memoryRevocations({ now });
      const { verify } = verifier({ revocations });
      const token = forge(goodClaims());
      const other = forge(goodClaims({ jti: 'token-2', sid: 'session-2', sub: 'user-2' }));
      await Promise.all([verify(token), verify(other)]);
      const id = { token: 'token-1', session: 'session-1', subject: 'user-1' }[kind];
      await revocations.revoke({ kind, id, at: now(), until: now() + 900_000 });
      expect(verify(token)).toEqual({ ok: false, reason: 'revoked' });
      expect(verify(other)).toMatchObject({ ok: true });
      expect(await verifier({ revocations }).verify(token)).toEqual({ ok: false, reason: 'revoked' });
    },
  );

  it('refuses a remembered token when its key leaves the ring, and when another takes its place', async () => {
    const { keys, verifier, forge } = await world();
    const kid = keys.signing().kid;
    let ring = keys;
    const changing: KeyRing = { ...keys, verifying: (id) => ring.verifying(id) };
    const { verify } = verifier({ keys: changing });
    const token = forge(goodClaims());
    await verify(token);
    ring = await createKeyRing({ keys: [{ ...(await generateKey()), kid }] });
    expect(await verify(token)).toEqual({ ok: false, reason: 'signature' });
    ring = await createKeyRing({ keys: [await generateKey()] });
    expect(await verify(token)).toEqual({ ok: false, reason: 'unknown_key' });
    ring = keys;
    expect(await verify(token)).toMatchObject({ ok: true });
  });

  it('refuses a remembered token from the moment its key retires', async () => {
    const now = fakeClock();
    const [old, next] = [{ ...(await generateKey()), exp: start / 1_000 + 60 }, await generateKey()];
    const keys = await createKeyRing({ keys: [old, next], now });
    const { token } = await createAccessTokenIssuer({ keys, issuer: api, audience: api, now }).issue({
      subject: 'u',
      session: 's',
    });
    const { verifier } = await world();
    const { verify } = verifier({ keys, now });
    await verify(token);
    now.advance(59_999);
    expect(verify(token)).toMatchObject({ ok: true });
    now.advance(1);
    expect(await verify(token)).toEqual({ ok: false, reason: 'unknown_key' });
  });

  it('waits for a revocation store that answers later, and lets nothing through when it fails or answers nonsense', async () => {
    const { verifier, forge } = await world();
    let answer: () => Promise<boolean> = async () => false;
    const revocations: RevocationStore = { revoke: async () => {}, isRevoked: () => answer() };
    const { verify } = verifier({ revocations });
    const token = forge(goodClaims());
    expect(await verify(token)).toMatchObject({ ok: true });
    answer = async () => true;
    expect(await verify(token)).toEqual({ ok: false, reason: 'revoked' });
    answer = async () => undefined as never;
    expect(await verify(token)).toEqual({ ok: false, reason: 'revoked' });
    answer = async () => Promise.reject(new Error('down'));
    await expect(verify(token)).rejects.toThrow('down');
  });

  it('never mixes the tokens of two people, however many it remembers', async () => {
    const { verifier, forge } = await world();
    const { verify } = verifier({ cache: { max: 16 } });
    const tokens = Array.from(
      { length: 50 },
      (_, i) => [forge(goodClaims({ sub: `user-${i}`, jti: `t${i}` })), `user-${i}`] as const,
    );
    for (let round = 0; round < 3; round++) {
      for (const [token, sub] of tokens) expect(await verify(token)).toMatchObject({ claims: { sub } });
    }
  });

  it('works without a synchronous digest, where a hit is a promise', async () => {
    expect(findSyncDigest({})).toBeUndefined();
    expect(findSyncDigest({ process: {} })).toBeUndefined();
    expect(
      findSyncDigest({ process: { getBuiltinModule: () => ({ hash: () => 'same for all' }) } }),
    ).toBeUndefined();
    expect(findSyncDigest()?.('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
    const builtin = process.getBuiltinModule;
    Object.assign(process, { getBuiltinModule: undefined });
    try {
      const { verifier, forge, now } = await world();
      const { verify } = verifier();
      const token = forge(goodClaims());
      const verdict = await verify(token);
      expect(verdict).toMatchObject({ ok: true });
      const again = verify(token);
      expect(again).toBeInstanceOf(Promise);
      expect(await again).toBe(verdict);
      now.advance(900_000);
      expect(await verify(token)).toEqual({ ok: false, reason: 'expired' });
    } finally {
      Object.assign(process, { getBuiltinModule: builtin });
    }
  });
});

describe('the map of verified tokens', () => {
  it.each([1, 2, 3, 10, 101])('never holds more than %d, and keeps what is asked for', (max) => {
    const map = createGenerations<number>(max);
    for (let i = 0; i < max * 5; i++) {
      map.set(`k${i}`, i);
      expect(map.size).toBeLessThanOrEqual(max);
      expect(map.get(`k${i}`)).toBe(i);
      if (max >= 10) expect(map.get('k0')).toBe(0);
      expect(map.size).toBeLessThanOrEqual(max);
    }
    map.delete(`k${max * 5 - 1}`);
    expect(map.get(`k${max * 5 - 1}`)).toBeUndefined();
  });
});
