import type { Account, AccountStore } from '@secapi/accounts';
import type { Database } from './database.js';
import { checkStorable, isStorable } from './internal/text.js';

const columns = `id, email, name, role, email_verified AS "emailVerified", password_hash AS "passwordHash", created_at AS "createdAt"`;

// More than a registration adds; those that another call works on are left to the next one.
const sweptAtOnce = 20;

const finding = {
  id: `SELECT ${columns} FROM secapi_account WHERE id = $1`,
  email: `SELECT ${columns} FROM secapi_account WHERE email = $1`,
} as const;

/**
 * Accounts and registrations that wait, in tables of secapi's own. An application with a table of its own for accounts writes its own
 * `AccountStore` and has `accountStoreSuite` of `@secapi/testing` judge it.
 */
export function postgresAccountStore(db: Database): AccountStore {
  async function findBy(column: 'id' | 'email', value: string): Promise<Account | undefined> {
    if (!isStorable(value)) return undefined;
    const { rows } = await db.query<Account>(finding[column], [value]);
    return rows[0];
  }

  return {
    findByEmail: (email) => findBy('email', email),
    findById: (id) => findBy('id', id),

    async setPasswordHash(id, hash, _now, expected) {
      if (!isStorable(id) || (expected !== undefined && !isStorable(expected))) return false;
      checkStorable(hash);
      const { rows } = await db.query(
        `UPDATE secapi_account SET password_hash = $2
        WHERE id = $1 AND ($3::text IS NULL OR password_hash = $3) RETURNING id`,
        [id, hash, expected ?? null],
      );
      return rows.length === 1;
    },

    async addPending({ tokenDigest, id, email, name, role, passwordHash, createdAt, expiresAt }) {
      checkStorable(tokenDigest, id, email, name, role, passwordHash);
      // The same statement for a record that nobody will ask for, so that it takes the same time.
      await db.query(
        `WITH swept AS (
          DELETE FROM secapi_pending_registration WHERE token_digest IN (
            SELECT token_digest FROM secapi_pending_registration WHERE expires_at <= $7 LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED)
        )
        INSERT INTO secapi_pending_registration (token_digest, id, email, name, role, password_hash, created_at, expires_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE $8::double precision > $7::double precision`,
        [tokenDigest, id, email, name, role, passwordHash, createdAt, expiresAt],
      );
    },

    async completePending(tokenDigest, now) {
      if (!isStorable(tokenDigest)) return { outcome: 'invalid' };
      return db.transaction(async (tx) => {
        const { rows } = await tx.query<{ email: string }>(
          'SELECT email FROM secapi_pending_registration WHERE token_digest = $1 AND expires_at > $2',
          [tokenDigest, now],
        );
        const email = rows[0]?.email;
        const waiting = email === undefined ? [] : await lockWaiting(tx, email);
        const own = waiting.find((each) => each.tokenDigest === tokenDigest);
        if (!own) return { outcome: 'invalid' };
        const { tokenDigest: _, ...registration } = own;
        const account = { ...registration, emailVerified: true, createdAt: now };
        return (await insert(tx, account)) ? { outcome: 'verified', account } : { outcome: 'invalid' };
      });
    },

    async create(account) {
      checkStorable(account.id, account.email, account.name, account.role, account.passwordHash);
      return db.transaction(async (tx) => {
        await lockWaiting(tx, account.email);
        return (await insert(tx, account)) ? 'created' : 'taken';
      });
    },
  };
}

type Waiting = Omit<Account, 'emailVerified' | 'createdAt'> & { readonly tokenDigest: string };

/** Locks what waits for an address, always in one order: two that complete at once wait for each other, and never in a ring. */
async function lockWaiting(tx: Database, email: string): Promise<Waiting[]> {
  const { rows } = await tx.query<Waiting>(
    `SELECT token_digest AS "tokenDigest", id, email, name, role, password_hash AS "passwordHash"
    FROM secapi_pending_registration WHERE email = $1 ORDER BY token_digest FOR UPDATE`,
    [email],
  );
  return rows;
}

/** Adds an account unless its address or id is taken, and drops what waited for the address. */
async function insert(tx: Database, account: Account): Promise<boolean> {
  const { id, email, name, role, emailVerified, passwordHash, createdAt } = account;
  const { rows } = await tx.query(
    `INSERT INTO secapi_account (id, email, name, role, email_verified, password_hash, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
    [id, email, name, role, emailVerified, passwordHash, createdAt],
  );
  await tx.query('DELETE FROM secapi_pending_registration WHERE email = $1', [email]);
  return rows.length === 1;
}
