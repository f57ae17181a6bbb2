export { type SqlErrorCode, SqlFailedError, type SqlFailure, type SqlMisuseCode } from './errors.js';
export { identifier } from './identifier.js';
export { type Like, like } from './like.js';
export { createRunner, type Runner, type RunnerOptions, type SqlDriver } from './runner.js';
export { empty, isSql, join, type Separator, type Sql, type SqlValue, sql } from './sql.js';
