import { generateKeyPairSync } from 'node:crypto';
import { ConfigError, SecapiError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createKeyRing, generateKey, type JWK } from '../src/index.js';
import { fakeClock, start } from './support.js';

const [ed, es, rs, hs] = (await Promise.all([
  generateKey(),
  generateKey('ES256'),
  generateKey('RS256'),
  generateKey('HS256'),
])) as [JWK, JWK, JWK, JWK];

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const publicOf = ({ d, p, q, dp, dq, qi, ...rest }: JWK): JWK => rest;
const fromNode = (
  pair: { privateKey: { export(options: { format: 'jwk' }): unknown } },
  alg: string,
): JWK => ({
  ...(pair.privateKey.export({ format: 'jwk' }) as JWK),
  alg,
  kid: 'node',
});

describe('generateKey', () => {
  it('makes a private EdDSA key with its thumbprint as kid', () => {
    expect(ed).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
    expect(ed.kid).toMatch(/^[\w-]{43}$/);
    expect(ed.d).toMatch(/^[\w-]{43}$/);
  });

  it('makes RSA keys of 3072 bits, and HMAC keys as long as their hash whose kid tells nothing', async () => {
    expect(Buffer.from(rs.n ?? '', 'base64url').length).toBe(384);
    expect(Buffer.from((await generateKey('HS512')).k ?? '', 'base64url').length).toBe(64);
    expect(hs.kid).toMatch(/^[\w-]{22}$/);
  });

  it.each(['none', 'HS1', '', null, 'constructor'])('refuses the algorithm %j', async (alg) => {
    await expect(generateKey(alg as never)).rejects.toThrow(ConfigError);
  });
});

describe('a key ring', () => {
  it('signs with the first private key, or with the active one', async () => {
    const keys = [publicOf(es), ed, rs];
    expect((await createKeyRing({ keys })).signing()).toMatchObject({ kid: ed.kid, alg: 'EdDSA' });
    expect((await createKeyRing({ keys, active: rs.kid })).signing()).toMatchObject({
      kid: rs.kid,
      alg: 'RS256',
    });
    expect((await createKeyRing({ keys })).algorithms).toEqual(['ES256', 'EdDSA', 'RS256']);
  });

  it('signs nothing when it holds public keys alone', async () => {
    const ring = await createKeyRing({ keys: [publicOf(ed)] });
    expect(() => ring.signing()).toThrow(SecapiError);
    expect(ring.verifying(ed.kid ?? '')).toMatchObject({ alg: 'EdDSA' });
  });

  it('publishes public members alone, and no symmetric key', async () => {
    const { keys } = (await createKeyRing({ keys: [ed, es, rs, hs] })).jwks();
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ]);
  });

  it('never gives a private key out of its hands', async () => {
    const ring = await createKeyRing({ keys: [ed, es, rs, hs] });
    for (const { kid } of [ed, es, rs, hs]) {
      const { key } = (await createKeyRing({ keys: [ed, es, rs, hs], active: kid })).signing();
      expect(key).toMatchObject({ extractable: false });
      expect(ring.verifying(kid ?? '')?.key).toMatchObject({ extractable: false });
    }
  });

  it.each(['__proto__', 'constructor', '', 'toString'])('has no key with the kid %j', async (kid) => {
    expect((await createKeyRing({ keys: [ed] })).verifying(kid)).toBeUndefined();
  });

  it('retires a key at its exp', async () => {
    const now = fakeClock();
    const ring = await createKeyRing({ keys: [{ ...ed, exp: start / 1_000 + 1 }, es], now });
    expect([ring.signing().kid, ring.jwks().keys.length]).toEqual([ed.kid, 2]);
    now.advance(1_000);
    expect(ring.verifying(ed.kid ?? '')).toBeUndefined();
    expect(ring.jwks().keys.map(({ kid }) => kid)).toEqual([es.kid]);
    expect(() => ring.signing()).toThrow(expect.objectContaining({ code: 'SIGNING_KEY_MISSING' }));
    expect((await createKeyRing({ keys: [{ ...ed, exp: start / 1_000 + 1 }, es], now })).signing().kid).toBe(
      es.kid,
    );
  });

  const pem = rs.n ? `-----BEGIN PUBLIC KEY-----\n${rs.n}\n-----END PUBLIC KEY-----\n` : '';
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pss = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
  const dead = { ...ed, exp: 1 };
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['a secret text', 'a secret of more than thirty-two bytes, surely'],
    ['PEM', pem],
    ['PEM behind a space', ` ${pem}`],
    ['a JWK as text', JSON.stringify(ed)],
    ['a JWKS as text', JSON.stringify({ keys: [ed] })],
    ['bytes', Buffer.alloc(32, 1)],
    ['a list', [ed]],
    ['an empty object', {}],
    ['a key without alg', { ...ed, alg: undefined }],
    ['a key with alg none', { ...ed, alg: 'none' }],
    ['a key for encryption by alg', { ...rs, alg: 'RSA-OAEP-256' }],
    ['a key for encryption by use', { ...rs, use: 'enc' }],
    ['a key for encryption by key_ops', { ...rs, key_ops: ['decrypt'] }],
    ['a key without kid', { ...ed, kid: undefined }],
    ['a key with an empty kid', { ...ed, kid: '' }],
    ['a key with a number as kid', { ...ed, kid: 1 }],
    ['an RSA key for HS256', { ...rs, alg: 'HS256' }],
    ['an RSA key for ES256', { ...rs, alg: 'ES256' }],
    ['an EC key for EdDSA', { ...es, alg: 'EdDSA' }],
    ['a P-256 key for ES384', { ...es, alg: 'ES384' }],
    ['an HMAC key for EdDSA', { ...hs, alg: 'EdDSA' }],
    ['an X25519 key', { ...ed, crv: 'X25519' }],
    ['a DSA key', { ...rs, kty: 'DSA' }],
    ['a short RSA key', fromNode(short, 'RS256')],
    ['an RSA key with exponent 3', fromNode(pss, 'RS256')],
    ['an RSA key with exponent 1', { ...publicOf(rs), e: 'AQ' }],
    ['an RSA key with an even exponent', { ...publicOf(rs), e: 'AQAA' }],
    [
      'an RSA key padded with zeros',
      { ...publicOf(rs), n: base64(Buffer.concat([Buffer.alloc(200), Buffer.alloc(100, 255)])) },
    ],
    ['half an RSA key', { ...rs, p: undefined }],
    ['an RSA key of three primes', { ...rs, oth: [{}] }],
    ['a private key of somebody else', { ...ed, d: 'A'.repeat(43) }],
    ['a point that is not on the curve', { ...publicOf(es), x: base64(Buffer.alloc(32, 7)) }],
    ['a short coordinate', { ...publicOf(ed), x: 'AAAA' }],
    ['a coordinate with padding', { ...publicOf(ed), x: `${ed.x}=` }],
    ['a 3-byte secret', { ...hs, k: base64('abc') }],
    ['an empty secret', { ...hs, k: '' }],
    ['a secret of 31 bytes', { ...hs, k: base64(Buffer.from(hs.k ?? '', 'base64url').subarray(1)) }],
    ['a secret too short for HS512', { ...hs, alg: 'HS512' }],
    ['a secret of zeros', { ...hs, k: base64(Buffer.alloc(64)) }],
    ['a secret that repeats itself', { ...hs, k: base64('secret'.repeat(10)) }],
    ['PEM as a secret', { ...hs, k: base64(pem) }],
    ['PEM behind a space as a secret', { ...hs, k: base64(` \uFEFF${pem}`) }],
    ['PEM behind other bytes as a secret', { ...hs, k: base64(`x\r\n\0${pem}`) }],
    ['a JWK as a secret', { ...hs, k: base64(JSON.stringify(publicOf(rs))) }],
    ['a JWKS as a secret', { ...hs, k: base64(JSON.stringify({ keys: [publicOf(rs)] })) }],
    ['a key with an exp that is no time', { ...ed, exp: 'never' }],
  ])('refuses %s, and says so without a byte of it', async (_, key) => {
    const error = await createKeyRing({ keys: [es, key as JWK] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).option).toMatch(/^keyRing\.keys\[1\]/);
    expect((error as ConfigError).cause).toBeUndefined();
    for (const part of [ed.d, es.d, rs.d, hs.k, rs.n])
      expect(String((error as Error).stack)).not.toContain(part);
  });

  it.each<[string, unknown]>([
    ['no options', undefined],
    ['no keys', { keys: [] }],
    ['keys that are no list', { keys: ed }],
    ['an unknown option', { keys: [ed], key: 1 }],
    ['one kid for two keys', { keys: [ed, { ...es, kid: ed.kid }] }],
    ['one key for two algorithms', { keys: [rs, { ...rs, kid: 'other', alg: 'PS256' }] }],
    ['one secret twice', { keys: [hs, { ...hs, kid: 'other' }] }],
    ['an active key that is not there', { keys: [ed], active: 'other' }],
    ['an active key that is public', { keys: [ed, publicOf(es)], active: es.kid }],
    ['an active key that has retired', { keys: [dead, es], active: ed.kid }],
  ])('refuses %s', async (_, options) => {
    await expect(createKeyRing(options as never)).rejects.toThrow(ConfigError);
  });
});
