import type { Client } from '../events.js';
import type { Account } from '../types.js';
import { changeKey, judgeAttempt, tellOfLock } from './lockout.js';
import type { Wiring } from './wiring.js';

/** The verdict on the current password of somebody who is signed in. */
export type CurrentPassword =
  | { readonly ok: true; readonly account: Account; readonly failures: number }
  | { readonly ok: false; readonly reason: 'locked' | 'wrong_password'; readonly failures: number };

/**
 * Verifies and counts the current password, in the order of a login. The counts are not those of the login: an access token
 * that was stolen is neither a way to find the password out nor one to lock its owner out.
 */
export async function checkCurrent(
  wiring: Wiring,
  input: {
    readonly subject: string;
    readonly account: Account | undefined;
    readonly password: string;
    readonly deviceCookie: string | undefined;
    readonly client: Client | undefined;
  },
): Promise<CurrentPassword> {
  const { hasher, lockout, now } = wiring;
  const { subject, account, password, deviceCookie, client } = input;
  const { ok } = await hasher.verify(password, account?.passwordHash, { signal: client?.signal });
  const correct = ok && account !== undefined;
  const shared = await changeKey(wiring, subject);
  const kind = 'change-device';
  const attempt = await judgeAttempt(wiring, { shared, kind, account, deviceCookie, correct });
  const { allowed, failures, key } = attempt;
  if (!correct || !allowed) {
    tellOfLock(wiring, attempt, account?.id, client);
    return { ok: false, reason: correct ? 'locked' : 'wrong_password', failures };
  }
  await lockout.succeed(key, now());
  return { ok: true, account, failures };
}
