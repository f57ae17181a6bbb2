import { type Clock, type Duration, systemClock, toMilliseconds } from '@secapi/kernel';
import type { RefreshFamilies } from '../refresh-families.js';
import type { RevocationStore } from '../revocation.js';
import type { TokenVerifier } from '../verifier.js';

/** What {@link revokeToken} works with. */
export interface RevokeTokenInput {
  readonly verifier: TokenVerifier;
  readonly revocations: Pick<RevocationStore, 'revoke'>;
  /** Where refresh tokens are to be revoked too. */
  readonly families?: Pick<RefreshFamilies, 'rotate' | 'revoke'> | undefined;
  /** How long an access token may still be accepted after its issue: its lifetime and the verifiers' tolerance. */
  readonly accessLifetime: Duration;
  /** `token_type_hint` as the caller sent it, whatever it is: the kind that is looked at first, and never believed. */
  readonly hint?: string | undefined;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** What was revoked; nothing, where the token was of no use before. To the client all of them are 200 (RFC 7009 §2.2). */
export type RevokedToken =
  | { readonly revoked: 'access_token' | 'refresh_token'; readonly subject: string; readonly session: string }
  | { readonly revoked: undefined };

const nothing = { revoked: undefined } as const;

/**
 * Revokes a token (RFC 7009). An access token dies alone; a refresh token takes its session with it: the whole family, whichever of its tokens it
 * is, and the access tokens that were issued for it. One that is unknown, forged, expired or revoked is no error.
 *
 * @throws ConfigError when `accessLifetime` is no duration, and whatever the stores reject with (as rejections)
 */
export async function revokeToken(token: unknown, input: RevokeTokenInput): Promise<RevokedToken> {
  const { verifier, revocations, families, hint, now = systemClock } = input;
  const lifetime = toMilliseconds('revokeToken.accessLifetime', input.accessLifetime, {
    min: 1,
    max: 8 * 86_400,
  });
  if (typeof token !== 'string') return nothing;

  const asAccess = async (): Promise<RevokedToken> => {
    const verdict = await verifier.verify(token);
    if (!verdict.ok) return nothing;
    const { jti, sub, sid } = verdict.claims;
    await revokeUntil('token', jti);
    return { revoked: 'access_token', subject: sub, session: sid };
  };

  // A use ends every way but this one: the successor goes to nobody, and the family ends. No store needs to know more than it does.
  const asRefresh = async (): Promise<RevokedToken> => {
    const session = (await families?.rotate(token))?.session;
    if (!families || !session) return nothing;
    await families.revoke(session.id);
    // Also where the family had ended already: its end may have come a moment before its access tokens'.
    await revokeUntil('session', session.id);
    return { revoked: 'refresh_token', subject: session.subject, session: session.id };
  };

  async function revokeUntil(kind: 'token' | 'session', id: string): Promise<void> {
    const at = now();
    await revocations.revoke({ kind, id, at, until: at + lifetime });
  }

  const [first, second] = hint === 'refresh_token' ? [asRefresh, asAccess] : [asAccess, asRefresh];
  const done = await first();
  return done.revoked ? done : second();
}
