import type { Refused } from './errors.js';
import type { Client } from './events.js';
import { endOne, endSessions } from './internal/session-end.js';
import type { Wiring } from './internal/wiring.js';
import type { Session } from './parts.js';

/** Who is asking, out of a verified access token: `sub` and `sid`. */
export interface SignedIn {
  readonly subject: string;
  readonly session: string;
  readonly client?: Client | undefined;
}

/** A session in the list of its owner. */
export type ListedSession = Session & {
  /** Whether it is the one that is asking. */
  readonly current: boolean;
};

/** Ends the current session; its access tokens are dead from then on. */
export async function logout(wiring: Wiring, input: SignedIn): Promise<{ readonly ok: true }> {
  const { subject, session, client } = input;
  await endOne(wiring, subject, session);
  wiring.emit({ event: 'authn_logout', outcome: 'success', actor: subject, target: session }, client);
  return { ok: true };
}

/** Ends every session of this account (ASVS v5.0.0-7.4.3), the current one too. */
export async function logoutAll(
  wiring: Wiring,
  input: SignedIn,
): Promise<{ readonly ok: true; readonly ended: number }> {
  const { subject, session, client } = input;
  const ended = await endSessions(wiring, subject);
  wiring.emit(
    {
      event: 'authn_logout',
      outcome: 'success',
      actor: subject,
      target: session,
      details: { all: true, ended },
    },
    client,
  );
  return { ok: true, ended };
}

/** Where this account is signed in (ASVS v5.0.0-7.5.2). */
export async function listSessions(wiring: Wiring, input: SignedIn): Promise<readonly ListedSession[]> {
  const sessions = await wiring.sessions.list(input.subject);
  return sessions.map((session) => ({ ...session, current: session.id === input.session }));
}

/** Ends one session of this account. Another account's is not found, like one that doesn't exist. */
export async function endSession(
  wiring: Wiring,
  input: SignedIn & { readonly id: string },
): Promise<{ readonly ok: true } | Refused<'SESSION_NOT_FOUND'>> {
  const { subject, client, id } = input;
  const session = id.length <= 200 ? await wiring.sessions.find(id) : undefined;
  if (session?.subject !== subject) return { ok: false, reason: 'SESSION_NOT_FOUND' };
  await endOne(wiring, subject, id);
  wiring.emit({ event: 'authn_token_revoked', outcome: 'success', actor: subject, target: id }, client);
  return { ok: true };
}
