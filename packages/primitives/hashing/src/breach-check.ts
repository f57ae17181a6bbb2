import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  SecapiError,
  type Size,
  systemClock,
  toBytes,
  toHex,
  toMilliseconds,
  utf8,
} from '@secapi/kernel';
import { countIn } from './breach-range.js';
import type { HashingErrorCode } from './errors.js';
import { aborted } from './internal/gate.js';
import { createPrefixCache } from './internal/prefix-cache.js';

/**
 * The part of the breached passwords whose SHA-1 digests begin with a prefix of 5 upper-case hexadecimal digits, as the
 * public range API answers it: lines of `SUFFIX:COUNT`. It must reject when it has no answer.
 */
export type BreachRange = (prefix: string, options: { readonly signal: AbortSignal }) => Promise<string>;

/** Where breached passwords are looked up, and what happens when that fails. */
export interface BreachCheckOptions {
  /** `createHttpRange(…)`, or a function of your own. */
  readonly range: BreachRange;
  /**
   * What an outage means: `'refuse'` rejects with `HASHING_BREACH_CHECK_UNAVAILABLE` (nobody chooses a password
   * meanwhile), `'allow'` lets the password through unchecked. There is no default: it is a decision.
   */
  readonly onUnavailable: 'allow' | 'refuse';
  /** @default '2s' */
  readonly timeout?: Duration;
  /** A longer answer counts as an outage; the public API's are about 40 kB. @default '256kb' */
  readonly maxSize?: Size;
  /** How many answers are kept, least recently used first out, and for how long; `false`: none. @default 64 for '1h' */
  readonly cache?: false | { readonly size?: number; readonly ttl?: Duration };
  /** Told of each outage, also where it is allowed: the error holds neither the password nor its digest. */
  readonly report?: (error: SecapiError<HashingErrorCode>) => void;
  readonly now?: Clock;
}

/** What is known of a password: `checked` is false where an outage was allowed. */
export interface BreachVerdict {
  readonly breached: boolean;
  readonly checked: boolean;
}

/** Asks whether a password is known from breaches. */
export interface BreachCheck {
  /** @throws SecapiError `HASHING_ABORTED`, `HASHING_BREACH_CHECK_UNAVAILABLE` */
  check(password: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<BreachVerdict>;
}

const known = ['range', 'onUnavailable', 'timeout', 'maxSize', 'cache', 'report', 'now'];

/**
 * A check against breached passwords by k-anonymity (ASVS v5.0.0-6.2.12, NIST SP 800-63B-4 §3.1.1.2): the source learns
 * the first 20 bits of a digest, which some thousand passwords share, and nothing else. It asks no network by itself.
 *
 * @throws ConfigError when an option is missing, unknown or out of bounds
 */
export function createBreachCheck(options: BreachCheckOptions): BreachCheck {
  checkOptions('breachCheck', options, known);
  const { range, onUnavailable, report, now = systemClock } = options;
  if (typeof range !== 'function') {
    throw new ConfigError('breachCheck.range', 'is missing', 'pass createHttpRange({ url }) or a function');
  }
  if (onUnavailable !== 'allow' && onUnavailable !== 'refuse') {
    throw new ConfigError('breachCheck.onUnavailable', 'is not decided', "write 'refuse' or 'allow'");
  }
  const timeout = toMilliseconds('breachCheck.timeout', options.timeout ?? '2s', { max: 60 });
  const maxSize = toBytes('breachCheck.maxSize', options.maxSize ?? '256kb');
  const { cache = {} } = options;
  if (cache !== false) checkOptions('breachCheck.cache', cache, ['size', 'ttl']);
  const answers = createPrefixCache({
    size:
      cache === false ? 0 : checkNumber('breachCheck.cache.size', cache.size ?? 64, { min: 1, max: 10_000 }),
    ttl: cache === false ? 0 : toMilliseconds('breachCheck.cache.ttl', cache.ttl ?? '1h', { max: 86_400 }),
    now,
  });

  async function check(password: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}) {
    if (signal?.aborted) throw aborted();
    const digest = await crypto.subtle.digest('SHA-1', utf8(password.normalize('NFC')));
    const hex = toHex(new Uint8Array(digest)).toUpperCase();
    const prefix = hex.slice(0, 5);
    try {
      const text = answers.get(prefix) ?? (await ask(prefix, signal));
      const count = countIn(text, hex.slice(5));
      if (count === undefined) throw new Error('the answer is not a list of SUFFIX:COUNT');
      answers.set(prefix, text);
      return { breached: count > 0, checked: true };
    } catch (cause) {
      if (signal?.aborted) throw aborted();
      const error = unavailable(cause);
      report?.(error);
      if (onUnavailable === 'refuse') throw error;
      return { breached: false, checked: false };
    }
  }

  /** The answer, unless it takes too long or is too long, whether or not the source heeds its signal. */
  async function ask(prefix: string, caller: AbortSignal | undefined): Promise<string> {
    const limit = AbortSignal.timeout(timeout);
    const signal = caller ? AbortSignal.any([caller, limit]) : limit;
    signal.throwIfAborted();
    const text = await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
      range(prefix, { signal }).then(resolve, reject);
    });
    if (typeof text !== 'string' || text.length > maxSize) throw new Error('the answer is too long');
    return text;
  }

  return { check };
}

function unavailable(cause: unknown): SecapiError<HashingErrorCode> {
  return new SecapiError('HASHING_BREACH_CHECK_UNAVAILABLE', 'breached passwords could not be looked up', {
    cause,
  });
}
