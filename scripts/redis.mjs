// A private Redis server for tests: the system's `redis-server`, on a free port, without persistence unless asked.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, serverProcess, signal, skip } from './private-server.mjs';

/** Starts a server on a free port of 127.0.0.1, or says why it can't; in CI it throws instead. */
export async function startRedis(options = {}) {
  if (!installed()) return skip('redis-server', 'install Redis 6 or later so that it is on the PATH');
  const { appendOnly = false, settings = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'secapi-redis-'));
  const port = await freePort();
  const persistence = { save: '', appendonly: appendOnly ? 'yes' : 'no', appendfsync: 'always' };
  const flags = Object.entries({ bind: '127.0.0.1', port, dir: folder, ...persistence, ...settings });
  const server = serverProcess({
    name: 'Redis',
    command: 'redis-server',
    args: flags.flatMap(([name, value]) => [`--${name}`, String(value)]),
    folder,
    ready: () => answers(port),
  });
  await server.start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async stop() {
      await server.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    kill9: () => server.end('SIGKILL'),
    async restart() {
      await server.end('SIGTERM');
      await server.start();
    },
    pause: () => signal(server.pid(), 'SIGSTOP'),
    resume: () => signal(server.pid(), 'SIGCONT'),
  };
}

/** Whether the server answers `PING` with `PONG`; before it has loaded its data it answers with an error. */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => {});
    socket.once('close', () => resolve(false));
  });
}

function installed() {
  if (runs('redis-server', '--version')) return true;
  const debian =
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
  if (!debian || process.getuid?.() !== 0) return false;
  process.stderr.write('redis-server is missing: installing it with apt-get\n');
  // The package starts a server of its own where the machine has an init system; the tests never use that one.
  return (runs('apt-get', 'update', '-q') && apt()) || apt();
}

/** Two test processes may get here together: apt-get waits for the other one's lock. */
function apt() {
  const quiet = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  return runs('apt-get', 'install', ...quiet, 'redis-server') && runs('redis-server', '--version');
}

function runs(command, ...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'], env }).status === 0;
}
