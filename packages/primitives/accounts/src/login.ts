import { ConfigError, constantTimeEqual } from '@secapi/kernel';
import { canonicalEmail } from './email.js';
import type { Refused } from './errors.js';
import type { Client } from './events.js';
import { type Attempt, accountKey, judgeAttempt, tellOfLock } from './internal/lockout.js';
import { endReplaced } from './internal/replaced-session.js';
import { endOne } from './internal/session-end.js';
import type { Wiring } from './internal/wiring.js';
import type { Device, Session } from './parts.js';
import { toPublicAccount } from './public-account.js';
import type { Account, PublicAccount } from './types.js';

/** Somebody who wants to sign in. */
export interface LoginInput {
  readonly email: string;
  readonly password: string;
  /** The device cookie, if the client sent one. */
  readonly deviceCookie?: string | undefined;
  /** The refresh token that the client still has, if any: its session is over once this login succeeds (ASVS v5.0.0-7.2.4). */
  readonly refreshToken?: string | undefined;
  readonly client?: Client | undefined;
}

/** Somebody who is signed in now. */
export interface LoggedIn {
  readonly ok: true;
  readonly account: PublicAccount;
  readonly session: Session;
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  /** To be set as `__Host-device`; `maxAge` in seconds. */
  readonly deviceCookie: { readonly value: string; readonly maxAge: number };
}

/**
 * Signs somebody in.
 *
 * No such account, a wrong password, a lock and a registration that waits are one answer, and take the same path: one
 * look-up, one verification, one count, in this order (ASVS v5.0.0-6.3.8). The password is verified before the count is
 * asked, so that one atomic operation can judge and count, and so that a busy hasher costs nobody an attempt. Who goes away
 * before the verdict gets none, and none is counted.
 */
export async function login(
  wiring: Wiring,
  input: LoginInput,
): Promise<LoggedIn | Refused<'INVALID_CREDENTIALS'>> {
  const { store, hasher, lockout, devices, now, emit } = wiring;
  // What isn't an address is looked up and counted all the same, as one that nobody has. Never as it was spelt: a store
  // that compares loosely would then open one account under many counts.
  const email = canonicalEmail(input.email) ?? '';
  const account = await store.findByEmail(email);
  const { ok, needsRehash } = await hasher.verify(input.password, account?.passwordHash, {
    signal: input.client?.signal,
  });
  const correct = ok && account !== undefined;
  const shared = await accountKey(wiring, email);
  const { deviceCookie } = input;
  const attempt = await judgeAttempt(wiring, { shared, kind: 'device', account, deviceCookie, correct });
  if (!correct || !attempt.allowed) {
    return refuse(wiring, input, account, attempt, reasonFor(account, correct));
  }

  await lockout.succeed(attempt.key, now());
  if (input.refreshToken) await endReplaced(wiring, input.refreshToken, input.client);
  const hash = needsRehash ? await upgrade(wiring, account, input.password) : account.passwordHash;
  const { token, session } = await wiring.sessions.start({
    subject: account.id,
    device: toDevice(input.client),
  });
  if (!(await stillHolds(wiring, account.id, input.password, hash))) {
    await endOne(wiring, account.id, session.id);
    return refuse(wiring, input, account, attempt, 'password_changed');
  }
  const access = await issueAccess(wiring, account.id, session.id, session.createdAt);
  const { failures, knownDevice } = attempt;
  emit(
    {
      event: 'authn_login_success',
      outcome: 'success',
      actor: account.id,
      details: { failures, knownDevice },
    },
    input.client,
  );
  emit({ event: 'session_created', outcome: 'success', actor: account.id, target: session.id }, input.client);
  return {
    ok: true,
    account: toPublicAccount(account),
    session,
    ...access,
    refreshToken: token,
    deviceCookie: await devices.issue(account.id),
  };
}

function reasonFor(account: Account | undefined, correct: boolean): string {
  if (!account) return 'unknown_account';
  return correct ? 'locked' : 'wrong_password';
}

function refuse(
  wiring: Wiring,
  { client }: LoginInput,
  account: Account | undefined,
  attempt: Attempt,
  reason: string,
): Refused<'INVALID_CREDENTIALS'> {
  const { allowed, failures, knownDevice } = attempt;
  const target = account && { target: account.id };
  const details = { reason, failures, locked: !allowed, knownDevice };
  wiring.emit({ event: 'authn_login_fail', outcome: 'failure', ...target, details }, client);
  tellOfLock(wiring, attempt, account?.id, client);
  return { ok: false, reason: 'INVALID_CREDENTIALS' };
}

/** Compare and set: a password that was changed meanwhile must not be overwritten by a hash of the old one. */
async function upgrade({ hasher, store, now }: Wiring, account: Account, password: string): Promise<string> {
  const hash = await hasher.hash(password);
  const done = await store.setPasswordHash(account.id, hash, now(), account.passwordHash);
  return done ? hash : account.passwordHash;
}

/**
 * Whether the password is still the one of the account now that the session exists. A reset sets the hash and then ends
 * all sessions: a login that began before it and ends after it would otherwise leave one behind.
 */
async function stillHolds(
  { store, hasher }: Wiring,
  id: string,
  password: string,
  hash: string,
): Promise<boolean> {
  const account = await store.findById(id);
  if (!account) return false;
  if (constantTimeEqual(account.passwordHash, hash)) return true;
  return (await hasher.verify(password, account.passwordHash)).ok; // another login may have upgraded the hash
}

/** What a session keeps of its client. */
export function toDevice(client: Client | undefined): Device {
  const { userAgent, address } = client ?? {};
  return {
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 256) }),
    ...(address && { address }),
  };
}

/** @throws ConfigError when tokens live longer than revocations are kept */
export async function issueAccess(
  wiring: Wiring,
  subject: string,
  session: string,
  authenticatedAt: number,
): Promise<{ readonly accessToken: string; readonly expiresIn: number }> {
  const { token, expiresIn } = await wiring.issuer.issue({ subject, session, authenticatedAt });
  if (expiresIn * 1_000 > wiring.revocationMs) {
    throw new ConfigError(
      'accounts.revocationPeriod',
      'is shorter than access tokens live',
      'make it longer, or their lifetime shorter',
    );
  }
  return { accessToken: token, expiresIn };
}
