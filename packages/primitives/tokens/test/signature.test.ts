import { generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { CompactSign, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { createKeyRing, generateKey, type VerifyingKey } from '../src/index.js';
import { createSignatureCheck, type SignatureCheck } from '../src/internal/signature.js';

const algorithms = [
  ...(['EdDSA', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['RS256', 'RS384', 'RS512', 'HS256', 'HS384', 'HS512'] as const),
];
const engines = { 'the runtime at once': globalThis, WebCrypto: {} } as const;

// RSA keys are slow to make, so six algorithms have the same one.
const rsaKey = await generateKey('RS256');

async function signed(alg: (typeof algorithms)[number]) {
  const jwk = /^[RP]S/.test(alg) ? { ...rsaKey, alg } : await generateKey(alg);
  const ring = await createKeyRing({ keys: [jwk] });
  const jws = await new CompactSign(new TextEncoder().encode('{"a":1}'))
    .setProtectedHeader({ alg })
    .sign(await importJWK(jwk, alg));
  const end = jws.lastIndexOf('.');
  const signature = Uint8Array.from(Buffer.from(jws.slice(end + 1), 'base64url'));
  return { key: ring.verifying(String(jwk.kid)) as VerifyingKey, text: jws.slice(0, end), signature };
}

describe.each(Object.entries(engines))('a signature that %s checks', (name, runtime) => {
  it.each(algorithms)("is the key's own, and no other is (%s)", async (alg) => {
    const { key, text, signature } = await signed(alg);
    const check = createSignatureCheck(key, runtime);
    const first = check(text, signature);
    expect(first instanceof Promise).toBe(name === 'WebCrypto');
    expect(await first).toBe(true);
    expect(await check(`${text}x`, signature)).toBe(false);
    const flipped = signature.slice();
    flipped[7] = (flipped[7] ?? 0) ^ 1;
    await refuses(check, text, [
      flipped,
      signature.slice(1),
      signature.slice(0, -1),
      Uint8Array.of(...signature, 0),
      Uint8Array.of(0, ...signature),
      new Uint8Array(signature.length),
      new Uint8Array(signature.length).fill(0xff),
      new Uint8Array(0),
    ]);
  });

  it('is not an ECDSA one in DER, whatever other libraries take', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'a' };
    const ring = await createKeyRing({ keys: [jwk] });
    const check = createSignatureCheck(ring.verifying('a') as VerifyingKey, runtime);
    const sign = (dsaEncoding: 'der' | 'ieee-p1363') =>
      Uint8Array.from(nodeSign('sha256', Buffer.from('text'), { key: privateKey, dsaEncoding }));
    expect(await check('text', sign('ieee-p1363'))).toBe(true);
    expect(await check('text', sign('der'))).toBe(false);
  });
});

async function refuses(check: SignatureCheck, text: string, signatures: readonly Uint8Array<ArrayBuffer>[]) {
  for (const signature of signatures) expect(await check(text, signature)).toBe(false);
}

describe('a ring of another make', () => {
  it('can give bytes as a key of HMAC, in both engines', async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const ring = await createKeyRing({
      keys: [{ kty: 'oct', k: Buffer.from(bytes).toString('base64url'), alg: 'HS256', kid: 'a' }],
    });
    const key = await importJWK({ kty: 'oct', k: Buffer.from(bytes).toString('base64url') }, 'HS256');
    const jws = await new CompactSign(new Uint8Array(3)).setProtectedHeader({ alg: 'HS256' }).sign(key);
    const end = jws.lastIndexOf('.');
    const signature = Uint8Array.from(Buffer.from(jws.slice(end + 1), 'base64url'));
    for (const runtime of Object.values(engines)) {
      for (const given of [{ alg: 'HS256', key: bytes } as const, ring.verifying('a') as VerifyingKey]) {
        expect(await createSignatureCheck(given, runtime)(jws.slice(0, end), signature)).toBe(true);
      }
    }
  });

  it("can't bind a key to an algorithm that isn't its own", async () => {
    const rsa = (await signed('RS256')).key.key;
    const ec = (await signed('ES256')).key.key;
    const hmac = (await signed('HS256')).key.key;
    const wrong: [string, unknown][] = [
      ...[rsa, ec, 'secret', '', null, undefined, {}, new Uint8Array(31)].map((key): [string, unknown] => [
        'HS256',
        key,
      ]),
      ...[hmac, ec, new Uint8Array(64), 'secret'].map((key): [string, unknown] => ['RS256', key]),
      ...[hmac, rsa, new Uint8Array(64)].map((key): [string, unknown] => ['EdDSA', key]),
      ['ES384', ec],
      ['RS512', rsa],
      ['PS256', rsa],
      ['HS512', hmac],
    ];
    for (const [alg, key] of wrong) {
      expect(() => createSignatureCheck({ alg, key } as never)).toThrow(
        expect.objectContaining({ code: 'TOKEN_STORE_INVALID' }),
      );
    }
  });
});
