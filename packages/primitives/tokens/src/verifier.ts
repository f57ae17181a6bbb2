import { andThen, fromBase64Url, type MaybePromise } from '@secapi/kernel';
import { type AccessClaims, checkTimes, issuedAt, readClaims } from './claims.js';
import type { TokenRefusal } from './errors.js';
import { maxTokenLength } from './internal/compact.js';
import { digestOf, findSyncDigest } from './internal/digest.js';
import { createGenerations } from './internal/generations.js';
import { createJwsReader, type Demand, type SignedJws } from './internal/jws-reader.js';
import { parseObject } from './internal/strict-json.js';
import { checkVerifierOptions, type TokenVerifierOptions } from './verifier-options.js';

/** The verdict on a token. The claims are frozen: one object may serve many requests. */
export type TokenVerdict =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly reason: TokenRefusal };

/** Verifies access tokens. */
export interface TokenVerifier {
  /**
   * The verdict on a token: at once when it was verified before or the runtime can verify at once (Node, Deno, Bun), else as a promise.
   * A key that left the ring, the time, and revocation count on every call.
   *
   * @throws whatever a failing revocation store throws or rejects with: a store that is down lets nothing through; SecapiError
   *   `KEYS_UNAVAILABLE` (as a rejection) where the keys are another issuer's and can't be had: that is no verdict, so answer 503
   */
  verify(token: string): MaybePromise<TokenVerdict>;
}

/** A token whose signature and claims were right, with what must still be so when it is shown again. */
interface Verified extends Demand {
  readonly verdict: TokenVerdict & { readonly ok: true };
  /** What revocations are asked about. */
  readonly subject: Pick<AccessClaims, 'jti' | 'sid' | 'sub' | 'iat'>;
}

/**
 * Makes a verifier of access tokens (RFC 7519, RFC 8725, RFC 9068): algorithm, key, type, issuer, audience, times and the type of every
 * claim are checked, and none of these checks can be left out.
 *
 * A verified token is remembered by its SHA-256 digest, never by itself, and so is, for as long as its key is in the ring, one whose
 * signature isn't that key's. No other refusal is remembered.
 *
 * @throws ConfigError when an option is missing, unknown or unsafe
 * @example
 * ```ts
 * const verifier = createTokenVerifier({
 *   keys, algorithms: ['EdDSA'], issuer: 'https://api.example', audience: 'https://api.example',
 *   type: 'at+jwt', maxLifetime: '15m', clockTolerance: '30s',
 * });
 * const verdict = await verifier.verify(token);
 * ```
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { keys, algorithms, claims: rules, revocations, cacheMax, now } = checkVerifierOptions(options);
  const digestAtOnce = findSyncDigest();
  const verified = createGenerations<Verified>(cacheMax);
  // Tokens that their key did not sign, apart from the others, which nobody can push out by forging: a client that repeats
  // one, broken or hostile, costs a digest and not a signature.
  const foreign = createGenerations<Demand>(Math.min(cacheMax, 1_000));
  const read = createJwsReader({ keys, algorithms, type: 'at+jwt' });

  function verify(token: string): MaybePromise<TokenVerdict> {
    if (typeof token !== 'string' || token.length > maxTokenLength) return refuse('malformed');
    if (cacheMax === 0) return verifyNew(token);
    if (digestAtOnce) return look(token, digestAtOnce(token));
    return digestOf(token).then((digest) => look(token, digest));
  }

  function look(token: string, digest: string): MaybePromise<TokenVerdict> {
    const known = verified.get(digest);
    if (known) {
      if (isInRing(known)) return judge(known, digest);
      verified.delete(digest);
    } else {
      const forged = foreign.get(digest);
      if (forged && isInRing(forged)) return refuse('signature');
    }
    return verifyNew(token, digest);
  }

  function verifyNew(token: string, digest?: string): MaybePromise<TokenVerdict> {
    const jws = read(token, digest === undefined ? undefined : (demand) => foreign.set(digest, demand));
    return andThen(jws, (signed) => readSigned(signed, digest));
  }

  function readSigned(jws: SignedJws | TokenRefusal, digest: string | undefined): MaybePromise<TokenVerdict> {
    if (typeof jws === 'string') return refuse(jws);
    const bytes = fromBase64Url(jws.payload);
    const payload = bytes && parseObject(bytes);
    if (!payload) return refuse('malformed');
    const claims = readClaims(payload, rules);
    if (typeof claims === 'string') return refuse(claims);
    const { jti, sid, sub } = claims;
    const subject = Object.freeze({ jti, sid, sub, iat: issuedAt(claims) });
    const { kid, key } = jws;
    const known: Verified = { kid, key, subject, verdict: Object.freeze({ ok: true, claims }) };
    if (digest !== undefined && !checkTimes(claims, now(), rules.tolerance)) verified.set(digest, known);
    return judge(known, digest);
  }

  function isInRing({ kid, key }: Demand): boolean {
    return keys.verifying(kid)?.key === key.key;
  }

  function judge({ verdict, subject }: Verified, digest: string | undefined): MaybePromise<TokenVerdict> {
    const late = checkTimes(verdict.claims, now(), rules.tolerance);
    if (late) {
      if (late === 'expired' && digest !== undefined) verified.delete(digest);
      return refuse(late);
    }
    if (!revocations) return verdict;
    const revoked = revocations.isRevoked(subject);
    // Only a plain `false` lets a token through, whatever else a store may answer.
    if (typeof revoked === 'boolean') return revoked ? refuse('revoked') : verdict;
    return Promise.resolve(revoked).then((answer) => (answer === false ? verdict : refuse('revoked')));
  }

  return { verify };
}

function refuse(reason: TokenRefusal): TokenVerdict {
  return { ok: false, reason };
}
