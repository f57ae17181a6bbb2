import type { Duration, MaybePromise } from '@secapi/kernel';
import type { PasswordRefusal } from './errors.js';

/** Hashes passwords: the shape of `createPasswordHasher` in `@secapi/hashing`. */
export interface Hasher {
  hash(password: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<string>;
  /** Without a hash it does the same work and answers `ok: false`. An aborted signal rejects before there is a verdict. */
  verify(
    password: string,
    hash: string | undefined,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<{ readonly ok: boolean; readonly needsRehash: boolean }>;
}

/** Judges new passwords, by the password alone or also by asking a service: the shape of `createPasswordRules` in `@secapi/hashing`. */
export interface PasswordRules {
  check(
    password: string,
    context?: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): MaybePromise<
    { readonly ok: true } | { readonly ok: false; readonly code: PasswordRefusal; readonly message: string }
  >;
}

/** Where a session is used from, as its owner sees it in the list. */
export interface Device {
  readonly userAgent?: string | undefined;
  readonly address?: string | undefined;
}

/** One signed-in device: one family of refresh tokens. Times are milliseconds. */
export interface Session {
  readonly id: string;
  readonly subject: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  readonly device: Device;
}

/** Keeps sessions: the shape of `createRefreshFamilies` in `@secapi/tokens`. */
export interface Sessions {
  start(input: { readonly subject: string; readonly device?: Device }): Promise<{
    readonly token: string;
    readonly session: Session;
  }>;
  rotate(
    token: string,
    input?: { readonly device?: Device; readonly receivedAt?: number },
  ): Promise<
    | { readonly ok: true; readonly token: string; readonly session: Session; readonly raced: boolean }
    | {
        readonly ok: false;
        readonly reason: 'unknown' | 'expired' | 'revoked' | 'reused';
        readonly session?: Session;
      }
  >;
  list(subject: string): Promise<readonly Session[]>;
  find(sessionId: string): Promise<Session | undefined>;
  revoke(sessionId: string, subject?: string): Promise<boolean>;
  /** Answers the ids of the sessions it ended. */
  revokeAll(subject: string, options?: { readonly except?: string }): Promise<readonly string[]>;
}

/** Signs access tokens: the shape of `createAccessTokenIssuer` in `@secapi/tokens`. */
export interface AccessTokens {
  issue(input: {
    readonly subject: string;
    readonly session: string;
    /** When the subject last gave the password, in milliseconds. */
    readonly authenticatedAt: number;
  }): Promise<{
    readonly token: string;
    /** Seconds. */
    readonly expiresIn: number;
  }>;
}

/** Makes and takes tokens that work once: the shape of `createOneTimeTokens` in `@secapi/tokens`. */
export interface OneTimeTokens {
  issue(input: {
    readonly purpose: string;
    readonly subject: string;
    readonly lifetime: Duration;
    readonly binding?: string;
  }): Promise<{ readonly token: string; readonly expiresAt: number }>;
  consume(input: {
    readonly purpose: string;
    readonly token: string;
    readonly binding?: (subject: string) => MaybePromise<string | undefined>;
  }): Promise<{ readonly ok: true; readonly subject: string } | { readonly ok: false }>;
  revoke(purpose: string, subject: string): Promise<void>;
}

/** Makes access tokens dead before they expire: the shape of a `RevocationStore` in `@secapi/tokens`. */
export interface Revocations {
  revoke(entry: {
    readonly kind: 'token' | 'session' | 'subject';
    readonly id: string;
    /** Milliseconds; for a subject, tokens issued at or before it are dead. */
    readonly at: number;
    /** Milliseconds; the entry may be forgotten then. */
    readonly until: number;
  }): Promise<void>;
}

/** A mail to send. `token` is in the text too; it stands apart for those who build their own links. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly token?: string;
}

/** Sends mails, or hands them to a queue. Flows never wait for it, so that its time tells a client nothing. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}
