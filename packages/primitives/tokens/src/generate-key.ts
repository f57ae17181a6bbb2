import { randomBytes, randomToken, toBase64Url } from '@secapi/kernel';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Algorithm, checkAlgorithm } from './algorithms.js';

/**
 * A new private key as a JWK with `kid`, `alg` and `use`, ready for {@link createKeyRing} and for a secret store.
 *
 * The `kid` is the RFC 7638 thumbprint; of an HMAC key, whose thumbprint would be a digest of the secret, it is random. RSA keys have 3072 bits.
 *
 * @default EdDSA with Ed25519
 * @throws ConfigError when `alg` is not an {@link Algorithm}
 */
export async function generateKey(alg: Algorithm = 'EdDSA'): Promise<JWK> {
  const { shape } = checkAlgorithm('alg', alg);
  if (shape.kty === 'oct') {
    return { kty: 'oct', k: toBase64Url(randomBytes(shape.size)), kid: randomToken(16), alg, use: 'sig' };
  }
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 3_072 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
}
