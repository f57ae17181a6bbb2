import { createSecretKey, generateKeyPairSync, type KeyObject, webcrypto } from 'node:crypto';
import { inspect } from 'node:util';
import { ConfigError } from '@secapi/kernel';
import { importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  type Algorithm,
  createAccessTokenIssuer,
  createKeyRing,
  createTokenVerifier,
  generateKey,
  type JWK,
  type KeyEntry,
  type KeyRing,
} from '../src/index.js';
import { loadKey } from '../src/internal/ring-key.js';
import { publicOf } from './jwks-server.js';
import { api, fakeClock, start } from './support.js';

type Pair = { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
type CryptoKey = webcrypto.CryptoKey;

const algorithms: Algorithm[] = [
  ...(['EdDSA', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['RS256', 'RS384', 'RS512', 'HS256', 'HS384', 'HS512'] as const),
];
const settings: Record<string, object> = {
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  ES512: { name: 'ECDSA', namedCurve: 'P-521' },
};
const rsa = (name: string, hash: string, modulusLength = 2048) => ({
  name,
  hash,
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
});

async function made(alg: Algorithm, extractable: boolean): Promise<Pair> {
  const hash = `SHA-${alg.slice(2)}`;
  const usages = ['sign', 'verify'];
  if (alg.startsWith('HS')) {
    const key = await webcrypto.subtle.generateKey(
      { name: 'HMAC', hash, length: Number(alg.slice(2)) },
      extractable,
      usages as never,
    );
    return { publicKey: key as CryptoKey, privateKey: key as CryptoKey };
  }
  const how = settings[alg] ?? rsa(alg.startsWith('PS') ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash);
  return (await webcrypto.subtle.generateKey(how as never, extractable, usages as never)) as Pair;
}

async function roundTrip(alg: Algorithm, signs: KeyRing, verifies: KeyRing) {
  const names = { issuer: api, audience: api, now: fakeClock() };
  const { token } = await createAccessTokenIssuer({ ...names, keys: signs }).issue({
    subject: 'u',
    session: 's',
  });
  const rules = { type: 'at+jwt', maxLifetime: '15m', clockTolerance: 0 } as const;
  return createTokenVerifier({ ...names, ...rules, keys: verifies, algorithms: [alg] }).verify(token);
}

const ringOf = (...entries: object[]) => createKeyRing({ keys: entries as KeyEntry[] });

describe('a key ring of CryptoKeys and KeyObjects', () => {
  it.each(algorithms)('signs and verifies with CryptoKeys, extractable or not (%s)', async (alg) => {
    for (const extractable of [true, false]) {
      const { publicKey, privateKey } = await made(alg, extractable);
      const secret = privateKey.type === 'secret' || extractable ? {} : { publicKey };
      const signs = await ringOf({ kid: 'a', alg, key: privateKey, ...secret });
      const verifies = await ringOf({ kid: 'a', alg, key: publicKey });
      expect(await roundTrip(alg, signs, verifies)).toMatchObject({ ok: true });
      expect(signs.signing()).toMatchObject({ kid: 'a', alg, key: { extractable: false } });
      expect(signs.jwks()).toEqual(verifies.jwks());
      expect(signs.jwks().keys).toHaveLength(alg.startsWith('HS') ? 0 : 1);
    }
  });

  it("signs and verifies with Node's KeyObjects", async () => {
    const pairs: [Algorithm, { publicKey: KeyObject; privateKey: KeyObject }][] = [
      ['EdDSA', generateKeyPairSync('ed25519')],
      ['ES512', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
      ['PS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ];
    for (const [alg, { publicKey, privateKey }] of pairs) {
      const signs = await ringOf({ kid: 'a', alg, key: privateKey });
      expect(await roundTrip(alg, signs, await ringOf({ kid: 'a', alg, key: publicKey }))).toMatchObject({
        ok: true,
      });
    }
    const secret = createSecretKey(webcrypto.getRandomValues(new Uint8Array(32)));
    const ring = await ringOf({ kid: 'a', alg: 'HS256', key: secret });
    expect(await roundTrip('HS256', ring, ring)).toMatchObject({ ok: true });
  });

  it('keeps nothing of a key that anybody could read', async () => {
    for (const jwk of [await generateKey(), await generateKey('HS256')] as JWK[]) {
      const key = await loadKey('key', jwk);
      expect(inspect(key, { depth: 10, showHidden: true, getters: true })).not.toContain(jwk.d ?? jwk.k);
      expect([key.sign?.extractable, key.verifying.alg]).toEqual([false, jwk.alg]);
    }
  });

  it('takes a JWK that has no alg with one that the entry names, and its exp too', async () => {
    const { alg: _, kid, ...jwk } = await generateKey();
    const now = fakeClock();
    const ring = await createKeyRing({
      keys: [{ kid: 'a', alg: 'EdDSA', key: jwk, exp: start / 1_000 + 1 }],
      now,
    });
    expect(ring.verifying('a')?.alg).toBe('EdDSA');
    expect(ring.verifying(String(kid))).toBeUndefined();
    now.advance(1_000);
    expect(ring.verifying('a')).toBeUndefined();
  });

  const refused: [string, () => unknown][] = [
    ['a text', () => ({ key: 'secret'.repeat(10) })],
    [
      'PEM',
      () => ({ key: generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }) }),
    ],
    ['bytes', () => ({ alg: 'HS256', key: webcrypto.getRandomValues(new Uint8Array(32)) })],
    ['nothing', () => ({ key: undefined })],
    ['null', () => ({ key: null })],
    ['an empty object', () => ({ key: {} })],
    ['a function', () => ({ key: () => 'secret' })],
    ['something that looks like a KeyObject', () => ({ key: { type: 'public', export: () => 'secret' } })],
    [
      'something that looks like a CryptoKey',
      () => ({
        key: { type: 'public', algorithm: { name: 'Ed25519' }, usages: ['verify'], extractable: true },
      }),
    ],
    ['no kid', () => ({ kid: undefined, key: generateKeyPairSync('ed25519').publicKey })],
    ['no alg', () => ({ alg: undefined, key: generateKeyPairSync('ed25519').publicKey })],
    ['an unknown member', () => ({ key: generateKeyPairSync('ed25519').publicKey, use: 'sig' })],
    ['an X25519 key', () => ({ key: generateKeyPairSync('x25519').publicKey })],
    ['an Ed448 key', () => ({ key: generateKeyPairSync('ed448').publicKey })],
    [
      'a DSA key',
      () => ({
        alg: 'RS256',
        key: generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).publicKey,
      }),
    ],
    [
      'a short RSA key',
      () => ({ alg: 'RS256', key: generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey }),
    ],
    [
      'an RSA-PSS key for RS256',
      () => ({ alg: 'RS256', key: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey }),
    ],
    [
      'a public key for HS256',
      () => ({ alg: 'HS256', key: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey }),
    ],
    [
      'a secret for RS256',
      () => ({ alg: 'RS256', key: createSecretKey(webcrypto.getRandomValues(new Uint8Array(32))) }),
    ],
    [
      'a short secret',
      () => ({ alg: 'HS256', key: createSecretKey(webcrypto.getRandomValues(new Uint8Array(31))) }),
    ],
    [
      'secp256k1 for ES256',
      () => ({ alg: 'ES256', key: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey }),
    ],
    ['a JWK of another algorithm', async () => ({ key: await generateKey('ES256') })],
    [
      'a CryptoKey of another curve',
      async () => ({ alg: 'ES256', key: (await made('ES384', true)).publicKey }),
    ],
    [
      'a CryptoKey of another hash',
      async () => ({ alg: 'RS256', key: (await made('RS512', true)).publicKey }),
    ],
    [
      'a CryptoKey of another padding',
      async () => ({ alg: 'RS256', key: (await made('PS256', true)).publicKey }),
    ],
    [
      'a CryptoKey for another HMAC',
      async () => ({ alg: 'HS256', key: (await made('HS512', false)).publicKey }),
    ],
    [
      'a short hidden secret',
      async () => ({
        alg: 'HS256',
        key: await webcrypto.subtle.importKey(
          'raw',
          new Uint8Array(8).fill(7),
          { name: 'HMAC', hash: 'SHA-256' },
          false,
          ['sign', 'verify'],
        ),
      }),
    ],
    [
      'a hidden secret that can not verify',
      async () => ({
        alg: 'HS256',
        key: await webcrypto.subtle.importKey(
          'raw',
          new Uint8Array(32).fill(7),
          { name: 'HMAC', hash: 'SHA-256' },
          false,
          ['sign'],
        ),
      }),
    ],
    [
      'a hidden private key without its public half',
      async () => ({ key: (await made('EdDSA', false)).privateKey }),
    ],
    [
      "a hidden private key with somebody else's public half",
      async () => ({
        key: (await made('EdDSA', false)).privateKey,
        publicKey: (await made('EdDSA', false)).publicKey,
      }),
    ],
    [
      'a private key as its public half',
      async () => ({ key: (await made('EdDSA', false)).privateKey, publicKey: await generateKey() }),
    ],
    [
      'a public key that can not be exported',
      async () => ({
        key: await importJWK({ ...publicOf((await generateKey()) as JWK) }, 'EdDSA', { extractable: false }),
      }),
    ],
  ];
  it.each(refused)('refuses %s, and quotes none of it', async (_, change) => {
    const entry = { kid: 'a', alg: 'EdDSA', ...((await change()) as object) };
    const error: unknown = await ringOf(entry).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).option).toMatch(/^keyRing\.keys\[0\]/);
    expect((error as ConfigError).cause).toBeUndefined();
    expect((error as ConfigError).message).not.toMatch(/secretsecret|BEGIN/);
  });

  it.each([
    ['the identity', `01${'00'.repeat(31)}`],
    ['the identity with a sign', `01${'00'.repeat(30)}80`],
    ['order 4', '00'.repeat(32)],
    ['order 4 with a sign', `${'00'.repeat(31)}80`],
    ['order 2', `ec${'ff'.repeat(30)}7f`],
    ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['order 8 with a sign', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
    ['order 8, the other', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['the prime', `ed${'ff'.repeat(30)}7f`],
    ['the identity beyond the prime', `ee${'ff'.repeat(30)}7f`],
    ['all ones', 'ff'.repeat(32)],
  ])('refuses an Ed25519 key that fits what nobody signed: %s', async (_, hex) => {
    const x = Buffer.from(hex, 'hex').toString('base64url');
    await expect(ringOf({ kty: 'OKP', crv: 'Ed25519', x, kid: 'a', alg: 'EdDSA' })).rejects.toThrow(
      ConfigError,
    );
  });

  it('has Node itself take such a key, and a signature of zeros for it: the check above is needed', async () => {
    const x = Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64url');
    const key = (await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA')) as CryptoKey;
    const signature = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.alloc(32)]);
    expect(await webcrypto.subtle.verify('Ed25519', key, signature, Buffer.from('anything'))).toBe(true);
  });
});
