import { type ChangePasswordInput, changePassword } from './change-password.js';
import type { PasswordRefused, Refused } from './errors.js';
import type { Client } from './events.js';
import { wire } from './internal/wiring.js';
import { type LoggedIn, type LoginInput, login } from './login.js';
import type { AccountsOptions } from './options.js';
import {
  type ConfirmResetInput,
  confirmPasswordReset,
  type PasswordResetInput,
  requestPasswordReset,
} from './password-reset.js';
import { type Reauthenticated, type ReauthenticateInput, reauthenticate } from './reauthenticate.js';
import { type Refreshed, type RefreshInput, refresh } from './refresh.js';
import { type RegisterInput, register, verifyEmail } from './register.js';
import {
  endSession,
  type ListedSession,
  listSessions,
  logout,
  logoutAll,
  type SignedIn,
} from './sessions.js';
import type { PublicAccount } from './types.js';

/** A flow that has nothing to say but that it is done. */
export interface Done {
  readonly ok: true;
}

/** The flows of accounts. None throws for bad input; a store or hasher that fails rejects. */
export interface Accounts {
  /** Always the same answer, whether or not the address has an account. */
  register(input: RegisterInput): Promise<Done | PasswordRefused | Refused<'EMAIL_INVALID'>>;
  /** Works once a token. */
  verifyEmail(input: {
    readonly token: string;
    readonly client?: Client | undefined;
  }): Promise<{ readonly ok: true; readonly account: PublicAccount } | Refused<'TOKEN_INVALID'>>;
  /** One answer and one amount of work for whatever is wrong. */
  login(input: LoginInput): Promise<LoggedIn | Refused<'INVALID_CREDENTIALS'>>;
  refresh(input: RefreshInput): Promise<Refreshed | Refused<'REFRESH_REUSED' | 'REFRESH_INVALID'>>;
  logout(input: SignedIn): Promise<Done>;
  logoutAll(input: SignedIn): Promise<Done & { readonly ended: number }>;
  /** Living sessions, the current one marked. */
  sessions(input: SignedIn): Promise<readonly ListedSession[]>;
  endSession(input: SignedIn & { readonly id: string }): Promise<Done | Refused<'SESSION_NOT_FOUND'>>;
  /** Always the same answer, in the same time. */
  requestPasswordReset(input: PasswordResetInput): Promise<Done>;
  confirmPasswordReset(input: ConfirmResetInput): Promise<Done | PasswordRefused | Refused<'TOKEN_INVALID'>>;
  changePassword(
    input: ChangePasswordInput,
  ): Promise<Done | PasswordRefused | Refused<'INVALID_CREDENTIALS'>>;
  /** For a step-up: an access token with a sign-in as recent as now, to who gives the current password. */
  reauthenticate(input: ReauthenticateInput): Promise<Reauthenticated | Refused<'INVALID_CREDENTIALS'>>;
  /** Resolves when the mails under way are sent: for a clean stop, and for tests. */
  idle(): Promise<void>;
}

/**
 * Accounts as flows over stores, a hasher, tokens and a mailer. Nothing that a client sees, time included, tells whether
 * an address has an account.
 *
 * @throws ConfigError when a part is missing or an option can't be used
 */
export function createAccounts(options: AccountsOptions): Accounts {
  const wiring = wire(options);
  return {
    register: (input) => register(wiring, input),
    verifyEmail: (input) => verifyEmail(wiring, input),
    login: (input) => login(wiring, input),
    refresh: (input) => refresh(wiring, input),
    logout: (input) => logout(wiring, input),
    logoutAll: (input) => logoutAll(wiring, input),
    sessions: (input) => listSessions(wiring, input),
    endSession: (input) => endSession(wiring, input),
    requestPasswordReset: (input) => requestPasswordReset(wiring, input),
    confirmPasswordReset: (input) => confirmPasswordReset(wiring, input),
    changePassword: (input) => changePassword(wiring, input),
    reauthenticate: (input) => reauthenticate(wiring, input),
    idle: () => wiring.background.idle(),
  };
}
