import type { Wiring } from './wiring.js';

/** Makes the access tokens of one session dead. */
export async function revokeAccess(wiring: Wiring, session: string): Promise<void> {
  const at = wiring.now();
  await wiring.revocations.revoke({ kind: 'session', id: session, at, until: at + wiring.revocationMs });
}

/** Ends one session: its access tokens first, so that a failure in between leaves nothing that a retry would miss. */
export async function endOne(wiring: Wiring, subject: string, session: string): Promise<boolean> {
  await revokeAccess(wiring, session);
  return wiring.sessions.revoke(session, subject);
}

const mostRounds = 5;

/**
 * Ends every session of a subject, or every one but `except`, and makes their access tokens dead. One by one, since a
 * session that is gone from the list is one whose access tokens no retry would find.
 */
export async function endSessions(wiring: Wiring, subject: string, except?: string): Promise<number> {
  const { sessions } = wiring;
  if (except === undefined) await revokeSubject(wiring, subject);
  let ended = 0;
  // Until none is left: one may have been opened meanwhile.
  for (let round = 0; round < mostRounds; round++) {
    const living = (await sessions.list(subject)).filter(({ id }) => id !== except);
    if (living.length === 0) return ended;
    const done = await Promise.all(living.map(({ id }) => endOne(wiring, subject, id)));
    ended += done.filter(Boolean).length;
  }
  // Somebody opens them as fast as they end: in one stroke, then.
  const rest = await sessions.revokeAll(subject, except === undefined ? {} : { except });
  await Promise.all(rest.map((id) => revokeAccess(wiring, id)));
  return ended + rest.length;
}

const mostTries = 3;

/**
 * Ends sessions when the password is another one already. That mustn't hang on one try: a login with the old password
 * that was under way has perhaps opened a session since they were ended before.
 */
export async function endSessionsAfter(wiring: Wiring, subject: string, except?: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await endSessions(wiring, subject, except);
      return;
    } catch (error) {
      if (tries === mostTries) throw error;
    }
  }
}

/**
 * What was issued before this second is dead by subject, what was issued within it by session: somebody who signs in
 * right afterwards has a token with the same `iat` and must not be shut out by it.
 */
async function revokeSubject(wiring: Wiring, subject: string): Promise<void> {
  const now = wiring.now();
  const at = Math.floor(now / 1_000) * 1_000 - 1;
  await wiring.revocations.revoke({ kind: 'subject', id: subject, at, until: now + wiring.revocationMs });
}
