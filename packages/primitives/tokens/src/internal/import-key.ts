import { ConfigError, fromBase64Url, utf8 } from '@secapi/kernel';
import {
  CompactSign,
  type CryptoKey,
  calculateJwkThumbprint,
  compactVerify,
  importJWK,
  type JWK,
} from 'jose';
import type { CheckedJwk } from './jwk.js';

/** A key that this runtime has shown it can use. */
export interface UsableKey {
  readonly verify: CryptoKey;
  readonly sign?: CryptoKey;
  /** The RFC 7638 thumbprint: two entries with the same one are the same key. */
  readonly thumbprint: string;
}

/**
 * Imports a checked key, and signs and verifies once with it, so that a key which the runtime can't use, or whose halves don't belong
 * together, is found now.
 *
 * @throws ConfigError when the runtime refuses it
 */
export async function importKey(option: string, jwk: CheckedJwk): Promise<UsableKey> {
  try {
    return jwk.shape.kty === 'oct' ? await importSecret(jwk, jwk.shape.hash) : await importPair(jwk);
  } catch {
    // The cause is left out: what an engine says about a key may quote it.
    throw new ConfigError(
      option,
      `can't be used with ${jwk.alg} in this runtime`,
      'check that its members belong together, or make one with generateKey()',
    );
  }
}

async function importPair(jwk: CheckedJwk): Promise<UsableKey> {
  const verify = await importOne(jwk.publicPart, jwk.alg);
  const thumbprint = await calculateJwkThumbprint(jwk.publicPart);
  if (!jwk.privatePart) return { verify, thumbprint };
  const sign = await importOne(jwk.privatePart, jwk.alg);
  await tryOut(jwk.alg, sign, verify);
  return { verify, sign, thumbprint };
}

async function importOne(jwk: JWK, alg: string): Promise<CryptoKey> {
  const key = await importJWK(jwk, alg, { extractable: false });
  if (key instanceof Uint8Array) throw new TypeError('not a pair');
  return key;
}

// As a CryptoKey, or jose would import the bytes again for every token.
async function importSecret(jwk: CheckedJwk, hash: string): Promise<UsableKey> {
  const { k = '' } = jwk.privatePart ?? {};
  const bytes = fromBase64Url(k) ?? new Uint8Array();
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign', 'verify']);
  await tryOut(jwk.alg, key, key);
  return { verify: key, sign: key, thumbprint: await calculateJwkThumbprint({ kty: 'oct', k }) };
}

/** Signs and verifies once, and throws when that fails. */
export async function tryOut(alg: string, sign: CryptoKey, verify: CryptoKey): Promise<void> {
  const jws = await new CompactSign(utf8('secapi')).setProtectedHeader({ alg }).sign(sign);
  await compactVerify(jws, verify, { algorithms: [alg] });
}
