import { ConfigError, fromBase64Url } from '@secapi/kernel';
import type { JWK } from 'jose';
import { type Algorithm, checkAlgorithm, type KeyShape } from '../algorithms.js';
import { isWeakPoint } from './weak-points.js';

/** A JWK whose form and strength are sound for its algorithm. Only the members named here were read. */
export interface CheckedJwk {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly shape: KeyShape;
  /** The members that make the public key; none for a symmetric one. */
  readonly publicPart: JWK;
  /** The members that make the private key, or the secret one; absent in a public key. */
  readonly privatePart?: JWK;
  /** When the key retires, in milliseconds. */
  readonly expiresAt: number;
}

const rsaPrivate = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const;
const maxModulusBits = 8_192; // larger ones cost the verifier too much

/**
 * Checks a JWK (RFC 7517) before any library sees it.
 *
 * @throws ConfigError when it is not an object, lacks `kid` or `alg`, or is too weak or of the wrong kind for `alg`; no message holds a part of a key
 */
export function checkJwk(option: string, value: unknown): CheckedJwk {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(
      option,
      'is not a JWK',
      'pass a JWK object; a text, PEM or empty key is never taken',
    );
  }
  const jwk = value as Readonly<Record<string, unknown>>; // every member is checked before its use
  const { kid } = jwk;
  if (typeof kid !== 'string' || kid === '' || kid.length > 256) {
    throw new ConfigError(`${option}.kid`, 'is missing', 'give each key an id of 1 to 256 characters');
  }
  const { algorithm: alg, shape } = checkAlgorithm(`${option}.alg`, jwk.alg);
  if (jwk.kty !== shape.kty) {
    throw new ConfigError(`${option}.kty`, `does not fit ${alg}`, `use a key with kty "${shape.kty}"`);
  }
  checkUse(option, jwk);
  const base = { kid, alg, shape, expiresAt: expiryOf(option, jwk) };
  switch (shape.kty) {
    case 'oct':
      return {
        ...base,
        publicPart: {},
        privatePart: { kty: 'oct', k: checkSecret(option, jwk, shape.size) },
      };
    case 'RSA':
      return { ...base, ...checkRsa(option, jwk, shape.size) };
    default:
      return { ...base, ...checkCurve(option, jwk, shape) };
  }
}

type Parts = Pick<CheckedJwk, 'publicPart' | 'privatePart'>;

function checkCurve(
  option: string,
  jwk: Readonly<Record<string, unknown>>,
  shape: { readonly kty: string; readonly crv: string; readonly size: number },
): Parts {
  const { kty, crv, size } = shape;
  if (jwk.crv !== crv) {
    throw new ConfigError(`${option}.crv`, 'does not fit the algorithm', `use a key with crv "${crv}"`);
  }
  const coordinate = (name: string): string => member(option, jwk, name, (bytes) => bytes.length === size);
  const isSound = (bytes: Uint8Array): boolean =>
    bytes.length === size && (kty !== 'OKP' || !isWeakPoint(bytes));
  const publicPart: JWK = {
    kty,
    crv,
    x: member(option, jwk, 'x', isSound),
    ...(kty === 'EC' ? { y: coordinate('y') } : {}),
  };
  return jwk.d === undefined
    ? { publicPart }
    : { publicPart, privatePart: { ...publicPart, d: coordinate('d') } };
}

function checkRsa(option: string, jwk: Readonly<Record<string, unknown>>, minBytes: number): Parts {
  const n = member(option, jwk, 'n', (bytes) => {
    const bits = bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24;
    return bytes[0] !== 0 && bits >= minBytes * 8 && bits <= maxModulusBits;
  });
  // An exponent of 1 signs nothing, a small one has a history; FIPS 186-5 wants one above 2^16.
  const e = member(option, jwk, 'e', (bytes) => {
    return bytes.length >= 3 && bytes.length <= 8 && bytes[0] !== 0 && (bytes.at(-1) ?? 0) % 2 === 1;
  });
  const publicPart: JWK = { kty: 'RSA', n, e };
  if (jwk.oth !== undefined) {
    throw new ConfigError(`${option}.oth`, 'is not supported', 'use an RSA key of two primes');
  }
  if (jwk.d === undefined) return { publicPart };
  const secrets = rsaPrivate.map((name) => [name, member(option, jwk, name, ({ length }) => length > 0)]);
  return { publicPart, privatePart: { ...publicPart, ...Object.fromEntries(secrets) } };
}

function checkSecret(option: string, jwk: Readonly<Record<string, unknown>>, minBytes: number): string {
  return member(option, jwk, 'k', (bytes) => {
    if (bytes.length < minBytes || bytes.length > 1_024 || new Set(bytes).size < 8) return false;
    // A public key in text form is nobody's secret: this is how HMAC and RSA were confused again and again.
    const text = String.fromCharCode(...bytes);
    return !text.includes('-----BEGIN') && !text.includes('"kty"');
  });
}

function member(
  option: string,
  jwk: Readonly<Record<string, unknown>>,
  name: string,
  isSound: (bytes: Uint8Array) => boolean,
): string {
  const value = jwk[name];
  const bytes = typeof value === 'string' && value.length <= 2_048 ? fromBase64Url(value) : undefined;
  if (typeof value !== 'string' || !bytes || !isSound(bytes)) {
    throw new ConfigError(
      `${option}.${name}`,
      'is missing, malformed or too weak',
      'use a key from generateKey(), an RSA modulus of 2048 to 8192 bits, or an HMAC key of random bytes, as long as its hash',
    );
  }
  return value;
}

function checkUse(option: string, jwk: Readonly<Record<string, unknown>>): void {
  const { use, key_ops: operations } = jwk;
  if (use !== undefined && use !== 'sig') {
    throw new ConfigError(
      `${option}.use`,
      'is not "sig"',
      'a key has one purpose: use one that is for signatures',
    );
  }
  const forSignatures = (value: unknown): boolean => value === 'sign' || value === 'verify';
  if (operations === undefined) return;
  if (!Array.isArray(operations) || operations.length === 0 || !operations.every(forSignatures)) {
    throw new ConfigError(
      `${option}.key_ops`,
      'is not for signatures alone',
      'use "sign" and "verify", or leave it out',
    );
  }
}

function expiryOf(option: string, jwk: Readonly<Record<string, unknown>>): number {
  const { exp } = jwk;
  if (exp === undefined) return Number.POSITIVE_INFINITY;
  if (typeof exp !== 'number' || !Number.isFinite(exp) || exp <= 0) {
    throw new ConfigError(`${option}.exp`, 'is not a time', 'use seconds since 1970, or leave it out');
  }
  return exp * 1_000;
}
