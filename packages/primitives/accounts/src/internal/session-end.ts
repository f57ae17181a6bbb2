import type { Wiring } from './wiring.js';

/** Makes the access tokens of one session dead. */
export async function revokeAccess(wiring: Wiring, session: string): Promise<void> {
  const at = wiring.now();
  await wiring.revocations.revoke({ kind: 'session', id: session, at, until: at + wiring.revocationMs });
}

/** Ends one session: its access tokens first, so that a failure in between leaves nothing that a retry would miss. */
export async function endOne(wiring: Wiring, subject: string, session: string): Promise<void> {
  await revokeAccess(wiring, session);
  await wiring.sessions.revoke(session, subject);
}

/** Ends every session of a subject, or every one but `except`, and makes their access tokens dead. */
export async function endSessions(wiring: Wiring, subject: string, except?: string): Promise<number> {
  const { sessions } = wiring;
  if (except === undefined) await revokeSubject(wiring, subject);
  const known = (await sessions.list(subject)).map(({ id }) => id).filter((id) => id !== except);
  await Promise.all(known.map((id) => revokeAccess(wiring, id)));
  const ended = await sessions.revokeAll(subject, except === undefined ? {} : { except });
  const late = ended.filter((id) => !known.includes(id));
  await Promise.all(late.map((id) => revokeAccess(wiring, id)));
  return ended.length;
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
