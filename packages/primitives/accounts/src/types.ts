import type { MaybePromise } from '@secapi/kernel';

/** Somebody who can sign in. */
export interface Account {
  readonly id: string;
  /** In the canonical form of `canonicalEmail`. */
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly emailVerified: boolean;
  readonly passwordHash: string;
  /** Milliseconds. */
  readonly createdAt: number;
}

/** What a flow hands out of an account: never the password hash. */
export type PublicAccount = Omit<Account, 'passwordHash'>;

/**
 * A registration that waits until the token in its own mail is used. Several may wait for one address: the first one
 * verified wins, the others die, so that nobody can take an address before its owner does.
 */
export interface PendingRegistration {
  /** SHA-256 of the mailed token, in hexadecimal; the token itself is stored nowhere. */
  readonly tokenDigest: string;
  /** The id that the account will have. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** The role that the account will have. */
  readonly role: string;
  readonly passwordHash: string;
  /** Milliseconds. */
  readonly createdAt: number;
  /** Milliseconds; a registration whose token was mailed to nobody comes already expired and needn't be stored. */
  readonly expiresAt: number;
}

/** Where accounts are kept. Every method is one atomic operation. */
export interface AccountStore {
  findByEmail(email: string): Promise<Account | undefined>;
  findById(id: string): Promise<Account | undefined>;
  /**
   * Sets the password hash, and answers whether it did.
   *
   * @param expected when given, the hash is set only while the present one equals it (compare and set)
   */
  setPasswordHash(id: string, hash: string, now: number, expected?: string): Promise<boolean>;
  addPending(pending: PendingRegistration): Promise<void>;
  /**
   * Turns the registration of this token into an account and drops every other one of that address, in one operation.
   * `invalid` when the token is unknown, used or expired, or when the address has an account by now.
   */
  completePending(
    tokenDigest: string,
    now: number,
  ): Promise<{ readonly outcome: 'verified'; readonly account: Account } | { readonly outcome: 'invalid' }>;
  /** Adds an account directly (an administrator, an import) and drops what was pending for its address. */
  create(account: Account): Promise<'created' | 'taken'>;
}

/** How many failures a key may have, and how long it is then refused. */
export interface LockoutPolicy {
  /** This many failures are admitted; the last of them starts the lock. */
  readonly limit: number;
  /** Milliseconds without an attempt, after the end of the lock, until failures are forgotten. */
  readonly windowMs: number;
  /** Milliseconds of the first lock. Each failure beyond the limit doubles it. */
  readonly baseDelayMs: number;
  /** Milliseconds that no lock exceeds. */
  readonly maxDelayMs: number;
}

/** What a lockout store says of one attempt. */
export interface LockoutVerdict {
  /** Whether the key was open when this attempt came. A refused attempt fails, whatever password it brought. */
  readonly allowed: boolean;
  /** Failures counted so far, this attempt's included if it counted. */
  readonly failures: number;
  /** Milliseconds; set while the key is locked after this attempt. */
  readonly lockedUntil?: number;
}

/** Where failures are counted. Every method is one atomic operation; keys come as keyed digests, never as addresses. */
export interface LockoutStore {
  /**
   * Judges and counts one attempt, in one operation:
   *
   * 1. Failures are forgotten once `windowMs` have passed since the later of the last attempt and the end of the lock.
   * 2. While locked, the attempt is refused and counts as a failure; the running lock isn't extended.
   * 3. Otherwise it is allowed. Unless `correct`, it counts as a failure, and when failures then reach `limit`, the key
   *    is locked until `now + min(maxDelayMs, baseDelayMs * 2 ** (failures - limit))`.
   *
   * @param correct whether the password was right: such an attempt counts only while locked
   * @default false: a store that doesn't know the argument counts in advance and `succeed` clears it
   */
  attempt(key: string, policy: LockoutPolicy, now: number, correct?: boolean): MaybePromise<LockoutVerdict>;
  /** Forgets the failures of a key after a success. */
  succeed(key: string, now: number): MaybePromise<void>;
  /** Forgets a key, its lock included. */
  clear(key: string): MaybePromise<void>;
}

/** Where mails are counted, so that nobody's inbox can be flooded. */
export interface MailBudgetStore {
  /** Counts one mail if fewer than `limit` were counted within the last `windowMs`, in one operation; else `false`. */
  take(key: string, limit: number, windowMs: number, now: number): MaybePromise<boolean>;
}
