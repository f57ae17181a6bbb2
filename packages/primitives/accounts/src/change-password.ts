import type { PasswordRefused, Refused } from './errors.js';
import { checkCurrent } from './internal/current-password.js';
import { endSessions, endSessionsAfter } from './internal/session-end.js';
import { sendMail, type Wiring } from './internal/wiring.js';
import type { SignedIn } from './sessions.js';

/** Somebody signed in who wants another password. */
export interface ChangePasswordInput extends SignedIn {
  readonly current: string;
  readonly password: string;
  /** The device cookie, if the client sent one: whoever stole an access token then can't use up its owner's attempts. */
  readonly deviceCookie?: string | undefined;
}

/**
 * Changes a password for somebody who knows the current one (ASVS v5.0.0-6.2.3), and ends every other session. Wrong
 * guesses of the current one are counted and stopped like those of a login: an access token that was stolen is no way
 * to find the password out.
 */
export async function changePassword(
  wiring: Wiring,
  input: ChangePasswordInput,
): Promise<{ readonly ok: true } | PasswordRefused | Refused<'INVALID_CREDENTIALS'>> {
  const { store, hasher, rules, oneTime, background, now, emit } = wiring;
  const { subject, session, client } = input;
  const account = await store.findById(subject);
  const verdict = await rules.check(input.password, account ? [account.email, account.name] : [], {
    signal: client?.signal,
  });
  if (!verdict.ok) return { ok: false, reason: verdict.code, message: verdict.message };

  const current = await checkCurrent(wiring, {
    subject,
    account,
    password: input.current,
    deviceCookie: input.deviceCookie,
    client,
  });
  if (!current.ok) return refuse(current.reason, current.failures);

  const passwordHash = await hasher.hash(input.password, { signal: client?.signal });
  await endSessions(wiring, subject, session);
  if (!(await store.setPasswordHash(subject, passwordHash, now(), current.account.passwordHash))) {
    return refuse('password_changed', current.failures);
  }
  // Told at once: whatever fails from here on, the password is another one, and its owner must hear of it.
  emit({ event: 'authn_password_change', outcome: 'success', actor: subject, target: subject }, client);
  background.run(() => sendMail(wiring, current.account.email, 'password-changed'));
  await endSessionsAfter(wiring, subject, session);
  await oneTime.revoke('password-reset', subject);
  return { ok: true };

  function refuse(reason: string, failures: number): Refused<'INVALID_CREDENTIALS'> {
    emit(
      {
        event: 'authn_password_change_fail',
        outcome: 'failure',
        target: subject,
        details: { reason, failures },
      },
      client,
    );
    return { ok: false, reason: 'INVALID_CREDENTIALS' };
  }
}
