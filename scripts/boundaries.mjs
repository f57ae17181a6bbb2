// The boundary lint: imports only point down the house, and each package stands on its own libraries alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { importsOf } from './imports.mjs';

/** What each floor may import of the house itself; everything may stand on its own package. */
const below = {
  kernel: [],
  primitive: ['kernel'],
  store: ['kernel', 'primitive'],
  core: ['kernel', 'primitive'],
  bridge: ['kernel', 'core'],
  adapter: ['kernel', 'core', 'bridge'],
  tool: ['kernel', 'primitive', 'store', 'core', 'bridge', 'adapter'],
  app: ['kernel', 'primitive', 'store', 'core', 'bridge', 'adapter', 'tool'],
};

/** What each package may import of the world. A new line here is a decision. */
const libraries = {
  'packages/primitives/tokens': ['jose'],
  'packages/primitives/hashing': ['@node-rs/argon2', '@node-rs/bcrypt', '@noble/hashes', 'bcryptjs'],
  'packages/primitives/validation': ['valibot', '@standard-schema/spec'],
  'packages/primitives/redaction': ['@noble/hashes'],
  'packages/primitives/sanitize': ['dompurify', 'jsdom'],
  'packages/primitives/sql': ['sql-template-tag'],
  'packages/primitives/http': ['ipaddr.js', 'cookie', 'structured-headers'],
  'packages/primitives/secrets': ['valibot'],
  'packages/core': ['@standard-schema/spec'],
  'packages/stores/redis': ['ioredis'],
  'packages/stores/postgres': ['pg', '@electric-sql/pglite'],
  'packages/adapters/express': ['express'],
  'packages/adapters/fastify': ['fastify', 'fastify-plugin', 'find-my-way'],
  'packages/adapters/koa': ['koa'],
  'packages/tools/testing': ['valibot', 'fast-check'],
  'packages/tools/eslint-plugin': ['eslint', 'estree'],
};

const groups = {
  'packages/primitives': 'primitive',
  'packages/stores': 'store',
  'packages/adapters': 'adapter',
  'packages/tools': 'tool',
  apps: 'app',
};
const single = { 'packages/kernel': 'kernel', 'packages/core': 'core' };
const builtins = new Set(builtinModules);

/** The packages of a checkout, with their sources and tests. */
export function readPackages(root) {
  const floors = { ...single };
  for (const [group, floor] of Object.entries(groups)) {
    for (const name of foldersIn(join(root, group))) floors[`${group}/${name}`] = floor;
  }
  floors['packages/adapters/node'] = 'bridge';
  return Object.entries(floors)
    .filter(([folder]) => existsSync(join(root, folder, 'package.json')))
    .map(([folder, floor]) => ({
      folder,
      floor,
      manifest: json(join(root, folder, 'package.json')),
      // A package says that it runs anywhere by the TypeScript settings without Node's types.
      anywhere: json(join(root, folder, 'tsconfig.json')).extends.endsWith('tsconfig.base.json'),
      files: ['src', 'test'].flatMap((part) => filesIn(root, `${folder}/${part}`)),
    }));
}

/** Every import, and every dependency of a manifest, that the house forbids. */
export function violations(packages) {
  const byName = new Map(packages.map((pkg) => [pkg.manifest.name, pkg]));
  return packages.flatMap((pkg) => [
    ...pkg.files.flatMap((file) =>
      importsOf(file.path, file.text).flatMap(({ specifier, line }) => {
        const problem = file.path.startsWith(`${pkg.folder}/src/`)
          ? problemOf(pkg, file.path, specifier, byName)
          : problemOfTest(file.path, specifier, byName);
        return problem ? [{ file: file.path, line, specifier, problem }] : [];
      }),
    ),
    ...manifestProblems(pkg, byName),
  ]);
}

function problemOf(pkg, path, specifier, byName) {
  if (specifier === undefined) return 'an import whose name is not written out can not be checked';
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    return target.startsWith(`${pkg.folder}/src/`) ? undefined : 'a relative import leaves its own src';
  }
  if (specifier.startsWith('node:') || builtins.has(specifier)) {
    if (pkg.anywhere) return 'a package that runs anywhere imports Node';
    if (pkg.floor === 'kernel' || pkg.floor === 'core') return `${pkg.floor} runs anywhere and imports Node`;
    return undefined;
  }
  return dependencyProblem(pkg, specifier, byName);
}

function dependencyProblem(pkg, specifier, byName) {
  const name = nameOf(specifier);
  const target = byName.get(name);
  if (target === undefined) {
    if (name.startsWith('@secapi/')) return 'there is no such package';
    if (pkg.floor === 'app' || libraries[pkg.folder]?.includes(name.replace(/^@types\//, '')))
      return undefined;
    return `${name} is not a library of ${pkg.folder}`;
  }
  if (target === pkg) return 'a package imports itself by name: use a relative import';
  if (!below[pkg.floor].includes(target.floor)) {
    return `imports only point down: ${article(pkg.floor)} may not import ${article(target.floor)}`;
  }
  const key = `.${specifier.slice(name.length)}`;
  return target.manifest.exports?.[key] ? undefined : `${name} does not export ${key}`;
}

/** Tests may use what they need, but an app is imported by nobody. */
function problemOfTest(path, specifier = '', byName) {
  if (path.startsWith('apps/')) return undefined;
  const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
  const app = target?.startsWith('apps/') || byName.get(nameOf(specifier))?.floor === 'app';
  return app ? 'nothing imports an app' : undefined;
}

function manifestProblems(pkg, byName) {
  const { dependencies, peerDependencies, optionalDependencies } = pkg.manifest;
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }).flatMap((name) => {
    const problem = dependencyProblem(pkg, name, byName)?.replace('import ', 'depend on ');
    // A package may be used through its other entries alone.
    if (!problem || problem.includes('does not export')) return [];
    return [{ file: `${pkg.folder}/package.json`, line: 1, specifier: name, problem }];
  });
}

function nameOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function article(floor) {
  const many = { kernel: 'the kernel', core: 'core', bridge: "the adapters' Node bridge" };
  return many[floor] ?? `${/^[aeiou]/.test(floor) ? 'an' : 'a'} ${floor}`;
}

function foldersIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
}

function filesIn(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[mc]?[jt]sx?$/.test(name))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') }));
}

function json(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

if (process.argv[1] === import.meta.filename) {
  const found = violations(readPackages(dirname(import.meta.dirname)));
  for (const { file, line, specifier, problem } of found) {
    process.stdout.write(`${file}:${line} ${specifier ?? 'import(…)'}: ${problem}\n`);
  }
  process.exitCode = found.length === 0 ? 0 : 1;
}
