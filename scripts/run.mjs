// The one way in: `node scripts/run.mjs <task>`, behind npm's start, test, check, bench, tour and build.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run, step } from './command.mjs';
import { bundle, prepare, Stop, turbo } from './toolchain.mjs';

const tasks = {
  start: (args) => app('reference-api', args),
  bench: (args) => app('bench', args),
  tour: (args) => app('tour', args),
  test,
  check,
  build,
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name ?? '')) {
  process.stderr.write(`usage: node scripts/run.mjs ${Object.keys(tasks).join(' | ')}\n`);
  process.exit(64);
}
try {
  await prepare();
  await tasks[name](args);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.exitCode = 1;
}

/** Becomes the app: it runs in this very process, so that signals and exit codes are its own. */
async function app(folder, args) {
  await bundle(`@secapi/${folder}`);
  const entry = join(root, 'apps', folder, 'dist/index.js');
  process.argv = [process.argv[0], entry, ...args];
  await import(pathToFileURL(entry).href);
}

/** Tests read the sources of the packages; only the apps that they start as processes are built. */
async function test(args) {
  await bundle('@secapi/reference-api');
  const { code } = await run('vitest', ['run', ...args], { show: true });
  process.exitCode = code;
}

async function check(args) {
  const { checks } = await import('./checks.mjs');
  const wanted = checks.filter(({ name }) => args.length === 0 || args.includes(name));
  const failed = [];
  for (const { name, label, work } of wanted) {
    const { ok } = await step(label, work);
    if (!ok) failed.push(name);
  }
  const verdict = failed.length === 0 ? 'all passed' : `failed: ${failed.join(', ')}`;
  process.stderr.write(`\n${wanted.length} checks, ${verdict}\n`);
  if (failed.length > 0 || wanted.length === 0) process.exitCode = 1;
}

async function build() {
  const { ok } = await step('build', () => turbo('build'));
  if (!ok) throw new Stop();
}
