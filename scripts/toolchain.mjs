// From a fresh clone to a built workspace, with Node and npm alone; each part is skipped when it is up to date.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, step, tools } from './command.mjs';

/** Makes sure of pnpm and of the packages in the lockfile; throws `Stop` when it can't. */
export async function prepare() {
  checkNode();
  await pnpm();
  await install();
}

/** An end that was already explained on standard error. */
export class Stop extends Error {}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(`secapi needs Node 20.19 or later; this is ${process.versions.node}\n`);
  throw new Stop();
}

async function pnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = packageManager.split('@')[1].split('+')[0];
  const home = join(tools, 'pnpm');
  const manifest = join(home, 'node_modules/pnpm/package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version) return;
  mkdirSync(home, { recursive: true });
  const flags = [
    '--prefix',
    home,
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  must(await step(`pnpm ${version}`, () => run('npm', ['install', ...flags, `pnpm@${version}`])));
}

/** Installs when the lockfile differs from the one that was installed last, or when the packages are gone. */
async function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  const stamp = join(root, 'node_modules/.installed-lockfile');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const flags = [
    '--frozen-lockfile',
    '--prefer-offline',
    '--reporter=append-only',
    '--config.confirm-modules-purge=false',
  ];
  must(await step('packages of the lockfile', () => run('pnpm', ['install', ...flags])));
  writeFileSync(stamp, wanted);
}

/** Runs turbo tasks, which do again only what changed. */
export function turbo(...args) {
  return run('turbo', ['run', '--output-logs=errors-only', ...args]);
}

/** Bundles an app and the packages that it stands on. Silent when little changed. */
export async function bundle(app) {
  must(await step('build', () => turbo('bundle', '--', app), 1_500));
}

function must(result) {
  if (!result.ok) throw new Stop();
}
