import type { CryptoKey } from 'jose';
import type { Algorithm, KeyShape } from '../algorithms.js';

/** What a CryptoKey says of itself, as far as it is asked. */
interface Description {
  readonly name: string;
  readonly namedCurve?: string;
  readonly hash?: { readonly name: string };
  readonly modulusLength?: number;
  readonly length?: number;
}

/** WebCrypto's name of what an algorithm does. */
export function webCryptoName(alg: Algorithm, shape: KeyShape): string {
  if (shape.kty === 'oct') return 'HMAC';
  if (shape.kty === 'OKP') return 'Ed25519';
  if (shape.kty === 'EC') return 'ECDSA';
  return alg.startsWith('PS') ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
}

/** Whether a value has what every CryptoKey has; one that only looks so fails at its first use. */
export function isCryptoKey(value: unknown): value is CryptoKey {
  if (typeof value !== 'object' || value === null) return false;
  const { algorithm, usages, type } = value as Partial<Record<keyof CryptoKey, unknown>>; // each is looked at
  return (
    typeof algorithm === 'object' && algorithm !== null && Array.isArray(usages) && typeof type === 'string'
  );
}

/** Whether a CryptoKey is one for this very algorithm: kind, hash, curve and size, for signatures and nothing else (RFC 8725 §3.1). */
export function fitsAlgorithm(key: CryptoKey, alg: Algorithm, shape: KeyShape): boolean {
  const algorithm = key.algorithm as Description; // the members that its name implies; each is compared below
  const needed = key.type === 'private' ? 'sign' : 'verify';
  if ((key.type === 'secret') !== (shape.kty === 'oct') || !key.usages.includes(needed)) return false;
  if (!key.usages.every((usage) => usage === 'sign' || usage === 'verify')) return false;
  if (algorithm.name !== webCryptoName(alg, shape)) return false;
  if (shape.kty === 'EC') return algorithm.namedCurve === shape.crv;
  if (shape.kty === 'OKP') return true;
  if (algorithm.hash?.name !== `SHA-${alg.slice(2)}`) return false;
  const bits = shape.kty === 'oct' ? algorithm.length : algorithm.modulusLength;
  return Number(bits) >= shape.size * 8;
}
