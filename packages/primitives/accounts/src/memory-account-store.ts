import type { Account, AccountStore, PendingRegistration } from './types.js';

/** Keeps accounts in memory: for tests and for trying things out. It forgets all of them when the process ends. */
export function memoryAccountStore(): AccountStore {
  const byId = new Map<string, Account>();
  const idOf = new Map<string, string>();
  const pending = new Map<string, PendingRegistration>();

  // Each method does all its reading and writing before it gives way, which is what makes it atomic.
  function findByEmail(email: string): Account | undefined {
    const id = idOf.get(email);
    return id === undefined ? undefined : byId.get(id);
  }

  function add(account: Account): boolean {
    if (idOf.has(account.email) || byId.has(account.id)) return false;
    byId.set(account.id, { ...account });
    idOf.set(account.email, account.id);
    for (const [digest, waiting] of pending) {
      if (waiting.email === account.email) pending.delete(digest);
    }
    return true;
  }

  return {
    async findByEmail(email) {
      return findByEmail(email);
    },
    async findById(id) {
      return byId.get(id);
    },
    async setPasswordHash(id, hash, _now, expected) {
      const account = byId.get(id);
      if (!account || (expected !== undefined && account.passwordHash !== expected)) return false;
      byId.set(id, { ...account, passwordHash: hash });
      return true;
    },
    async addPending(registration) {
      for (const [digest, { expiresAt }] of pending) {
        if (expiresAt <= registration.createdAt) pending.delete(digest);
      }
      if (registration.expiresAt <= registration.createdAt) return;
      pending.set(registration.tokenDigest, { ...registration });
    },
    async completePending(tokenDigest, now) {
      const registration = pending.get(tokenDigest);
      if (!registration || registration.expiresAt <= now) return { outcome: 'invalid' };
      const { id, email, name, role, passwordHash } = registration;
      const account: Account = { id, email, name, role, emailVerified: true, passwordHash, createdAt: now };
      return add(account) ? { outcome: 'verified', account } : { outcome: 'invalid' };
    },
    async create(account) {
      return add(account) ? 'created' : 'taken';
    },
  };
}
