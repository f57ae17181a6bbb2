import { ConfigError, checkNumber, checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';

/** A limit, as it is declared. */
export interface LimitRule {
  /** Its name in header fields and counters: 1 to 64 letters, digits and `. _ : -`. */
  readonly name: string;
  /** How many requests (or cost points) one window holds. */
  readonly limit: number;
  /** A whole number of seconds, from one second to 31 days. */
  readonly window: Duration;
}

/** A limit, checked and ready for use. */
export interface CompiledRule {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  /** The rule as an item of the RateLimit-Policy field. */
  readonly policy: string;
  /** What its counters' keys begin with. The window is part of it, so that a changed rule begins anew instead of reading the old one's times. */
  readonly prefix: string;
}

/**
 * Checks a limit and makes it ready for use.
 *
 * @throws ConfigError when the name can't stand in a header field, or the limit or the window is not finite or out of bounds
 */
export function compileRule(rule: LimitRule): CompiledRule {
  checkOptions('rule', rule, ['name', 'limit', 'window']);
  const { name } = rule;
  if (typeof name !== 'string' || name.length > 64 || !/^[\w.:-]+$/.test(name)) {
    throw new ConfigError('rule.name', 'is not a name', 'use 1 to 64 letters, digits and . _ : -');
  }
  const limit = checkNumber('rule.limit', rule.limit, { min: 1, max: 1_000_000_000 });
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
  const seconds = windowMs / 1_000;
  return {
    name,
    limit,
    windowMs,
    policy: `"${name}";q=${limit};w=${seconds}`,
    prefix: `${name}/${seconds} `,
  };
}
