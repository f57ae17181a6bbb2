import { checkNumber, checkOptions } from '@secapi/kernel';
import type { Device, RefreshFamilyRecord, RefreshStore, RotateInput, RotateOutcome } from '@secapi/tokens';
import type { Database } from './database.js';
import { checkStorable, isStorable } from './internal/text.js';

/** The bounds of {@link postgresRefreshStore}. */
export interface PostgresRefreshStoreOptions {
  /** Sessions of one subject at once; one more ends the one used longest ago. @default 100 */
  readonly maxPerSubject?: number;
  /** Rotations of one session; with the last it expires, so that nobody fills the disk with used tokens. @default 10_000 */
  readonly maxPerFamily?: number;
}

interface FamilyRow {
  id: string;
  subject: string;
  device: Device;
  created_at: number;
  last_used_at: number;
  expires_at: number;
  absolute_expires_at: number;
  revoked_at: number | null;
}

interface TokenRow extends FamilyRow {
  rotations: number;
  used_at: number | null;
  salt: string | null;
  next_digest: string | null;
}

const family =
  'f.id, f.subject, f.device, f.created_at, f.last_used_at, f.expires_at, f.absolute_expires_at, f.revoked_at';

// A dead family answers for itself for another day, and is swept out with later logins: more at once than a login adds.
const remembrance = 86_400_000;
const sweptAtOnce = 5;

/**
 * Keeps refresh families in PostgreSQL: digests, never tokens. `rotate` locks the token and its family for the length of one
 * transaction, so of any number of parallel rotations one is the first; the other methods are one statement each.
 *
 * @throws ConfigError when an option is not usable
 */
export function postgresRefreshStore(db: Database, options: PostgresRefreshStoreOptions = {}): RefreshStore {
  checkOptions('postgresRefreshStore', options, ['maxPerSubject', 'maxPerFamily']);
  const bound = (name: keyof PostgresRefreshStoreOptions, fallback: number): number =>
    checkNumber(`postgresRefreshStore.${name}`, options[name] ?? fallback, { min: 2, max: 10_000_000 });
  const maxPerSubject = bound('maxPerSubject', 100);
  const maxPerFamily = bound('maxPerFamily', 10_000);

  return {
    async create(record: RefreshFamilyRecord, digest: string): Promise<void> {
      checkStorable(record.id, record.subject, digest);
      await db.query(
        `WITH swept AS (
          DELETE FROM secapi_refresh_family WHERE id IN (
            SELECT id FROM secapi_refresh_family WHERE least(expires_at, revoked_at) <= $9 LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED)
        ), surplus AS (
          DELETE FROM secapi_refresh_family WHERE id IN (
            SELECT id FROM secapi_refresh_family WHERE subject = $2 ORDER BY last_used_at DESC OFFSET $10)
        ), added AS (
          INSERT INTO secapi_refresh_family (id, subject, device, created_at, last_used_at, expires_at, absolute_expires_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
        )
        INSERT INTO secapi_refresh_token (digest, family_id) SELECT $8, id FROM added`,
        [
          record.id,
          record.subject,
          JSON.stringify(record.device),
          record.createdAt,
          record.lastUsedAt,
          record.expiresAt,
          record.absoluteExpiresAt,
          digest,
          record.createdAt - remembrance,
          maxPerSubject - 1,
        ],
      );
    },

    async rotate(input: RotateInput): Promise<RotateOutcome> {
      if (!isStorable(input.digest)) return { outcome: 'unknown' };
      return db.transaction((tx) => rotate(tx, input, maxPerFamily));
    },

    async list(subject: string, now: number): Promise<RefreshFamilyRecord[]> {
      if (!isStorable(subject)) return [];
      const { rows } = await db.query<FamilyRow>(
        `SELECT ${family} FROM secapi_refresh_family f
        WHERE subject = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY last_used_at DESC, id DESC`,
        [subject, now],
      );
      return rows.map(toRecord);
    },

    async find(id: string): Promise<RefreshFamilyRecord | undefined> {
      if (!isStorable(id)) return undefined;
      const { rows } = await db.query<FamilyRow>(
        `SELECT ${family} FROM secapi_refresh_family f WHERE id = $1`,
        [id],
      );
      return rows[0] && toRecord(rows[0]);
    },

    async peek(digest: string): Promise<{ family: RefreshFamilyRecord; used: boolean } | undefined> {
      if (!isStorable(digest)) return undefined;
      const { rows } = await db.query<FamilyRow & { used: boolean }>(
        `SELECT ${family}, t.used_at IS NOT NULL AS used
        FROM secapi_refresh_token t JOIN secapi_refresh_family f ON f.id = t.family_id WHERE t.digest = $1`,
        [digest],
      );
      const row = rows[0];
      return row && { family: toRecord(row), used: row.used };
    },

    async revoke(id: string, now: number, subject?: string): Promise<boolean> {
      if (!isStorable(id) || (subject !== undefined && !isStorable(subject))) return false;
      const { rows } = await db.query(
        `UPDATE secapi_refresh_family SET revoked_at = $2
        WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2 AND ($3::text IS NULL OR subject = $3) RETURNING id`,
        [id, now, subject ?? null],
      );
      return rows.length === 1;
    },

    async revokeAll(subject: string, now: number, except?: string): Promise<string[]> {
      if (!isStorable(subject)) return [];
      // Locked in the order of their ids, so that two of these can't wait for each other.
      const { rows } = await db.query<{ id: string }>(
        `UPDATE secapi_refresh_family SET revoked_at = $2 WHERE id IN (
          SELECT id FROM secapi_refresh_family
          WHERE subject = $1 AND revoked_at IS NULL AND expires_at > $2 AND id IS DISTINCT FROM $3 ORDER BY id FOR UPDATE
        ) RETURNING id`,
        [subject, now, except !== undefined && isStorable(except) ? except : null],
      );
      return rows.map(({ id }) => id);
    },
  };
}

async function rotate(tx: Database, input: RotateInput, maxPerFamily: number): Promise<RotateOutcome> {
  const { digest, nextDigest, salt, now, graceMs, idleMs, device } = input;
  const { rows } = await tx.query<TokenRow>(
    `SELECT ${family}, f.rotations, t.used_at, t.salt, t.next_digest
    FROM secapi_refresh_token t JOIN secapi_refresh_family f ON f.id = t.family_id WHERE t.digest = $1 FOR UPDATE`,
    [digest],
  );
  const row = rows[0];
  if (!row) return { outcome: 'unknown' };
  if (row.revoked_at !== null) return { outcome: 'revoked', family: toRecord(row) };
  if (now >= row.expires_at) return { outcome: 'expired', family: toRecord(row) };
  if (row.rotations + 1 >= maxPerFamily) {
    return { outcome: 'expired', family: await change(tx, row.id, 'end', [now]) };
  }
  if (row.used_at === null) {
    checkStorable(nextDigest, salt);
    await tx.query(
      `WITH used AS (UPDATE secapi_refresh_token SET used_at = $2, salt = $3, next_digest = $4 WHERE digest = $1)
      INSERT INTO secapi_refresh_token (digest, family_id) VALUES ($4, $5)`,
      [digest, now, salt, nextDigest, row.id],
    );
    const renewed = await change(tx, row.id, 'renew', [now, idleMs, device ? JSON.stringify(device) : null]);
    return { outcome: 'rotated', family: renewed };
  }
  if (now - row.used_at <= graceMs && row.salt !== null && (await isUnused(tx, row.next_digest))) {
    return { outcome: 'raced', family: toRecord(row), salt: row.salt };
  }
  return { outcome: 'reused', family: await change(tx, row.id, 'revoke', [now]) };
}

const changes = {
  end: `UPDATE secapi_refresh_family f SET expires_at = $2 WHERE id = $1 RETURNING ${family}`,
  renew: `UPDATE secapi_refresh_family f SET last_used_at = $2::float8, expires_at = least($2::float8 + $3::float8, absolute_expires_at),
    device = coalesce($4::json, device), rotations = rotations + 1 WHERE id = $1 RETURNING ${family}`,
  revoke: `UPDATE secapi_refresh_family f SET revoked_at = $2 WHERE id = $1 RETURNING ${family}`,
} as const;

async function change(
  tx: Database,
  id: string,
  what: keyof typeof changes,
  values: readonly unknown[],
): Promise<RefreshFamilyRecord> {
  const { rows } = await tx.query<FamilyRow>(changes[what], [id, ...values]);
  const [row] = rows;
  if (!row) throw new Error('a locked row is gone'); // can't be: this transaction holds its lock
  return toRecord(row);
}

async function isUnused(tx: Database, digest: string | null): Promise<boolean> {
  const { rows } = await tx.query(
    'SELECT 1 FROM secapi_refresh_token WHERE digest = $1 AND used_at IS NULL',
    [digest],
  );
  return rows.length === 1;
}

function toRecord(row: FamilyRow): RefreshFamilyRecord {
  return {
    id: row.id,
    subject: row.subject,
    device: row.device,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    absoluteExpiresAt: row.absolute_expires_at,
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  };
}
