export { postgresAccountStore } from './account-store.js';
export { type Database, ping, type TransactionOptions } from './database.js';
export { DatabaseError, type DatabaseErrorCode } from './errors.js';
export {
  type FromPgOptions,
  fromPg,
  type PgClientLike,
  type PgPoolLike,
  type PgQuery,
  pgPoolOptions,
} from './from-pg.js';
export { type FromPgliteOptions, fromPglite, type PgliteLike } from './from-pglite.js';
export { type PostgresKeyStoreOptions, postgresKeyStore } from './key-store.js';
export { postgresLockoutStore } from './lockout-store.js';
export { postgresMailBudget } from './mail-budget.js';
export { type Migration, type MigrationReport, migrate } from './migrate.js';
export { type PostgresOneTimeStoreOptions, postgresOneTimeStore } from './one-time-store.js';
export { type PostgresRefreshStoreOptions, postgresRefreshStore } from './refresh-store.js';
export {
  type PostgresRevocations,
  type PostgresRevocationsOptions,
  postgresRevocations,
  type Ticker,
} from './revocations.js';
export { postgresTrailStore } from './trail-store.js';
