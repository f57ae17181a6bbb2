import type { Account, PendingRegistration } from '@secapi/accounts';

/** When the tests happen. */
export const start: number = 1_800_000_000_000;
/** Ids are UUIDs: a store may keep them as such. */
export const idOf = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** An account, the n-th. */
export function accountOf(n: number, more: Partial<Account> = {}): Account {
  return {
    id: idOf(n),
    email: `user${n}@mail.example`,
    name: 'Ann O’Neil é',
    role: 'user',
    emailVerified: true,
    passwordHash: `hash-${n}`,
    createdAt: start,
    ...more,
  };
}

/** A registration that waits, the n-th, all for one address. */
export function pendingOf(n: number, more: Partial<PendingRegistration> = {}): PendingRegistration {
  return {
    tokenDigest: `digest-${n}`,
    id: idOf(n),
    email: 'new@mail.example',
    name: `Number ${n}`,
    role: 'user',
    passwordHash: `hash-${n}`,
    createdAt: start,
    expiresAt: start + 1_000,
    ...more,
  };
}
