import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPackages } from '../scripts/boundaries.mjs';

const root = join(import.meta.dirname, '..');
const house = readPackages(root).map((pkg) => ({
  ...pkg,
  name: pkg.manifest.name,
  home: join(root, pkg.folder),
}));
const packages = house.filter(({ floor }) => floor !== 'app');
const mine = new Set([
  'README.md',
  'dist',
  'node_modules',
  'package.json',
  'src',
  'test',
  'tsconfig.json',
  '.turbo',
]);

describe.each(house)('$name', ({ home, folder, floor, manifest }) => {
  it('says what it is: name, licence, ES modules, a README', () => {
    expect(manifest).toMatchObject({ license: 'MIT', type: 'module' });
    expect(manifest.name).toBe(`@secapi/${folder.split('/').at(-1)}`);
    const readme = readFileSync(join(home, 'README.md'), 'utf8');
    expect(readme).toMatch(floor === 'app' ? /^# / : new RegExp(`^# ${manifest.name}$`, 'm'));
  });

  it('takes its TypeScript settings from the root', () => {
    const settings = JSON.parse(readFileSync(join(home, 'tsconfig.json'), 'utf8'));
    expect(Object.keys(settings).sort()).toEqual(['extends', 'include']);
    expect(settings.extends).toMatch(/^(\.\.\/)+tsconfig\.(base|node|app)\.json$/);
  });
});

describe.each(packages)('$name', ({ home, manifest, files, folder }) => {
  const sources = files.filter(({ path }) => path.startsWith(`${folder}/src/`));

  it('keeps nothing else at its root', () => {
    expect(readdirSync(home).filter((name) => !mine.has(name))).toEqual([]);
  });

  it('publishes dist alone, and for each entry a source that exists and its types', () => {
    expect(manifest.private).toBeUndefined();
    expect(manifest.files).toEqual(['dist']);
    expect(Object.keys(manifest.exports ?? {})).toContain('.');
    for (const entry of Object.values(manifest.exports ?? {})) {
      const { types, ...engines } = entry;
      expect(Object.keys(engines).at(-1)).toBe('default');
      const names = new Set(
        Object.values(engines).map((file) => /^\.\/dist\/([\w/-]+)\.js$/.exec(file)?.[1]),
      );
      for (const name of names) expect(existsSync(join(home, 'src', `${name}.ts`))).toBe(true);
      expect([...names].map((name) => `./dist/${name}.d.ts`)).toContain(types);
    }
  });

  it('names what is public one by one, in an index without logic', () => {
    const index = sources.find(({ path }) => path === `${folder}/src/index.ts`)?.text ?? '';
    expect(index).toMatch(/^export (type )?\{/m);
    const statements = index.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').split(';');
    const others = statements.filter(
      (line) => !/^\s*(export (type )?\{[^}]*\} from '[^']+'|)\s*$/.test(line),
    );
    expect(others).toEqual([]);
  });

  it('has no `export *`, and no default export but where a framework’s loader needs one', () => {
    const starred = sources.filter(({ text }) => /^export \*/m.test(text)).map(({ path }) => path);
    expect(starred).toEqual([]);
    if (folder === 'packages/adapters/fastify') return;
    expect(sources.filter(({ text }) => /^export default/m.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('has tests, and one that lists its public names', () => {
    expect(files.map(({ path }) => path)).toContain(`${folder}/test/exports.test.ts`);
  });

  it('names its files in kebab-case', () => {
    const odd = sources
      .map(({ path }) => path.slice(`${folder}/src/`.length))
      .filter((name) => !/^[a-z0-9/.-]+\.ts$/.test(name));
    expect(odd).toEqual([]);
  });
});
