import { type Runner, sql } from '@secapi/sql';

/** A picture of somebody, as it was uploaded. */
export interface Picture {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** One picture of each account at most. */
export interface Pictures {
  find(accountId: string): Promise<Picture | undefined>;
  /** Takes the place of the one before. */
  put(accountId: string, picture: Picture): Promise<void>;
  remove(accountId: string): Promise<boolean>;
}

/** The pictures in PostgreSQL: small enough to stand beside what they belong to, and to go with it. */
export function createPictures(db: Runner): Pictures {
  return {
    find: (accountId) =>
      db.one<Picture>(sql`SELECT type, bytes FROM picture WHERE account_id = ${accountId}`),
    async put(accountId, { type, bytes }) {
      await db.query(
        sql`INSERT INTO picture (account_id, type, bytes) VALUES (${accountId}, ${type}, ${bytes})
          ON CONFLICT (account_id) DO UPDATE SET type = excluded.type, bytes = excluded.bytes`,
      );
    },
    async remove(accountId) {
      return (
        (await db.one(sql`DELETE FROM picture WHERE account_id = ${accountId} RETURNING type`)) !== undefined
      );
    },
  };
}
