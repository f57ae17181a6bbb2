/** A code of the password rules, such as `PASSWORD_TOO_SHORT`. */
export type PasswordRefusal = `PASSWORD_${string}`;

/**
 * Why a flow says no:
 *
 * - `INVALID_CREDENTIALS`: no such account, a wrong password, a lock: one answer for all of them (ASVS v5.0.0-6.3.8);
 * - `EMAIL_INVALID`: not an address, whoever has it;
 * - `TOKEN_INVALID`: a mailed token that is unknown, used, expired, or bound to a password that is gone;
 * - `REFRESH_REUSED`: a refresh token came a second time, and its session was ended; `REFRESH_INVALID`: any other refusal;
 * - `SESSION_NOT_FOUND`: this account has no such session.
 */
export type AccountRefusal =
  | 'INVALID_CREDENTIALS'
  | 'EMAIL_INVALID'
  | 'TOKEN_INVALID'
  | 'REFRESH_REUSED'
  | 'REFRESH_INVALID'
  | 'SESSION_NOT_FOUND';

/** A flow that said no. */
export interface Refused<Reason extends AccountRefusal = AccountRefusal> {
  readonly ok: false;
  readonly reason: Reason;
}

/** A new password that the rules refuse. The message is for the person and doesn't repeat it. */
export interface PasswordRefused {
  readonly ok: false;
  readonly reason: PasswordRefusal;
  readonly message: string;
}

/** The code of the error that is reported when more work waits in the background than may. */
export type AccountsErrorCode = 'ACCOUNTS_BACKGROUND_FULL';
