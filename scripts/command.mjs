// Runs other programs: quietly, so that only a failure shows what they printed.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

export const root = dirname(import.meta.dirname);
export const tools = join(root, '.tools');

/** The programs of the pinned pnpm and of the workspace come first; none of them phones home. */
const env = {
  ...process.env,
  PATH: [join(tools, 'pnpm/node_modules/.bin'), join(root, 'node_modules/.bin'), process.env.PATH].join(
    delimiter,
  ),
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
};

/**
 * Runs a program and resolves to `{ ok, code, output }`; never rejects.
 *
 * @param options `show: true` lets it print by itself, and then `output` is empty
 */
export function run(command, args, { show = false, cwd = root, env: more = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...more },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32', // npm and pnpm are .cmd files there
    });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    const release = passSignals(child);
    child.once('error', (error) => {
      release();
      resolve({ ok: false, code: 127, output: `${command}: ${error.message}\n` });
    });
    child.once('close', (code, signal) => {
      release();
      if (signal === 'SIGINT' || signal === 'SIGTERM') process.kill(process.pid, signal);
      resolve({ ok: code === 0, code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** A signal that ends us ends the program first, and then us: nothing is left behind. */
function passSignals(child) {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const pass = (name) => child.kill(name);
  for (const name of names) process.on(name, pass);
  return () => {
    for (const name of names) process.off(name, pass);
  };
}

/**
 * Runs `work`, which resolves to `{ ok, output }`, and says on standard error how long it took.
 *
 * @param quietUnder a success within so many milliseconds is not worth a line
 */
export async function step(label, work, quietUnder = 0) {
  const begin = performance.now();
  const live = process.stderr.isTTY;
  // A terminal shows at once what is under way; a log gets a second line only for what takes long.
  const announce = setTimeout(
    () => process.stderr.write(`  … ${label}${live ? '' : '\n'}`),
    live ? quietUnder : Math.max(quietUnder, 5_000),
  );
  const result = await work();
  clearTimeout(announce);
  const took = performance.now() - begin;
  if (result.ok && took < quietUnder) return result;
  const line = `  ${result.ok ? '✓' : '✗'} ${label} (${(took / 1000).toFixed(1)} s)\n`;
  process.stderr.write(live ? `\r\x1b[K${line}` : line);
  if (!result.ok) process.stderr.write(`${indented(result.output)}\n`);
  return result;
}

function indented(text) {
  return text.trimEnd().replace(/^/gm, '    ');
}
