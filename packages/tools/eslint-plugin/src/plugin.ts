import type { ESLint, Linter } from 'eslint';
import { noBuiltSql } from './no-built-sql.js';

/** The plugin: its rule is `no-built-sql`. */
export const plugin: ESLint.Plugin = {
  meta: { name: '@secapi/eslint-plugin' },
  rules: { 'no-built-sql': noBuiltSql },
};

/**
 * A flat config that turns the rule on, for whatever files your other configs name.
 *
 * @example
 * ```js
 * // eslint.config.js
 * import { recommended } from '@secapi/eslint-plugin';
 * export default [recommended];
 * ```
 */
export const recommended: Linter.Config = {
  name: '@secapi/recommended',
  plugins: { '@secapi': plugin },
  rules: { '@secapi/no-built-sql': 'error' },
};
