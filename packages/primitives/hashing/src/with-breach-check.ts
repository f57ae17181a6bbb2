import type { BreachCheck } from './breach-check.js';
import type { PasswordRules, PasswordVerdict } from './password-rules.js';

/** Password rules that ask somebody: the shape of `PasswordRules`, but it answers later. */
export interface CheckedPasswordRules {
  /** @throws SecapiError `HASHING_ABORTED`, and `HASHING_BREACH_CHECK_UNAVAILABLE` where an outage refuses */
  check(
    password: string,
    context?: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<PasswordVerdict>;
}

/**
 * The rules, and then the check against breached passwords: what the rules refuse is never looked up anywhere.
 *
 * @example
 * ```ts
 * const passwordRules = withBreachCheck(createPasswordRules(), createBreachCheck({ range, onUnavailable: 'refuse' }));
 * ```
 */
export function withBreachCheck(rules: PasswordRules, breachCheck: BreachCheck): CheckedPasswordRules {
  return {
    async check(password, context, options) {
      const verdict = rules.check(password, context);
      if (!verdict.ok) return verdict;
      const { breached } = await breachCheck.check(password, options);
      if (!breached) return verdict;
      return { ok: false, code: 'PASSWORD_BREACHED', message };
    },
  };
}

const message = 'This password is known from a breach of another service. Use one that you use nowhere else.';
