import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const source = join(import.meta.dirname, '../src');

/** Every module that a file imports, types left out. */
function importsOf(path: string): string[] {
  const code = ts.transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
    },
  }).outputText;
  return ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The sources that an entry loads, and the libraries that these name. */
function graphOf(entry: string): { files: Set<string>; libraries: Set<string> } {
  const files = new Set<string>();
  const libraries = new Set<string>();
  const visit = (path: string) => {
    if (files.has(path)) return;
    files.add(path);
    for (const name of importsOf(path)) {
      if (name.startsWith('.')) visit(join(dirname(path), name.replace(/\.js$/, '.ts')));
      else libraries.add(name);
    }
  };
  visit(join(source, entry));
  return { files, libraries };
}

describe('the portable entry', () => {
  const { files, libraries } = graphOf('portable.ts');

  it('loads no native code and nothing of Node', () => {
    expect([...files].filter((path) => /native/.test(path))).toEqual([]);
    expect([...libraries].sort()).toEqual([
      '@noble/hashes/argon2.js',
      '@noble/hashes/legacy.js',
      '@noble/hashes/pbkdf2.js',
      '@noble/hashes/scrypt.js',
      '@noble/hashes/sha2.js',
      '@secapi/kernel',
      'bcryptjs',
    ]);
  });

  it('loads nothing of Node through its libraries either, but for the one that comes when it is needed', () => {
    const require = createRequire(join(source, 'engines/portable.ts'));
    const seen = new Set<string>();
    const builtin: string[] = [];
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const name of importsOf(path)) {
        if (isBuiltin(name)) builtin.push(`${path}: ${name}`);
        else if (name.startsWith('.')) visit(join(dirname(path), name));
      }
    };
    for (const name of libraries) if (name.startsWith('@noble/')) visit(require.resolve(name));
    expect(seen.size).toBeGreaterThan(6);
    expect(builtin).toEqual([]);
  });

  it('imports bcrypt on demand, so that it costs nobody who has no such hash', () => {
    const text = readFileSync(join(source, 'engines/portable.ts'), 'utf8');
    expect(text).toMatch(/await import\('bcryptjs'\)/);
    expect(text).not.toMatch(/^import .*bcryptjs/m);
  });

  it('uses no global that only Node has', () => {
    for (const path of files) {
      const text = readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect(text, path).not.toMatch(/\b(Buffer|process|setImmediate|__dirname|require)\b[.(]/);
    }
  });
});

describe('the conditions of the exports', () => {
  const conditions = Object.entries(manifest.exports['.']);

  it.each([
    ['Node', ['node', 'import'], 'index'],
    ['workerd', ['workerd', 'worker', 'browser'], 'portable'],
    ['an edge runtime', ['edge-light'], 'portable'],
    ['a browser', ['browser', 'import'], 'portable'],
    ['Deno', ['deno', 'node', 'import'], 'portable'],
    ['Bun', ['bun', 'node', 'import'], 'portable'],
    ['any other', ['import'], 'portable'],
  ])('give %s its engine', (_runtime, held, entry) => {
    const [, file] = conditions.find(([name]) => name === 'default' || held.includes(name)) ?? [];
    expect(file).toBe(`./dist/${entry}.js`);
  });

  it('have the same names and types for all', () => {
    const statements = (entry: string) =>
      readFileSync(join(source, entry), 'utf8')
        .replace(/(native|portable)-hasher/, 'hasher')
        .split(';')
        .map((text) => text.trim())
        .sort();
    expect(conditions[0]).toEqual(['types', './dist/index.d.ts']);
    expect(statements('portable.ts')).toEqual(statements('index.ts'));
  });
});
