import type { Client } from '../events.js';
import type { Account, LockoutVerdict } from '../types.js';
import type { Wiring } from './wiring.js';

/** A judged attempt, and the key to forget when it was a success. */
export interface Attempt extends LockoutVerdict {
  readonly key: string;
  readonly knownDevice: boolean;
}

/** The key of the count that all clients unknown to an account share; it needs no account. */
export function accountKey(wiring: Wiring, email: string): Promise<string> {
  return wiring.keys.digest('login', email);
}

/** The key of the count of wrong current passwords of somebody signed in, which is not that of the logins. */
export function changeKey(wiring: Wiring, subject: string): Promise<string> {
  return wiring.keys.digest('change', subject);
}

/**
 * Judges and counts one attempt. A device on which somebody signed in to this very account has a count of its own, so that
 * strangers can't lock its owner out; past its own limit it counts as one of them.
 */
export async function judgeAttempt(
  wiring: Wiring,
  input: {
    /** The key of the count that strangers share. */
    readonly shared: string;
    /** What a device's own count is of. */
    readonly kind: 'device' | 'change-device';
    readonly account: Account | undefined;
    readonly deviceCookie: string | undefined;
    readonly correct: boolean;
  },
): Promise<Attempt> {
  const { lockout, policy, keys, devices, now } = wiring;
  const { shared, kind, correct } = input;
  const device = await devices.read(input.deviceCookie);
  if (device !== undefined && device.accountId === input.account?.id) {
    const key = await keys.digest(kind, device.nonce);
    const verdict = await lockout.attempt(key, policy, now(), correct);
    if (verdict.allowed) return { ...verdict, key, knownDevice: true };
  }
  return { ...(await lockout.attempt(shared, policy, now(), correct)), key: shared, knownDevice: false };
}

/** Tells of a lock that this very attempt began. */
export function tellOfLock(
  wiring: Wiring,
  attempt: LockoutVerdict & { readonly knownDevice: boolean },
  target: string | undefined,
  client: Client | undefined,
): void {
  const { allowed, failures, lockedUntil, knownDevice } = attempt;
  if (!allowed || lockedUntil === undefined) return;
  const seconds = Math.ceil((lockedUntil - wiring.now()) / 1_000);
  const details = { seconds, failures, knownDevice };
  wiring.emit({ event: 'authn_login_lock', outcome: 'denied', ...(target && { target }), details }, client);
}
