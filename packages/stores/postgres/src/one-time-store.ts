import { checkNumber, checkOptions } from '@secapi/kernel';
import type { OneTimeRecord, OneTimeStore } from '@secapi/tokens';
import type { Database } from './database.js';
import { checkStorable, isStorable } from './internal/text.js';

interface Row {
  digest: string;
  purpose: string;
  subject: string;
  binding: string | null;
  expires_at: number;
}

/** The bounds of {@link postgresOneTimeStore}. */
export interface PostgresOneTimeStoreOptions {
  /** Tokens of one subject and purpose at once; one more drops the one that ends first. @default 10 */
  readonly maxPerSubject?: number;
}

// No token lives longer than 30 days, so one that ends 31 days before a new one is dead; it is swept out with that
// write, more at once than a write adds.
const longestLife = 31 * 86_400_000;
const sweptAtOnce = 20;

/**
 * Keeps one-time tokens in PostgreSQL: digests, never tokens; each method is one statement.
 *
 * @throws ConfigError when an option is not usable
 */
export function postgresOneTimeStore(db: Database, options: PostgresOneTimeStoreOptions = {}): OneTimeStore {
  checkOptions('postgresOneTimeStore', options, ['maxPerSubject']);
  const maxPerSubject = checkNumber('postgresOneTimeStore.maxPerSubject', options.maxPerSubject ?? 10, {
    min: 1,
    max: 1_000,
  });
  return {
    async put({ digest, purpose, subject, binding, expiresAt }: OneTimeRecord): Promise<void> {
      checkStorable(digest, purpose, subject, binding);
      await db.query(
        `WITH swept AS (
          DELETE FROM secapi_one_time_token WHERE digest IN (
            SELECT digest FROM secapi_one_time_token WHERE expires_at <= $6 LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED)
        ), surplus AS (
          DELETE FROM secapi_one_time_token WHERE digest IN (
            SELECT digest FROM secapi_one_time_token WHERE purpose = $2 AND subject = $3 ORDER BY expires_at DESC OFFSET $7)
        )
        INSERT INTO secapi_one_time_token (digest, purpose, subject, binding, expires_at) VALUES ($1, $2, $3, $4, $5)`,
        [digest, purpose, subject, binding ?? null, expiresAt, expiresAt - longestLife, maxPerSubject - 1],
      );
    },

    async take(digest: string, purpose: string, now: number): Promise<OneTimeRecord | undefined> {
      if (!isStorable(digest) || !isStorable(purpose)) return undefined;
      const { rows } = await db.query<Row>(
        'DELETE FROM secapi_one_time_token WHERE digest = $1 AND purpose = $2 RETURNING digest, purpose, subject, binding, expires_at',
        [digest, purpose],
      );
      const row = rows[0];
      return row && row.expires_at > now ? toRecord(row) : undefined;
    },

    async drop(purpose: string, subject: string): Promise<void> {
      if (!isStorable(purpose) || !isStorable(subject)) return;
      await db.query('DELETE FROM secapi_one_time_token WHERE purpose = $1 AND subject = $2', [
        purpose,
        subject,
      ]);
    },
  };
}

function toRecord({ digest, purpose, subject, binding, expires_at: expiresAt }: Row): OneTimeRecord {
  return { digest, purpose, subject, expiresAt, ...(binding === null ? {} : { binding }) };
}
