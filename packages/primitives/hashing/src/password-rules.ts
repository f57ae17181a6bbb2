import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import { isCommonPassword } from './common-passwords.js';
import { leansOnWords } from './context-words.js';
import type { PasswordRuleCode } from './errors.js';
import { countCodePoints, isWellFormed } from './internal/text.js';

/** What a new password must be like. There are no composition rules (ASVS v5.0.0-6.2.5). */
export interface PasswordRulesOptions {
  /** Code points, 15 at least, and 8 with `secondFactor`. @default 15, and 8 with `secondFactor` */
  readonly minLength?: number;
  /** That no login succeeds on a password alone: then 8 characters are enough (NIST SP 800-63B-4 §3.1.1.2). @default false */
  readonly secondFactor?: boolean;
  /** Code points, 128 at least. @default 256 */
  readonly maxLength?: number;
  /** Words that an attacker would try first: the names of the service, the product, the company. @default none */
  readonly contextWords?: readonly string[];
}

/** Whether a password may be chosen; the message is for the person who chose it and never repeats it. */
export type PasswordVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: PasswordRuleCode; readonly message: string };

/** Judges new passwords. */
export interface PasswordRules {
  /**
   * Whether a password may be chosen.
   *
   * @param context words of this person: the e-mail address, the name
   */
  check(password: string, context?: readonly string[]): PasswordVerdict;
}

/**
 * Rules for new passwords, as NIST SP 800-63B-4 and ASVS v5.0.0-6.2 have them: long, not common, not made of words that
 * anybody would guess, and otherwise whatever one likes.
 *
 * @throws ConfigError when a bound is out of bounds or a context word is too short to judge by
 */
export function createPasswordRules(options: PasswordRulesOptions = {}): PasswordRules {
  checkOptions('passwordRules', options, ['minLength', 'secondFactor', 'maxLength', 'contextWords']);
  const minLength = checkMinLength(options);
  const maxLength = checkNumber('passwordRules.maxLength', options.maxLength ?? 256, {
    min: 128,
    max: 1_024,
  });
  const own = options.contextWords ?? [];
  if (!Array.isArray(own) || own.some((word) => typeof word !== 'string' || word.length < 3)) {
    throw new ConfigError(
      'passwordRules.contextWords',
      'holds no usable word',
      'use words of 3 letters or more',
    );
  }

  function refuse(code: PasswordRuleCode, message: string) {
    return { ok: false, code, message } as const;
  }

  function check(password: string, context: readonly string[] = []) {
    // A code point is two UTF-16 units at most, and NFC triples them at worst: longer is too long without counting.
    if (password.length > maxLength * 6) return refuse('PASSWORD_TOO_LONG', tooLong);
    if (!isWellFormed(password))
      return refuse('PASSWORD_INVALID', 'Use characters of valid Unicode text only.');
    const text = password.normalize('NFC');
    const length = countCodePoints(text);
    if (length < minLength) return refuse('PASSWORD_TOO_SHORT', tooShort);
    if (length > maxLength) return refuse('PASSWORD_TOO_LONG', tooLong);
    if (isCommonPassword(text, minLength)) return refuse('PASSWORD_TOO_COMMON', tooCommon);
    if (leansOnWords(text, [...own, ...context])) return refuse('PASSWORD_CONTEXT_WORD', tooClose);
    return { ok: true } as const;
  }

  const tooShort = `Use ${minLength} characters or more; a few unrelated words are easy to remember.`;
  const tooLong = `Use ${maxLength} characters or fewer.`;
  const tooCommon = 'This password is among the first that an attacker tries. Use a few unrelated words.';
  const tooClose =
    'This password is mostly your name, your address or the name of this service. Add unrelated words.';

  return { check };
}

function checkMinLength({ minLength, secondFactor = false }: PasswordRulesOptions): number {
  if (typeof secondFactor !== 'boolean') {
    throw new ConfigError('passwordRules.secondFactor', 'is not a boolean', 'write true or false');
  }
  const length = checkNumber('passwordRules.minLength', minLength ?? (secondFactor ? 8 : 15), {
    min: 8,
    max: 64,
  });
  if (length < 15 && !secondFactor) {
    throw new ConfigError(
      'passwordRules.minLength',
      `is ${length}, too short for a password alone`,
      'use 15 or more, or add secondFactor: true if every login asks for a second factor',
    );
  }
  return length;
}
