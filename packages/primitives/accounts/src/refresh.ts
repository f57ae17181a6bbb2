import type { Refused } from './errors.js';
import type { Client } from './events.js';
import { endOne, revokeAccess } from './internal/session-end.js';
import type { Wiring } from './internal/wiring.js';
import { issueAccess, toDevice } from './login.js';
import type { Session } from './parts.js';
import { toPublicAccount } from './public-account.js';
import type { PublicAccount } from './types.js';

/** A refresh token to be rotated. */
export interface RefreshInput {
  readonly token: string;
  /** Milliseconds, when the request arrived: what waited in a queue isn't late. @default now */
  readonly receivedAt?: number | undefined;
  readonly client?: Client | undefined;
}

/** A session that goes on. */
export interface Refreshed {
  readonly ok: true;
  readonly account: PublicAccount;
  readonly session: Session;
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  /** Whether another request rotated the same token just before; both got the same new one, and both must set it. */
  readonly raced: boolean;
}

/**
 * Rotates a refresh token and issues an access token (RFC 9700 §4.14). One that was used before ends its session, access
 * tokens included.
 */
export async function refresh(
  wiring: Wiring,
  input: RefreshInput,
): Promise<Refreshed | Refused<'REFRESH_REUSED' | 'REFRESH_INVALID'>> {
  const { sessions, store, emit } = wiring;
  const { client, receivedAt } = input;
  const result = await sessions.rotate(input.token, {
    device: toDevice(client),
    ...(receivedAt !== undefined && { receivedAt }),
  });
  if (!result.ok) {
    const { reason, session } = result;
    const target = session && { target: session.id };
    const details = { reason, ...(session && { subject: session.subject }) };
    // The store killed the family together with the finding; its access tokens would live on. Also when it had been killed
    // before: this may be the retry of one that failed in between.
    if (session && (reason === 'reused' || reason === 'revoked')) await revokeAccess(wiring, session.id);
    const event = reason === 'reused' ? 'authn_token_reuse' : 'authn_token_fail';
    emit({ event, outcome: 'denied', ...target, details }, client);
    return { ok: false, reason: reason === 'reused' ? 'REFRESH_REUSED' : 'REFRESH_INVALID' };
  }

  const { session, raced } = result;
  const account = await store.findById(session.subject);
  if (!account) {
    await endOne(wiring, session.subject, session.id);
    emit(
      {
        event: 'authn_token_fail',
        outcome: 'denied',
        target: session.id,
        details: { reason: 'account_gone' },
      },
      client,
    );
    return { ok: false, reason: 'REFRESH_INVALID' };
  }
  // A refresh proves nothing of the person: the time of the sign-in stays that of the session's login.
  const access = await issueAccess(wiring, account.id, session.id, session.createdAt);
  emit(
    {
      event: 'session_renewed',
      outcome: 'success',
      actor: account.id,
      target: session.id,
      details: { raced },
    },
    client,
  );
  return {
    ok: true,
    account: toPublicAccount(account),
    session,
    ...access,
    refreshToken: result.token,
    raced,
  };
}
