import { ConfigError } from '@secapi/kernel';

/** The signature algorithms (RFC 7518, RFC 8037) that tokens can be made and verified with; never `none`. */
export type Algorithm =
  | 'EdDSA'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'HS256'
  | 'HS384'
  | 'HS512';

/** What a key must be to serve an algorithm: `size` is bytes of a coordinate, of an HMAC key at least, or of an RSA modulus at least. */
export type KeyShape =
  | { readonly kty: 'OKP' | 'EC'; readonly crv: string; readonly size: number }
  | { readonly kty: 'RSA'; readonly size: number }
  | { readonly kty: 'oct'; readonly size: number; readonly hash: string };

const rsa: KeyShape = { kty: 'RSA', size: 256 };

/** The one kind of key that each algorithm takes (RFC 8725 §3.1, §3.5; ASVS v5.0.0-11.2.3). */
const keyShapes: ReadonlyMap<Algorithm, KeyShape> = new Map<Algorithm, KeyShape>([
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519', size: 32 }],
  ['ES256', { kty: 'EC', crv: 'P-256', size: 32 }],
  ['ES384', { kty: 'EC', crv: 'P-384', size: 48 }],
  ['ES512', { kty: 'EC', crv: 'P-521', size: 66 }],
  ['PS256', rsa],
  ['PS384', rsa],
  ['PS512', rsa],
  ['RS256', rsa],
  ['RS384', rsa],
  ['RS512', rsa],
  ['HS256', { kty: 'oct', size: 32, hash: 'SHA-256' }],
  ['HS384', { kty: 'oct', size: 48, hash: 'SHA-384' }],
  ['HS512', { kty: 'oct', size: 64, hash: 'SHA-512' }],
]);

/**
 * The algorithm that a configuration names, with the kind of key it takes.
 *
 * @throws ConfigError when it is none of {@link Algorithm}
 */
export function checkAlgorithm(option: string, value: unknown): { algorithm: Algorithm; shape: KeyShape } {
  const algorithm = value as Algorithm; // the map's lookup decides whether it is one
  const shape = typeof value === 'string' ? keyShapes.get(algorithm) : undefined;
  if (!shape) {
    throw new ConfigError(
      option,
      'is not an algorithm for signatures',
      `use one of ${[...keyShapes.keys()].join(', ')}`,
    );
  }
  return { algorithm, shape };
}
