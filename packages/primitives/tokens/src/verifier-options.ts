import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import { type Algorithm, checkAlgorithm } from './algorithms.js';
import type { ClaimRules } from './claims.js';
import { checkText } from './internal/text.js';
import type { KeyRing } from './key-ring.js';
import type { RevocationStore } from './revocation.js';

/** The options of {@link createTokenVerifier}. What has no default must be written: a verifier that leaves one out accepts too much. */
export interface TokenVerifierOptions {
  readonly keys: KeyRing;
  /** The algorithms that are accepted: all with public keys, or all HMAC, never both (ASVS v5.0.0-9.1.2). The token's header chooses nothing. */
  readonly algorithms: readonly Algorithm[];
  /** The one `iss` that is accepted. */
  readonly issuer: string;
  /** The one `aud` that is accepted. */
  readonly audience: string;
  /** The type of token: `at+jwt` (RFC 9068). */
  readonly type: 'at+jwt';
  /** The longest time from `iat` to `exp` that is accepted; 7 days at most. */
  readonly maxLifetime: Duration;
  /** How far clocks may differ: 0 to 300 seconds. */
  readonly clockTolerance: Duration;
  /** Asked on every verification, a remembered one too. */
  readonly revocations?: RevocationStore | undefined;
  /**
   * How many verified tokens are remembered at most (some 1 KB each); `{ max: 0 }` remembers none. Of them at least the half that was
   * last used is found again.
   * @default { max: 20_000 }
   */
  readonly cache?: { readonly max: number } | undefined;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** Options that were checked. */
export interface VerifierRules {
  readonly keys: KeyRing;
  readonly algorithms: ReadonlySet<unknown>;
  readonly claims: ClaimRules;
  readonly revocations: RevocationStore | undefined;
  readonly cacheMax: number;
  readonly now: Clock;
}

const names = [
  'keys',
  'algorithms',
  'issuer',
  'audience',
  'type',
  'maxLifetime',
  'clockTolerance',
  'revocations',
  'cache',
  'now',
];

/**
 * Checks the options of a verifier.
 *
 * @throws ConfigError for the first that is missing, unknown or unsafe
 */
export function checkVerifierOptions(options: TokenVerifierOptions): VerifierRules {
  checkOptions('verifier', options, names);
  const { revocations, cache = { max: 20_000 }, now = systemClock } = options;
  const keys = checkKeys('verifier', options.keys);
  if (options.type !== 'at+jwt') {
    throw new ConfigError('verifier.type', 'is not a type of token', "write type: 'at+jwt'");
  }
  if (revocations !== undefined && typeof revocations?.isRevoked !== 'function') {
    throw new ConfigError('verifier.revocations', 'is not a revocation store', 'pass memoryRevocations()');
  }
  checkOptions('verifier.cache', cache, ['max']);
  return {
    keys,
    algorithms: checkAlgorithms('verifier', options.algorithms, keys),
    claims: {
      issuer: checkText('verifier.issuer', options.issuer, "'https://api.example'"),
      audience: checkText('verifier.audience', options.audience, "'https://api.example'"),
      maxLifetime: toMilliseconds('verifier.maxLifetime', options.maxLifetime, { min: 1, max: 7 * 86_400 }),
      tolerance: toMilliseconds('verifier.clockTolerance', options.clockTolerance, { min: 0, max: 300 }),
    },
    revocations,
    cacheMax: checkNumber('verifier.cache.max', cache.max, { min: 0, max: 1_000_000 }),
    now,
  };
}

/**
 * The key ring of a verifier.
 *
 * @throws ConfigError when it is none
 */
export function checkKeys(option: string, keys: KeyRing | undefined): KeyRing {
  if (typeof keys?.verifying !== 'function' || !Array.isArray(keys.algorithms)) {
    throw new ConfigError(
      `${option}.keys`,
      'is not a key ring',
      'pass keys: await createKeyRing({ keys: [jwk] })',
    );
  }
  return keys;
}

/**
 * The algorithms of a verifier: one family, and one of them at least for a key in the ring.
 *
 * @throws ConfigError when the list is missing, mixed or of no use
 */
export function checkAlgorithms(option: string, list: unknown, keys: KeyRing): ReadonlySet<unknown> {
  const where = `${option}.algorithms`;
  if (!Array.isArray(list) || list.length === 0) {
    throw new ConfigError(where, 'is missing', "write algorithms: ['EdDSA']");
  }
  const checked = list.map((item, index) => checkAlgorithm(`${where}[${index}]`, item));
  if (new Set(checked.map(({ shape }) => shape.kty === 'oct')).size !== 1) {
    throw new ConfigError(
      where,
      'mixes HMAC with public keys',
      'use one family: a verifier that takes both can be fooled',
    );
  }
  const algorithms = new Set(checked.map(({ algorithm }) => algorithm));
  if (!keys.algorithms.some((algorithm) => algorithms.has(algorithm))) {
    throw new ConfigError(
      where,
      'fits no key in the ring',
      `use those of its keys: ${keys.algorithms.join(', ')}`,
    );
  }
  return algorithms;
}
