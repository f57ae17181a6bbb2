import { ConfigError, checkNumber, checkOptions, fromBase64Url } from '@secapi/kernel';
import type { Algorithm } from './algorithms.js';
import type { JwsRefusal } from './errors.js';
import { maxTokenLength } from './internal/compact.js';
import { createJwsReader } from './internal/jws-reader.js';
import type { KeyRing } from './key-ring.js';
import { checkAlgorithms, checkKeys } from './verifier-options.js';

/** The options of {@link createSignatureVerifier}. */
export interface SignatureVerifierOptions {
  readonly keys: KeyRing;
  /** The algorithms that are accepted: all with public keys, or all HMAC, never both. The header chooses nothing. */
  readonly algorithms: readonly Algorithm[];
  /** The `typ` that is demanded, such as `'secevent+jwt'`, with or without `application/` in the header; any, when it is left out. */
  readonly type?: string | undefined;
  /** The one key that may have signed: a header may then leave its `kid` out, and none with another `kid` is accepted. */
  readonly kid?: string | undefined;
  /** The longest JWS that is looked at, in characters; 1,000,000 at most. @default 8_192 */
  readonly maxLength?: number | undefined;
}

/** What a signature verifier says: the header and the bytes that were signed, or why there are none. */
export type SignatureVerdict =
  | {
      readonly ok: true;
      readonly header: Readonly<Record<string, unknown>>;
      readonly payload: Uint8Array;
    }
  | { readonly ok: false; readonly reason: JwsRefusal };

/** Verifies signatures, and nothing else. */
export interface SignatureVerifier {
  /** The verdict on a compact JWS. What its payload says is nobody's claim yet: issuer, audience and time are the caller's to check. */
  verify(jws: string): Promise<SignatureVerdict>;
}

/**
 * Makes a verifier of compact JWS (RFC 7515) that are no access tokens. Use {@link createTokenVerifier} for those: a right signature says
 * who signed, and not for whom, nor until when. Every reason of this one is about the signature; those about claims are the other's.
 *
 * @throws ConfigError when an option is missing, unknown or unsafe
 */
export function createSignatureVerifier(options: SignatureVerifierOptions): SignatureVerifier {
  checkOptions('signatureVerifier', options, ['keys', 'algorithms', 'type', 'kid', 'maxLength']);
  const { type, kid } = options;
  const keys = checkKeys('signatureVerifier', options.keys);
  const algorithms = checkAlgorithms('signatureVerifier', options.algorithms, keys);
  for (const [name, value] of Object.entries({ type, kid })) {
    if (value !== undefined && (typeof value !== 'string' || value === '' || value.length > 256)) {
      throw new ConfigError(
        `signatureVerifier.${name}`,
        'is no text',
        'write 1 to 256 characters, or leave it out',
      );
    }
  }
  const maxLength = checkNumber('signatureVerifier.maxLength', options.maxLength ?? maxTokenLength, {
    min: 1,
    max: 1_000_000,
  });
  const read = createJwsReader({ keys, algorithms, type: type?.toLowerCase(), kid });
  return {
    async verify(jws) {
      if (typeof jws !== 'string' || jws.length > maxLength) return { ok: false, reason: 'malformed' };
      const signed = await read(jws);
      if (typeof signed === 'string') return { ok: false, reason: signed };
      const payload = fromBase64Url(signed.payload);
      // A copy, because readers share the headers that they know.
      return payload
        ? { ok: true, header: structuredClone(signed.header.members), payload }
        : { ok: false, reason: 'malformed' };
    },
  };
}
