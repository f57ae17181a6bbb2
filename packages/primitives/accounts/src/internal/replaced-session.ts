import type { Client } from '../events.js';
import { endOne, revokeAccess } from './session-end.js';
import type { Wiring } from './wiring.js';

/**
 * Ends the session of a refresh token that a client brings to a login, whoever it belongs to: the browser has one session,
 * and the one before would live on without anybody who could end it. The token is used up, which tells one that was used
 * before from one that wasn't.
 */
export async function endReplaced(wiring: Wiring, token: string, client: Client | undefined): Promise<void> {
  const { sessions, emit } = wiring;
  const left = await sessions.rotate(token);
  if (!left.session) return;
  const { id, subject } = left.session;
  if (left.ok) await endOne(wiring, subject, id);
  else if (left.reason !== 'expired') await revokeAccess(wiring, id);
  if (!left.ok && left.reason !== 'reused') return;
  const [event, outcome] = left.ok
    ? (['authn_token_revoked', 'success'] as const)
    : (['authn_token_reuse', 'denied'] as const);
  emit({ event, outcome, target: id, details: { reason: 'replaced', subject } }, client);
}
