import { describe, expect, it } from 'vitest';
import { lint } from './lint.js';
import { mayHoldBuiltSql } from './may-hold-built-sql.js';
import { honest, places, planted, toldOf } from './planted.data.js';

describe('no-built-sql', () => {
  it.each(planted)('finds $title, once, and not its honest twin', ({ code, honest: twin = '' }) => {
    expect(lint(code)).toHaveLength(1);
    expect(lint(twin)).toEqual([]);
    expect(mayHoldBuiltSql(code)).toBe(true); // or the test of this repository's own code would not look
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
