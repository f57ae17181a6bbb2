import type { Account, PublicAccount } from './types.js';

/** An account without its password hash, and without whatever else its store keeps. */
export function toPublicAccount(account: Account): PublicAccount {
  const { id, email, name, role, emailVerified, createdAt } = account;
  return { id, email, name, role, emailVerified, createdAt };
}
