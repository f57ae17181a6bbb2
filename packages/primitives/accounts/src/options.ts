import type { Clock, Duration } from '@secapi/kernel';
import type { AccountEvent } from './events.js';
import type { ComposeMail } from './mails.js';
import type {
  AccessTokens,
  Hasher,
  Mailer,
  OneTimeTokens,
  PasswordRules,
  Revocations,
  Sessions,
} from './parts.js';
import type { AccountStore, LockoutStore, MailBudgetStore } from './types.js';

/** What accounts are made of, and how patient they are. */
export interface AccountsOptions {
  readonly store: AccountStore;
  /** `createPasswordHasher(…)` of `@secapi/hashing`, or its like. */
  readonly hasher: Hasher;
  /** `createPasswordRules(…)` of `@secapi/hashing`, or its like. */
  readonly passwordRules: PasswordRules;
  /** `createRefreshFamilies(…)` of `@secapi/tokens`, or its like. */
  readonly sessions: Sessions;
  /** `createAccessTokenIssuer(…)` of `@secapi/tokens`, or its like. */
  readonly issuer: AccessTokens;
  /** `createOneTimeTokens(…)` of `@secapi/tokens`, or its like. */
  readonly oneTime: OneTimeTokens;
  /** The store that the verifier of access tokens asks. */
  readonly revocations: Revocations;
  readonly mailer: Mailer;
  readonly devices: DeviceOptions;
  readonly lockout?: LockoutOptions;
  readonly mailBudget?: MailBudgetOptions;
  /** Where the links in mails lead. @default none: mails carry the token alone */
  readonly links?: LinkOptions;
  /** How mails are written. @default English texts with the token in them */
  readonly mails?: ComposeMail;
  /** What the mails call this service. @default 'this service' */
  readonly service?: string;
  /** The role of somebody who registers. @default 'user' */
  readonly role?: string;
  /** How long a registration waits for its mail to be answered. @default '24h' */
  readonly pendingLifetime?: Duration;
  /** How long a reset token works, an hour at most. @default '15m' */
  readonly resetLifetime?: Duration;
  /**
   * How long revocations are kept: no access token may live longer, and a flow that gets one that does throws.
   * @default '24h'
   */
  readonly revocationPeriod?: Duration;
  /** @default systemClock */
  readonly now?: Clock;
  /** Called for each outcome, at once; it must not throw. */
  readonly onEvent?: (event: AccountEvent) => void;
  /** Called when work that no answer waits for fails: a mail that couldn't be sent. @default nothing */
  readonly onError?: (error: unknown) => void;
}

/** The links in mails: from here alone, never from a request. */
export interface LinkOptions {
  /** https, or http on this machine; a path may follow. The token is added as a fragment: `https://app.example/verify-email#token=…` */
  readonly baseUrl: string;
  /** @default '/verify-email' */
  readonly verifyEmail?: string;
  /** @default '/reset-password' */
  readonly resetPassword?: string;
}

/** How devices on which somebody signed in are known again. */
export interface DeviceOptions {
  /** 32 random bytes or more; it also keys the digests under which stores count. Keep it over restarts. */
  readonly key: Uint8Array;
  /** @default '180d' */
  readonly lifetime?: Duration;
}

/** When guessing is stopped (ASVS v5.0.0-6.3.1). */
export interface LockoutOptions {
  /** @default memoryLockoutStore() */
  readonly store?: LockoutStore;
  /** Failures until an account is closed to unknown clients, or a known device counts as unknown. 1 to 100. @default 5 */
  readonly limit?: number;
  /** How long failures are remembered. @default '1h' */
  readonly window?: Duration;
  /** The first delay; each further failure doubles it. @default '1m' */
  readonly baseDelay?: Duration;
  /** @default '1h' */
  readonly maxDelay?: Duration;
}

/** How many mails one address gets, whoever asked for them; what is beyond is dropped without telling the client. */
export interface MailBudgetOptions {
  /** @default memoryMailBudget() */
  readonly store?: MailBudgetStore;
  /** @default 10 */
  readonly limit?: number;
  /** @default '1h' */
  readonly window?: Duration;
}
