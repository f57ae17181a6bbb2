import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { type NoBuiltSqlOptions, plugin } from '../src/index.js';

const linter = new Linter();

/** What the rule says of a file: the line and the message's id. */
export function lint(code: string, options: NoBuiltSqlOptions = {}, file = 'file.ts'): string[] {
  const typescript = /\.[mc]?tsx?$/.test(file);
  const messages = linter.verify(
    code,
    [
      {
        files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
        plugins: { '@secapi': plugin },
        rules: { '@secapi/no-built-sql': ['error', options] },
        languageOptions: typescript ? { parser } : {},
        linterOptions: { reportUnusedDisableDirectives: 'error' },
      },
    ],
    file,
  );
  return messages.map(({ line, messageId, message }) => `${line} ${messageId ?? message}`);
}
