import { bearerToken } from '@secapi/http';
import { andThen, type MaybePromise } from '@secapi/kernel';
import type { AccessClaims, TokenVerifier } from '@secapi/tokens';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome, Refusal } from '../guard.js';
import type { Principal } from '../principal.js';

/** Verifies Bearer tokens and says who they stand for. */
export interface AuthenticateOptions<P extends Principal> {
  readonly verifier: TokenVerifier;
  /**
   * The principal of verified claims, or nothing when the subject is gone or disabled, which is answered like a bad token.
   * @default the subject, its session, when it signed in and its scopes, without roles
   */
  readonly principal?: (claims: AccessClaims) => MaybePromise<P | undefined>;
}

/**
 * Reads the `Authorization` header (RFC 6750): silent when there is none, 401 `INVALID_TOKEN` for whatever is wrong.
 */
export function authenticate<P extends Principal>(options: AuthenticateOptions<P>): Guard {
  const { verifier, principal = bare } = options;

  function enter(exchange: Exchange): MaybePromise<GuardOutcome> {
    const { request } = exchange;
    if (request.header('authorization') === undefined) return undefined;
    const credentials = bearerToken(request.values('authorization'));
    if (credentials.kind === 'none') return undefined;
    if (credentials.kind === 'invalid') return invalid('malformed');
    return andThen(verifier.verify(credentials.token), (verdict) => {
      if (!verdict.ok) return invalid(verdict.reason);
      return andThen<Principal | undefined, GuardOutcome>(principal(verdict.claims), (found) => {
        if (!found) return invalid('unknown_subject');
        exchange.principal = found;
        return undefined;
      });
    });
  }

  return { name: 'authenticate', enter };
}

function bare({ sub, sid, auth_time: authTime, scope }: AccessClaims): Principal {
  return {
    id: sub,
    roles: [],
    session: sid,
    ...(authTime !== undefined && { authenticatedAt: authTime * 1_000 }),
    ...(scope !== undefined && { scopes: scope.split(' ') }),
  };
}

function invalid(reason: string): Refusal {
  // A token that was good once tells of a theft or a logout that did not reach somebody; any other is noise of the network.
  const event = reason === 'revoked' ? 'authn_token_reuse' : 'authn_token_fail';
  return {
    code: 'INVALID_TOKEN',
    headers: [['www-authenticate', 'Bearer error="invalid_token"']],
    event: { event, outcome: 'denied', details: { reason } },
  };
}
