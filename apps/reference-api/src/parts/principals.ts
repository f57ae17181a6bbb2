import type { AccountStore } from '@secapi/accounts';
import type { Principal } from '@secapi/core';
import type { Clock } from '@secapi/kernel';
import type { AccessClaims } from '@secapi/tokens';

/** Who a request acts for: roles come from the database and not from the token, so that a change is felt at once. */
export interface Principals {
  of(claims: AccessClaims): Principal | undefined | Promise<Principal | undefined>;
  /** Forgets what was read of an account, after a change in this process. */
  forget(id: string): void;
}

/** For how long a role is remembered; a change in another process is felt after this at the latest. */
const remembered = 500;
const most = 10_000;

/** Reads roles from the accounts, and remembers each for half a second. */
export function createPrincipals(accounts: Pick<AccountStore, 'findById'>, now: Clock): Principals {
  const roles = new Map<string, { readonly role: string; readonly until: number }>();
  let forgotten = 0;

  function of(claims: AccessClaims): Principal | Promise<Principal | undefined> {
    const known = roles.get(claims.sub);
    return known && known.until > now() ? principalOf(claims, known.role) : read(claims);
  }

  async function read(claims: AccessClaims): Promise<Principal | undefined> {
    const id = claims.sub;
    const until = now() + remembered; // before the question, so that an answer is never older than it says
    const before = forgotten;
    const account = await accounts.findById(id);
    if (!account) return undefined;
    if (roles.size >= most) roles.clear();
    if (before === forgotten) roles.set(id, { role: account.role, until }); // else the role may have changed under way
    return principalOf(claims, account.role);
  }

  function forget(id: string): void {
    forgotten++;
    roles.delete(id);
  }

  return { of, forget };
}

function principalOf({ sub, sid, auth_time: authTime }: AccessClaims, role: string): Principal {
  return {
    id: sub,
    roles: [role],
    session: sid,
    ...(authTime === undefined ? {} : { authenticatedAt: authTime * 1_000 }),
  };
}
