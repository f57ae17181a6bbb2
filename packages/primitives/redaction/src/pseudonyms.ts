import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ConfigError, checkOptions, toBase64Url, utf8 } from '@secapi/kernel';

/** The options of {@link createPseudonyms}. */
export interface PseudonymsOptions {
  /**
   * The secret that pseudonyms are made with, 32 bytes or more, for nothing else. Whoever has it can tell whose a pseudonym is by trying;
   * processes with the same key make the same ones, and a new key ends what can be joined.
   */
  readonly key: Uint8Array;
}

const bytes = 16;
const ready = /^pseudonym:[\w-]{22}$/;

/**
 * Makes pseudonyms: `pseudonym:` and 128 bits of HMAC-SHA256, so that one secret is the same in every line, and nobody
 * without the key can tell what it was, not even by trying all there are (ASVS v5.0.0-16.2.5). What is a pseudonym already stays.
 *
 * @throws ConfigError when the key is not 32 bytes or more
 * @example
 * ```ts
 * createRedactor({ keys: { userId: 'pseudonym' }, pseudonym: createPseudonyms({ key }) });
 * ```
 */
export function createPseudonyms(options: PseudonymsOptions): (secret: string) => string {
  checkOptions('pseudonyms', options, ['key']);
  const { key } = options;
  if (!(key instanceof Uint8Array) || key.length < 32) {
    throw new ConfigError(
      'pseudonyms.key',
      'is not 32 bytes or more',
      'write randomBytes(32), kept as a secret, or fromBase64Url(process.env.LOG_KEY)',
    );
  }
  const keyed = hmac.create(sha256, new Uint8Array(key)); // takes in the key once for all
  return function pseudonym(secret) {
    if (ready.test(secret)) return secret;
    return `pseudonym:${toBase64Url(keyed.clone().update(utf8(secret)).digest().subarray(0, bytes))}`;
  };
}
