import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { recommended } from '../src/index.js';
import { lint } from './lint.js';
import { mayHoldBuiltSql } from './may-hold-built-sql.js';
import { honest, places, planted, toldOf } from './planted.data.js';

describe('no-built-sql', () => {
  it.each(planted)('finds $title, once, and not its honest twin', ({ code, honest: twin = '' }) => {
    expect(lint(code)).toHaveLength(1);
    expect(lint(twin)).toEqual([]);
    expect(mayHoldBuiltSql(code)).toBe(true); // or the last test of this file would not look
  });

  it.each(honest)('leaves alone %j', (code) => {
    expect(lint(code)).toEqual([]);
  });

  it('finds in plain JavaScript what it finds in TypeScript', () => {
    const plain = planted.filter(({ title }) => !title.includes('TypeScript'));
    expect(plain.length).toBeGreaterThanOrEqual(20);
    for (const { title, code } of plain) expect([title, ...lint(code, {}, 'file.mjs')]).toHaveLength(2);
  });

  it.each(places)('points to where it is put together: %j', (code, ...found) => {
    expect(lint(code)).toEqual(found);
  });

  it('knows more functions and tags when it is told of them', () => {
    const [method, tag] = toldOf;
    expect([...lint(method), ...lint(tag)]).toEqual([]);
    expect(lint(method, { methods: ['where'] })).toEqual(['1 passed']);
    expect(lint(tag, { plainTags: ['trimmed'] })).toEqual(['1 passed']);
    expect(() => lint('', { tags: ['x'] } as object)).toThrow(/tags/);
  });

  it('can be turned off for a line, as every rule', () => {
    const code = `// eslint-${'disable'}-next-line @secapi/no-built-sql -- a reason\ndb.query(\`SELECT \${a}\`);`;
    expect(lint(code)).toEqual([]);
  });

  it('reads a text of any length in no time', () => {
    const long = 'SELECT '.repeat(50_000);
    const begin = performance.now();
    lint(`const a = \`${long}\${b} ${'update x '.repeat(50_000)}\`;`);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});

it("the README's config turns the rule on", () => {
  const config = [
    recommended,
    {
      rules: { '@secapi/no-built-sql': ['error', { methods: ['where', 'literal'], plainTags: ['trimmed'] }] },
    },
  ];
  const messages = (configs: object[]) =>
    new Linter()
      .verify('sequelize.literal("a = " + a); db.query("SELECT " + a);', configs)
      .map(({ ruleId, line }) => [ruleId, line]);
  expect(messages([recommended])).toEqual([['@secapi/no-built-sql', 1]]);
  expect(messages(config)).toEqual([
    ['@secapi/no-built-sql', 1],
    ['@secapi/no-built-sql', 1],
  ]);
});

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
