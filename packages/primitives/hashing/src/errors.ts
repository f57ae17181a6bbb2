/**
 * The codes of the errors that hashing rejects with:
 *
 * - `HASHING_BUSY`: as many hashes are under way and waiting as were allowed; answer 503 and let the client come back;
 * - `HASHING_ABORTED`: the caller's signal was aborted; nobody waits for the answer any more;
 * - `HASHING_PEPPER_UNKNOWN`: a stored hash names a pepper that isn't configured (any more);
 * - `HASHING_PASSWORD_UNUSABLE`: a password to hash that no rules would have let through (too long, not valid Unicode);
 * - `HASHING_FAILED`: the engine failed, for want of memory perhaps; the `cause` is its own error;
 * - `HASHING_CLOCK_STOPPED`: calibration can't measure, since the runtime's clock stands still while code runs;
 * - `HASHING_BREACH_CHECK_UNAVAILABLE`: the source of breached passwords didn't answer in time, or not in its format.
 */
export type HashingErrorCode =
  | 'HASHING_BUSY'
  | 'HASHING_ABORTED'
  | 'HASHING_PEPPER_UNKNOWN'
  | 'HASHING_PASSWORD_UNUSABLE'
  | 'HASHING_FAILED'
  | 'HASHING_CLOCK_STOPPED'
  | 'HASHING_BREACH_CHECK_UNAVAILABLE';

/**
 * Why a new password is refused:
 *
 * - `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`: by code points (ASVS v5.0.0-6.2.1, 6.2.9);
 * - `PASSWORD_INVALID`: it holds half of a surrogate pair, which has no place in Unicode text;
 * - `PASSWORD_TOO_COMMON`: common, a repetition, or a sequence (6.2.4);
 * - `PASSWORD_CONTEXT_WORD`: little more than words that an attacker knows, such as the name of the service (6.2.11);
 * - `PASSWORD_BREACHED`: among the passwords of known breaches (6.2.12).
 */
export type PasswordRuleCode =
  | 'PASSWORD_TOO_SHORT'
  | 'PASSWORD_TOO_LONG'
  | 'PASSWORD_INVALID'
  | 'PASSWORD_TOO_COMMON'
  | 'PASSWORD_CONTEXT_WORD'
  | 'PASSWORD_BREACHED';
