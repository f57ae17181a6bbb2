import type { Account, AccountStore } from '@secapi/accounts';
import type { Database } from '@secapi/postgres';
import { createRunner, empty, type Runner, sql } from '@secapi/sql';
import { isUuid, type Mark } from './page.js';

/** What is told of an account: never its hash. */
export type AccountView = Omit<Account, 'passwordHash'>;

/** What came of a change of role. */
export type GrantOutcome =
  | { readonly outcome: 'changed'; readonly before: string; readonly account: AccountView }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'last_admin' };

/** The accounts of the service: the store of secapi's flows, and what the API itself asks of it. */
export interface Accounts extends AccountStore {
  list(page: { readonly limit: number; readonly after?: Mark | undefined }): Promise<AccountView[]>;
  /** Sets a role in one transaction; the last administrator keeps theirs, or nobody could ever grant it again. */
  setRole(id: string, role: string): Promise<GrantOutcome>;
}

const view = sql`id, email, name, role, email_verified AS "emailVerified", created_at::float8 AS "createdAt"`;
const whole = sql`${view}, password_hash AS "passwordHash"`;

/** The accounts in PostgreSQL. */
export function createAccountStore(database: Database): Accounts {
  const db = createRunner(database);

  return {
    findByEmail: (email) => db.one<Account>(sql`SELECT ${whole} FROM account WHERE email = ${email}`),
    async findById(id) {
      return isUuid(id) ? db.one<Account>(sql`SELECT ${whole} FROM account WHERE id = ${id}`) : undefined;
    },
    async setPasswordHash(id, hash, _now, expected) {
      const unchanged = expected === undefined ? empty : sql`AND password_hash = ${expected}`;
      const set = await db.one(
        sql`UPDATE account SET password_hash = ${hash} WHERE id = ${id} ${unchanged} RETURNING id`,
      );
      return set !== undefined;
    },
    async addPending(pending) {
      const { tokenDigest, id, email, name, role, passwordHash, createdAt, expiresAt } = pending;
      await db.query(sql`DELETE FROM pending_registration WHERE expires_at <= ${createdAt}`);
      if (expiresAt <= createdAt) return;
      await db.query(
        sql`INSERT INTO pending_registration (token_digest, id, email, name, role, password_hash, created_at, expires_at)
          VALUES (${tokenDigest}, ${id}, ${email}, ${name}, ${role}, ${passwordHash}, ${createdAt}, ${expiresAt})`,
      );
    },
    completePending: (tokenDigest, now) =>
      database.transaction(async (tx) => {
        const run = createRunner(tx);
        const pending = await run.one<Account>(
          sql`DELETE FROM pending_registration WHERE token_digest = ${tokenDigest} AND expires_at > ${now}
            RETURNING id, email, name, role, true AS "emailVerified", password_hash AS "passwordHash"`,
        );
        if (!pending) return { outcome: 'invalid' };
        const account = { ...pending, createdAt: now };
        return (await insert(run, account)) ? { outcome: 'verified', account } : { outcome: 'invalid' };
      }),
    create: (account) =>
      database.transaction(async (tx) => ((await insert(createRunner(tx), account)) ? 'created' : 'taken')),
    list({ limit, after }) {
      const from = after ? sql`WHERE (created_at, id) < (${after.at}, ${after.id})` : empty;
      return db.query<AccountView>(
        sql`SELECT ${view} FROM account ${from} ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
      );
    },
    setRole: (id, role) =>
      database.transaction(async (tx): Promise<GrantOutcome> => {
        const run = createRunner(tx);
        // Every change of a role waits for the one before, so that two can't each leave the other as the last administrator.
        const admins = await run.query<{ id: string }>(
          sql`SELECT id FROM account WHERE role = 'admin' ORDER BY id FOR UPDATE`,
        );
        const before = isUuid(id)
          ? await run.one<{ role: string }>(sql`SELECT role FROM account WHERE id = ${id} FOR UPDATE`)
          : undefined;
        if (!before) return { outcome: 'unknown' };
        if (before.role === 'admin' && role !== 'admin' && admins.length === 1)
          return { outcome: 'last_admin' };
        const account = await run.one<AccountView>(
          sql`UPDATE account SET role = ${role} WHERE id = ${id} RETURNING ${view}`,
        );
        return account ? { outcome: 'changed', before: before.role, account } : { outcome: 'unknown' };
      }),
  };
}

/** Adds an account unless its address is taken, and drops what waited for the address. */
async function insert(run: Runner, account: Account): Promise<boolean> {
  const added = await run.one(
    sql`INSERT INTO account (id, email, name, role, email_verified, password_hash, created_at)
      VALUES (${account.id}, ${account.email}, ${account.name}, ${account.role}, ${account.emailVerified}, ${account.passwordHash}, ${account.createdAt})
      ON CONFLICT (email) DO NOTHING RETURNING id`,
  );
  await run.query(sql`DELETE FROM pending_registration WHERE email = ${account.email}`);
  return added !== undefined;
}
