import type { Refused } from './errors.js';
import { checkCurrent } from './internal/current-password.js';
import type { Wiring } from './internal/wiring.js';
import { issueAccess } from './login.js';
import type { SignedIn } from './sessions.js';

/** Somebody signed in who proves it once more. */
export interface ReauthenticateInput extends SignedIn {
  readonly password: string;
  /** The device cookie, if the client sent one: whoever stole an access token then can't use up its owner's attempts. */
  readonly deviceCookie?: string | undefined;
}

/** An access token of the same session, in which the sign-in is as recent as now. */
export interface Reauthenticated {
  readonly ok: true;
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/**
 * Asks somebody who is signed in for the password again, before something sensitive (ASVS v5.0.0-7.5.3). Wrong guesses
 * are counted together with those of a change of password. The next refresh brings the time of the login back.
 */
export async function reauthenticate(
  wiring: Wiring,
  input: ReauthenticateInput,
): Promise<Reauthenticated | Refused<'INVALID_CREDENTIALS'>> {
  const { subject, session, client } = input;
  const account = await wiring.store.findById(subject);
  const { password, deviceCookie } = input;
  const verdict = await checkCurrent(wiring, { subject, account, password, deviceCookie, client });
  const living = verdict.ok ? await wiring.sessions.find(session) : undefined;
  if (!verdict.ok || living?.subject !== subject) {
    const { failures } = verdict;
    const reason = verdict.ok ? 'session_ended' : verdict.reason;
    wiring.emit(
      {
        event: 'authn_login_fail',
        outcome: 'failure',
        target: subject,
        details: { reason, failures, again: true },
      },
      client,
    );
    return { ok: false, reason: 'INVALID_CREDENTIALS' };
  }
  const access = await issueAccess(wiring, subject, session, wiring.now());
  wiring.emit(
    {
      event: 'authn_login_success',
      outcome: 'success',
      actor: subject,
      target: session,
      details: { failures: verdict.failures, again: true },
    },
    client,
  );
  return { ok: true, ...access };
}
