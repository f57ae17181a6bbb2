import type { LockoutStore } from '@secapi/accounts';
import type { Database } from './database.js';
import { checkStorable, isStorable } from './internal/text.js';

interface Row {
  allowed: boolean;
  failures: number;
  locked_until: number;
}

const sweptAtOnce = 20;

/**
 * Counts failed sign-ins in PostgreSQL, for several processes without a Redis: each method is one statement.
 *
 * When the database fails, it rejects, and nobody signs in uncounted.
 */
export function postgresLockoutStore(db: Database): LockoutStore {
  async function remove(key: string): Promise<void> {
    if (isStorable(key)) await db.query('DELETE FROM secapi_lockout WHERE key = $1', [key]);
  }

  return {
    async attempt(key, { limit, windowMs, baseDelayMs, maxDelayMs }, now, correct = false) {
      checkStorable(key);
      // `known` is what still counts of the row; the row is locked from there on, so that no two attempts see one state.
      const { rows } = await db.query<Row>(
        `WITH swept AS (
          DELETE FROM secapi_lockout WHERE key IN (
            SELECT key FROM secapi_lockout WHERE forget_at <= $2::float8 AND key <> $1 LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED)
        )
        INSERT INTO secapi_lockout AS known (key, failures, locked_until, forget_at, allowed)
        SELECT $1, 1, CASE WHEN $4::integer <= 1 THEN $2::float8 + least($6::float8, $5::float8) ELSE 0 END,
          CASE WHEN $4::integer <= 1 THEN $2::float8 + least($6::float8, $5::float8) ELSE $2::float8 END + $7::float8, true
        WHERE NOT $3::boolean OR EXISTS (SELECT FROM secapi_lockout WHERE key = $1 AND forget_at > $2::float8)
        ON CONFLICT (key) DO UPDATE SET (failures, locked_until, forget_at, allowed) = (
          SELECT failures, locked_until,
            CASE WHEN counted THEN greatest($2::float8, locked_until) + $7::float8 ELSE known.forget_at END, open
          FROM (
            SELECT failures, open, counted,
              CASE WHEN open AND counted AND failures >= $4::integer
                THEN $2::float8 + least($6::float8, $5::float8 * power(2, least(failures - $4::integer, 40))) ELSE until END AS locked_until
            FROM (
              SELECT open, until, NOT ($3::boolean AND open) AS counted, before + (NOT ($3::boolean AND open))::int AS failures
              FROM (
                SELECT before, until, until <= $2::float8 AS open
                FROM (
                  SELECT CASE WHEN known.forget_at > $2::float8 THEN known.failures ELSE 0 END AS before,
                    CASE WHEN known.forget_at > $2::float8 THEN known.locked_until ELSE 0 END AS until
                ) remembered
              ) judged
            ) counting
          ) locking)
        RETURNING allowed, failures, locked_until`,
        [key, now, correct, limit, baseDelayMs, maxDelayMs, windowMs],
      );
      const row = rows[0];
      if (!row) return { allowed: true, failures: 0 }; // a right password, and nothing known
      const { allowed, failures, locked_until: lockedUntil } = row;
      return lockedUntil > now ? { allowed, failures, lockedUntil } : { allowed, failures };
    },
    succeed: remove,
    clear: remove,
  };
}
