import type { MailBudgetStore } from '@secapi/accounts';
import type { Database } from './database.js';
import { checkStorable } from './internal/text.js';

const sweptAtOnce = 20;

/** How many mails an address was sent, in PostgreSQL: one statement, so that no two mails take the last place. */
export function postgresMailBudget(db: Database): MailBudgetStore {
  return {
    async take(key, limit, windowMs, now) {
      checkStorable(key);
      const { rows } = await db.query(
        `WITH swept AS (
          DELETE FROM secapi_mail_budget WHERE key IN (
            SELECT key FROM secapi_mail_budget WHERE ends_at <= $4 AND key <> $1 LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED)
        )
        INSERT INTO secapi_mail_budget AS known (key, times, ends_at)
        SELECT $1, ARRAY[$4::double precision], $4::double precision + $3 WHERE $2 >= 1
        ON CONFLICT (key) DO UPDATE SET
          times = ARRAY(SELECT t FROM unnest(known.times) t WHERE t > $4::double precision - $3) || $4::double precision,
          ends_at = $4::double precision + $3
        WHERE (SELECT count(*) FROM unnest(known.times) t WHERE t > $4::double precision - $3) < $2
        RETURNING key`,
        [key, limit, windowMs, now],
      );
      return rows.length === 1;
    },
  };
}
