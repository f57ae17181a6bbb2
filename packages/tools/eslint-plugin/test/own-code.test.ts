import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lint } from './lint.js';
import { mayHoldBuiltSql } from './may-hold-built-sql.js';

const root = join(import.meta.dirname, '../../../..');
const files = ['apps', 'packages', 'scripts', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter(
      (name) => /\.[mc]?[jt]s$/.test(name) && !/(?:^|\/)(?:node_modules|dist|results|\.turbo)\//.test(name),
    ),
);

it('this repository holds no SQL that is put together from strings, and nowhere is the rule turned off', () => {
  const found = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const off = text.includes(`eslint-${'disable'}`) ? [`${file}: turns a rule off`] : [];
    return [
      ...(mayHoldBuiltSql(text) ? lint(text, {}, file) : []).map((message) => `${file}:${message}`),
      ...off,
    ];
  });
  expect(files.length).toBeGreaterThan(500);
  expect(found).toEqual([]);
});
