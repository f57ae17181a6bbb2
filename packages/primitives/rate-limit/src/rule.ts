import { ConfigError, checkNumber, checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';
import type { AlgorithmName } from './algorithms/algorithm.js';
import { checkWhenStoreFails, type WhenStoreFails } from './when-store-fails.js';

/** A limit, as it is declared. */
export interface LimitRule {
  /** Its name in header fields and counters: 1 to 64 letters, digits and `. _ : -`. */
  readonly name: string;
  /** How many requests (or cost points) one window holds. */
  readonly limit: number;
  /** A whole number of seconds, from one second to 31 days. For `concurrency`, how long a lease holds that nobody ends. */
  readonly window: Duration;
  /**
   * How it counts. `'sliding-log'` and `'concurrency'` keep what they count one by one: their limit is 1,000 at most.
   *
   * @default 'sliding-window'
   */
  readonly algorithm?: AlgorithmName;
  /** How much `'token-bucket'` and `'gcra'` let through at once, from 1 to `limit`. @default limit */
  readonly burst?: number;
  /** What becomes of this limit when the store fails. @default the limiter's own */
  readonly whenStoreFails?: WhenStoreFails;
}

/** A limit, checked and ready for use. */
export interface CompiledRule {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  /** The rule as an item of the RateLimit-Policy field. */
  readonly policy: string;
  /** What its counters' keys begin with. The window and the algorithm are part of it, so that a changed rule begins anew instead of reading the old one's times. */
  readonly prefix: string;
  /** Absent for `'sliding-window'`. */
  readonly algorithm?: AlgorithmName;
  /** There for `'token-bucket'` and `'gcra'`. */
  readonly burst?: number;
  readonly whenStoreFails?: WhenStoreFails;
}

const algorithms: readonly AlgorithmName[] = [
  'sliding-window',
  'fixed-window',
  'sliding-log',
  'token-bucket',
  'gcra',
  'concurrency',
];

/**
 * Checks a limit and makes it ready for use.
 *
 * @throws ConfigError when the name can't stand in a header field, the limit, the window or the burst is not finite or out of bounds, or the
 * algorithm is not known
 */
export function compileRule(rule: LimitRule): CompiledRule {
  checkOptions('rule', rule, ['name', 'limit', 'window', 'algorithm', 'burst', 'whenStoreFails']);
  const { name } = rule;
  if (typeof name !== 'string' || name.length > 64 || !/^[\w.:-]+$/.test(name)) {
    throw new ConfigError('rule.name', 'is not a name', 'use 1 to 64 letters, digits and . _ : -');
  }
  const algorithm = rule.algorithm ?? 'sliding-window';
  if (!algorithms.includes(algorithm)) {
    throw new ConfigError('rule.algorithm', 'is not known', `use one of ${algorithms.join(', ')}`);
  }
  const logged = algorithm === 'sliding-log' || algorithm === 'concurrency';
  const limit = checkNumber('rule.limit', rule.limit, { min: 1, max: logged ? 1_000 : 1_000_000_000 });
  const windowMs = toMilliseconds('rule.window', rule.window, { min: 1, max: 31 * 86_400 });
  if (windowMs % 1_000 !== 0) {
    throw new ConfigError(
      'rule.window',
      'is not a whole number of seconds',
      "write it in seconds, for example '15m'",
    );
  }
  if (limit * windowMs > Number.MAX_SAFE_INTEGER) {
    throw new ConfigError('rule.limit', 'is too high for so long a window', 'use a shorter window');
  }
  const bucket = algorithm === 'token-bucket' || algorithm === 'gcra';
  if (rule.burst !== undefined && !bucket) {
    throw new ConfigError('rule.burst', `means nothing to '${algorithm}'`, "use 'token-bucket' or 'gcra'");
  }
  const seconds = windowMs / 1_000;
  const counts = algorithm === 'concurrency' ? 'qu="concurrent-requests"' : `w=${seconds}`;
  const policy = `"${name}";q=${limit};${counts}`;
  const { whenStoreFails } = rule;
  if (whenStoreFails !== undefined) checkWhenStoreFails('rule.whenStoreFails', whenStoreFails);
  const common = { name, limit, windowMs, policy, ...(whenStoreFails && { whenStoreFails }) };
  if (algorithm === 'sliding-window') return { ...common, prefix: `${name}/${seconds} ` };
  const compiled = { ...common, prefix: `${name}/${seconds}/${algorithm} `, algorithm };
  if (!bucket) return compiled;
  return { ...compiled, burst: checkNumber('rule.burst', rule.burst ?? limit, { min: 1, max: limit }) };
}
