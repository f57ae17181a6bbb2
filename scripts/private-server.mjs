// What the private servers of the tests share: a free port, a folder that goes away, a process that never outlives the tests.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A TCP port of 127.0.0.1 that nobody listened on a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * A server that is started, killed and started again in one folder, and that never outlives this process.
 *
 * @param ready whether the server answers; asked every few milliseconds, with its process id
 */
export function serverProcess({ name, command, args, folder, as = {}, ready }) {
  const log = join(folder, 'log');
  let child;
  let release;

  async function start() {
    const out = openSync(log, 'a');
    child = spawn(command, args, { ...as, cwd: folder, stdio: ['ignore', out, out] });
    closeSync(out);
    child.unref(); // a test that forgets `stop` still ends
    release = watch(child.pid, folder);
    const started = await until(() => gone() || ready(child.pid), 30_000);
    if (started && !gone()) return;
    await end('SIGKILL');
    throw new Error(`${name} did not start:\n${tail(log)}`);
  }

  const gone = () => child.exitCode !== null || child.signalCode !== null;

  async function end(how) {
    if (!gone()) {
      child.ref();
      const exit = new Promise((resolve) => child.once('exit', resolve));
      signal(child.pid, how);
      signal(child.pid, 'SIGCONT'); // in case it was frozen
      await exit;
    }
    release();
  }

  return { start, end, pid: () => child.pid };
}

/** Whether `check` came true within `limit` milliseconds. */
async function until(check, limit) {
  const end = Date.now() + limit;
  while (Date.now() < end) {
    if (await check()) return true;
    await sleep(15);
  }
  return false;
}

/** The end of a log file, for the message of an error. */
function tail(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-12).join('\n') : '(no log)';
}

/** The processes that `pid` started and that still run (Linux; elsewhere none are known). */
export function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Sends a signal to a process that may be gone already. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Whether a user who is neither the owner nor in the group can reach `path`: every folder above must let others through. */
export function reachableByOthers(path) {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * Ends the server and deletes its folder when this process ends without having stopped it, even by SIGKILL or Ctrl-C:
 * a shell waits on a pipe that only this process holds open. Returns the release, for a server that was stopped.
 */
function watch(pid, folder) {
  const script = 'read -r word; [ "$word" = released ] || { kill -9 "$1" 2>/dev/null; rm -rf "$2"; }';
  const guard = spawn('sh', ['-c', script, 'sh', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // Ctrl-C goes to the whole group, and must not reach the guard
  });
  guard.on('error', () => {}); // no shell here (Windows): then only `stop` ends the server
  guard.stdin.on('error', () => {});
  guard.unref();
  guard.stdin.unref?.();
  return () => guard.stdin.end('released\n');
}

/** Says that tests are skipped, where nobody can overlook it; in CI a missing server is a failure. */
export function skip(what, remedy) {
  const message = `${what} is missing: ${remedy}`;
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`\n!! SKIPPED: ${message}\n`);
  return { skipped: message };
}
