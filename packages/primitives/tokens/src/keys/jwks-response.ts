import { ConfigError, type Duration, toMilliseconds } from '@secapi/kernel';
import { findSyncDigest } from '../internal/digest.js';
import type { KeyRing } from '../key-ring.js';

/** An answer with a JWK set. */
export interface JwksResponse {
  /** JSON. */
  readonly body: string;
  /** Names in lower case. */
  readonly headers: [name: string, value: string][];
}

const digest = findSyncDigest();

/**
 * The public keys of a ring as a route's answer (RFC 7517 §8.5): everybody may cache it, for less time than passes before a new key signs.
 *
 * Of a managed ring that is half of its `publishFor`: the process that answers may itself have learnt of a key that much late.
 *
 * @param options.maxAge how long it may be cached; of a managed ring half of `publishFor` at most @default half of `publishFor`, or 5 minutes
 * @throws ConfigError when `maxAge` is longer than that, or no duration of 0 to 24 hours
 */
export function jwksResponse(
  ring: KeyRing & { readonly publishFor?: number },
  options: { readonly maxAge?: Duration | undefined } = {},
): JwksResponse {
  const longest = ring.publishFor === undefined ? 86_400_000 : ring.publishFor / 2;
  const fallback = ring.publishFor === undefined ? 300_000 : Math.min(longest, 3_600_000);
  const maxAge =
    options.maxAge === undefined
      ? fallback
      : toMilliseconds('jwksResponse.maxAge', options.maxAge, { min: 0, max: 86_400 });
  if (maxAge > longest) {
    throw new ConfigError(
      'jwksResponse.maxAge',
      'is longer than half of publishFor',
      'make it shorter, or a key signs before those who cache know it',
    );
  }
  const body = JSON.stringify(ring.jwks());
  return {
    body,
    headers: [
      ['content-type', 'application/jwk-set+json'],
      ['cache-control', `public, max-age=${Math.floor(maxAge / 1_000)}`],
      // Left out where the runtime has no digest at once.
      ...(digest ? [['etag', `"${digest(body)}"`] as [string, string]] : []),
    ],
  };
}
