import { type Clock, ConfigError, checkOptions, SecapiError, systemClock } from '@secapi/kernel';
import type { CryptoKey, JWK } from 'jose';
import type { Algorithm } from './algorithms.js';
import { loadKey, type RingKey, toPublicJwk } from './internal/ring-key.js';

/** The options of {@link createKeyRing}. */
export interface KeyRingOptions {
  /**
   * JWKs with `kid` and `alg`, or entries that name them: private keys sign and verify, public ones verify. One with `exp` (seconds)
   * retires then: it neither signs nor verifies any more and leaves the JWKS.
   */
  readonly keys: readonly ((JWK & { readonly exp?: number | undefined }) | KeyEntry)[];
  /**
   * The `kid` of the key that signs.
   * @default the first with a private part
   */
  readonly active?: string | undefined;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** As much of Node's `KeyObject` as is used; its own type can't be named in code that runs anywhere. */
export interface KeyObjectLike {
  readonly type: string;
  export(options: { format: 'jwk' }): object;
}

/** A key with the id and the one algorithm that it shall have in a ring. A text is never taken for a key. */
export interface KeyEntry {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly key: CryptoKey | KeyObjectLike | JWK;
  /** The public half of a private CryptoKey that is not extractable, which has no other way to it. */
  readonly publicKey?: CryptoKey | KeyObjectLike | JWK | undefined;
  /** When it retires, in seconds. */
  readonly exp?: number | undefined;
}

/** A key that signs. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly key: CryptoKey | Uint8Array;
}

/** A key that verifies: the same object for as long as the key is in the ring. */
export interface VerifyingKey {
  readonly alg: Algorithm;
  readonly key: CryptoKey | Uint8Array;
}

/** The keys of a service, each found by its `kid` and bound to one algorithm (RFC 8725 §3.1). */
export interface KeyRing {
  /** The algorithms of all keys, each once. */
  readonly algorithms: readonly Algorithm[];
  /**
   * The key that signs new tokens.
   * @throws SecapiError `SIGNING_KEY_MISSING` when there is none, or it has retired
   */
  signing(): SigningKey;
  /** The key with this `kid`, unless it has retired. */
  verifying(kid: string): VerifyingKey | undefined;
  /**
   * Looks elsewhere for a key that `verifying` doesn't have: asked by verifiers, for whatever `kid` anybody writes into a token, so it
   * bounds by itself how often it looks. Absent where there is no elsewhere.
   */
  fetchKey?(kid: string): Promise<VerifyingKey | undefined>;
  /** The public keys as a JWK set (RFC 7517 §5): never a private member, never a symmetric key. */
  jwks(): { keys: JWK[] };
}

/**
 * Makes a key ring from JWKs, CryptoKeys and KeyObjects, and refuses every key that is weak, has no algorithm of its own, is there twice or can't be used in this runtime.
 *
 * @throws ConfigError (as a rejection) for such a key, naming its place and never its content
 * @example
 * ```ts
 * const keys = await createKeyRing({ keys: [await generateKey()] });
 * ```
 */
export async function createKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  checkOptions('keyRing', options, ['keys', 'active', 'now']);
  const { keys, active, now = systemClock } = options;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > 100) {
    throw new ConfigError(
      'keyRing.keys',
      'is not a list of 1 to 100 keys',
      'pass keys: [await generateKey()]',
    );
  }
  const ring = new Map<string, RingKey>();
  const thumbprints = new Set<string>();
  for (const [index, entry] of keys.entries()) {
    const option = `keyRing.keys[${index}]`;
    const key = await loadKey(option, entry);
    if (ring.has(key.kid)) {
      throw new ConfigError(`${option}.kid`, 'is that of another key', 'give each key an id of its own');
    }
    if (thumbprints.has(key.thumbprint)) {
      throw new ConfigError(
        option,
        'is in the ring already',
        'use a key once, with one algorithm (RFC 8725)',
      );
    }
    thumbprints.add(key.thumbprint);
    ring.set(key.kid, key);
  }
  const signer = pickSigner([...ring.values()], active, now());
  const isInUse = (key: RingKey): boolean => now() < key.expiresAt;
  return {
    algorithms: [...new Set([...ring.values()].map((key) => key.alg))],
    signing: () => {
      if (!signer?.sign || !isInUse(signer)) {
        throw new SecapiError('SIGNING_KEY_MISSING', 'the key ring has no private key that is in use');
      }
      return { kid: signer.kid, alg: signer.alg, key: signer.sign };
    },
    verifying: (kid) => {
      const key = ring.get(kid);
      return key && isInUse(key) ? key.verifying : undefined;
    },
    jwks: () => ({
      keys: [...ring.values()].filter((key) => key.shape.kty !== 'oct' && isInUse(key)).map(toPublicJwk),
    }),
  };
}

function pickSigner(keys: readonly RingKey[], active: string | undefined, time: number): RingKey | undefined {
  if (active === undefined) return keys.find((key) => key.sign && time < key.expiresAt);
  const signer = keys.find((key) => key.kid === active);
  if (!signer?.sign || time >= signer.expiresAt) {
    throw new ConfigError(
      'keyRing.active',
      'is not a private key in use',
      'name the kid of a private key in the ring, or leave it out',
    );
  }
  return signer;
}
