import { ConfigError, checkOptions } from '@secapi/kernel';
import type { KeyRecord, KeyStore } from '@secapi/tokens';
import type { Database } from './database.js';
import { isStorable } from './internal/text.js';

/** The options of {@link postgresKeyStore}. */
export interface PostgresKeyStoreOptions {
  /** Which of several rings in one database, 1 to 64 characters. @default 'default' */
  readonly name?: string;
}

interface Row {
  version: number;
  keys: readonly KeyRecord[];
}

/**
 * The records of a managed key ring in PostgreSQL: one row, exchanged as a whole in one statement. What is in it is public or sealed.
 *
 * @throws ConfigError when an option is not usable
 */
export function postgresKeyStore(db: Database, options: PostgresKeyStoreOptions = {}): KeyStore {
  checkOptions('postgresKeyStore', options, ['name']);
  const { name = 'default' } = options;
  if (typeof name !== 'string' || name === '' || name.length > 64 || !isStorable(name)) {
    throw new ConfigError(
      'postgresKeyStore.name',
      'is not a name',
      'use 1 to 64 characters, or leave it out',
    );
  }

  return {
    async load() {
      const { rows } = await db.query<Row>('SELECT version, keys FROM secapi_key_ring WHERE name = $1', [
        name,
      ]);
      return rows[0] ?? { version: 0, keys: [] };
    },

    async save(version, keys) {
      if (!Number.isSafeInteger(version) || version < 0 || version === Number.MAX_SAFE_INTEGER) return false;
      const values = [name, JSON.stringify(keys), version];
      const { rows } = await db.query(
        version === 0
          ? `INSERT INTO secapi_key_ring (name, version, keys) VALUES ($1, $3::bigint + 1, $2)
            ON CONFLICT (name) DO NOTHING RETURNING version`
          : `UPDATE secapi_key_ring SET version = version + 1, keys = $2
            WHERE name = $1 AND version = $3::bigint RETURNING version`,
        values,
      );
      return rows.length === 1;
    },
  };
}
