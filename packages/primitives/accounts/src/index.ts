export type { MaybePromise } from '@secapi/kernel';
export type { ChangePasswordInput } from './change-password.js';
export { type Accounts, createAccounts, type Done } from './create-accounts.js';
export { canonicalEmail } from './email.js';
export type {
  AccountRefusal,
  AccountsErrorCode,
  PasswordRefusal,
  PasswordRefused,
  Refused,
} from './errors.js';
export type { AccountEvent, AccountEventName, Client } from './events.js';
export type { LoggedIn, LoginInput } from './login.js';
export { type ComposeMail, defaultMails, type MailFacts, type MailKind } from './mails.js';
export { memoryAccountStore } from './memory-account-store.js';
export { type MemoryLockoutStoreOptions, memoryLockoutStore } from './memory-lockout-store.js';
export { type MemoryMailBudgetOptions, memoryMailBudget } from './memory-mail-budget.js';
export type {
  AccountsOptions,
  DeviceOptions,
  LinkOptions,
  LockoutOptions,
  MailBudgetOptions,
} from './options.js';
export type {
  AccessTokens,
  Device,
  Hasher,
  Mail,
  Mailer,
  OneTimeTokens,
  PasswordRules,
  Revocations,
  Session,
  Sessions,
} from './parts.js';
export type { ConfirmResetInput, PasswordResetInput } from './password-reset.js';
export { toPublicAccount } from './public-account.js';
export type { Reauthenticated, ReauthenticateInput } from './reauthenticate.js';
export type { Refreshed, RefreshInput } from './refresh.js';
export type { RegisterInput } from './register.js';
export type { ListedSession, SignedIn } from './sessions.js';
export type {
  Account,
  AccountStore,
  LockoutPolicy,
  LockoutStore,
  LockoutVerdict,
  MailBudgetStore,
  PendingRegistration,
  PublicAccount,
} from './types.js';
