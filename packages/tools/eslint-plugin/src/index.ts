export { type NoBuiltSqlOptions, noBuiltSql } from './no-built-sql.js';
export { plugin, recommended } from './plugin.js';
