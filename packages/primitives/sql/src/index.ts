export { type SqlErrorCode, SqlFailedError, type SqlFailure, type SqlMisuseCode } from './errors.js';
export { choose, identifier } from './identifier.js';
export type { MysqlConnection, MysqlDriver } from './internal/mysql.js';
export type { SqlDriver } from './internal/postgres.js';
export type { SqliteDriver, SqliteStatement, SqliteValue } from './internal/sqlite.js';
export { type Like, like } from './like.js';
export { createRunner, type Runner, type RunnerOptions, type SqlChange } from './runner.js';
export {
  type Dialect,
  empty,
  isSql,
  join,
  rows,
  type Separator,
  type Sql,
  type SqlValue,
  sql,
  toDialect,
} from './sql.js';
