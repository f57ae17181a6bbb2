// Looks at what users would install: each public package is packed, and publint and are-the-types-wrong read the tarball.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPackages } from './boundaries.mjs';
import { run, tools } from './command.mjs';
import { verdict } from './house-rules.mjs';
import { turbo } from './toolchain.mjs';

/** ES modules only, loaded by `require` as well (Node 20.19 can): that one rule does not apply. */
const attwFlags = [
  '--profile',
  'node16',
  '--ignore-rules',
  'cjs-resolves-to-esm',
  '--format',
  'ascii',
  '--no-emoji',
];

export async function packedPackages(root) {
  const built = await turbo('build'); // nothing to do after the check of the types
  if (!built.ok) return built;
  const published = readPackages(root).filter(({ manifest }) => !manifest.private);
  const folder = mkdtempSync(join(tmpdir(), 'secapi-packed-'));
  try {
    const problems = [];
    await inTurn(published, 2, async (pkg) => {
      const problem = await problemOf(
        join(root, pkg.folder),
        join(folder, pkg.manifest.name.replace('/', '-')),
      );
      if (problem) problems.push(`${pkg.manifest.name}:\n${problem.trim()}`);
    });
    return verdict(problems);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function problemOf(home, folder) {
  const seen = stamp(home);
  if (existsSync(seen)) return undefined;
  mkdirSync(folder);
  const packed = await run('pnpm', ['pack', '--pack-destination', folder], { cwd: home });
  if (!packed.ok) return packed.output;
  const tarball = join(folder, readdirSync(folder)[0]);
  const publint = await run('publint', ['run', tarball, '--strict'], { cwd: home });
  if (!publint.ok) return publint.output;
  const attw = await run('attw', [tarball, ...attwFlags], { cwd: home });
  if (!attw.ok) return attw.output;
  mkdirSync(join(tools, 'packed'), { recursive: true });
  writeFileSync(seen, '');
  return undefined;
}

/** A package whose packed files are those of an earlier pass is not looked at again. */
function stamp(home) {
  const hash = createHash('sha256');
  const dist = existsSync(join(home, 'dist'))
    ? readdirSync(join(home, 'dist'), { recursive: true }).sort()
    : [];
  for (const name of ['package.json', 'README.md', ...dist.map((file) => join('dist', file))]) {
    const path = join(home, name);
    if (existsSync(path)) hash.update(`${name}\0`).update(readFileSync(path));
  }
  return join(tools, 'packed', hash.digest('hex'));
}

/** Works through `items`, at most `width` at a time. */
async function inTurn(items, width, work) {
  const queue = [...items];
  const next = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, next));
}
