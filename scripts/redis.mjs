// Private Redis servers for tests, one, a cluster, or one that sentinels watch: the system's `redis-server`, on free ports, without persistence unless asked.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, serverProcess, signal, skip } from './private-server.mjs';

const slots = 16_384;

/** Starts a server on a free port of 127.0.0.1, or says why it can't; in CI it throws instead. */
export async function startRedis(options = {}) {
  const command = findServer();
  if (!command) return skip('redis-server', 'install Redis 6 or later so that it is on the PATH');
  const { appendOnly = false, settings = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'secapi-redis-'));
  const port = await freePort();
  const persistence = { save: '', appendonly: appendOnly ? 'yes' : 'no', appendfsync: 'always' };
  const flags = Object.entries({ bind: '127.0.0.1', port, dir: folder, ...persistence, ...settings });
  const server = serverProcess({
    name: 'Redis',
    command,
    args: flags.flatMap(([name, value]) => [`--${name}`, String(value)]),
    folder,
    as: { argv0: 'redis-server' }, // the binary goes by this name, whatever its file is called
    ready: async () => (await ask(port, 'PING')).startsWith('+PONG'), // an error while it loads its data
  });
  await server.start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
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

/** Starts a cluster of three masters that share the slots, or says why it can't; in CI it throws instead. */
export async function startRedisCluster(masters = 3) {
  const command = findServer();
  if (!command) return skip('redis-server', 'install Redis 7 or later so that it is on the PATH');
  const version = execFileSync(command, ['--version'], { argv0: 'redis-server' }).toString();
  if (Number(/v=(\d+)/.exec(version)?.[1]) < 7) return skip('a cluster', 'install Redis 7 or later'); // for cluster-port
  const servers = [];
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())));
  try {
    for (let i = 0; i < masters; i++) {
      const bus = await freePort();
      const settings = { 'cluster-enabled': 'yes', 'cluster-port': bus, 'cluster-node-timeout': 5_000 };
      servers.push({ bus, ...(await startRedis({ settings })) });
    }
    await joinCluster(servers);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes: servers, stop };
}

/** Starts a master with a replica and three sentinels that watch them, or says why it can't; in CI it throws instead. */
export async function startRedisSentinel(name = 'primary') {
  const command = findServer();
  if (!command) return skip('redis-server', 'install Redis 6 or later so that it is on the PATH');
  const started = [];
  const folder = mkdtempSync(join(tmpdir(), 'secapi-sentinel-'));
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const master = await startRedis();
    started.push(master);
    const replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${master.port}` } });
    started.push(replica);
    const synced = async () =>
      (await ask(replica.port, 'INFO replication')).includes('master_link_status:up');
    await until('the replica did not follow its master', synced);
    const sentinels = [];
    for (let i = 0; i < 3; i++) {
      const sentinel = await startSentinel(command, folder, name, master.port);
      started.push(sentinel);
      sentinels.push(sentinel);
    }
    const met = async ({ port }) => {
      const info = await ask(port, 'INFO sentinel');
      return info.includes('status=ok') && info.includes('slaves=1') && info.includes('sentinels=3');
    };
    await until('the sentinels did not meet', async () =>
      (await Promise.all(sentinels.map(met))).every(Boolean),
    );
    return { name, master, replica, sentinels, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSentinel(command, folder, name, masterPort) {
  const port = await freePort();
  const own = mkdtempSync(join(folder, 'sentinel-'));
  const file = join(own, 'sentinel.conf'); // the sentinel writes what it learns into it
  const watches = `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`;
  const times = `sentinel down-after-milliseconds ${name} 1000\nsentinel failover-timeout ${name} 5000`;
  writeFileSync(file, `bind 127.0.0.1\nport ${port}\ndir ${own}\n${watches}\n${times}\n`);
  const server = serverProcess({
    name: 'a sentinel',
    command,
    args: [file, '--sentinel'],
    folder: own,
    as: { argv0: 'redis-server' },
    ready: async () => (await ask(port, 'PING')).startsWith('+PONG'),
  });
  await server.start();
  return { url: `redis://127.0.0.1:${port}`, port, stop: () => server.end('SIGTERM') };
}

async function until(problem, check) {
  for (let tries = 0; tries < 600; tries++) {
    if (await check()) return;
    await sleep(50);
  }
  throw new Error(problem);
}

async function joinCluster(servers) {
  const [first] = servers;
  for (const [i, { port }] of servers.entries()) {
    const from = Math.floor((i * slots) / servers.length);
    const to = Math.floor(((i + 1) * slots) / servers.length) - 1;
    await must(port, `CLUSTER SET-CONFIG-EPOCH ${i + 1}`);
    await must(port, `CLUSTER ADDSLOTSRANGE ${from} ${to}`);
    if (i > 0) await must(first.port, `CLUSTER MEET 127.0.0.1 ${port} ${servers[i].bus}`);
  }
  const joined = async ({ port }) => {
    const info = await ask(port, 'CLUSTER INFO');
    return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${servers.length}`);
  };
  const all = async () => (await Promise.all(servers.map(joined))).every(Boolean);
  await until('the nodes did not become a cluster', all);
}

async function must(port, line) {
  const answer = await ask(port, line);
  if (!answer.startsWith('+OK')) throw new Error(`${line}: ${answer}`);
}

/** The beginning of a server's answer to one command; empty when it gives none. */
function ask(port, line) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line}\r\n`));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', () => {});
    socket.once('close', () => resolve(''));
  });
}

/** The server's file; installed first, where that is possible. */
function findServer() {
  const found = find();
  if (found) return found;
  const debian =
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
  if (!debian || process.getuid?.() !== 0) return undefined;
  process.stderr.write('redis-server is missing: installing it with apt-get\n');
  if (!runs('apt-get', 'update', '-q') || !install()) install();
  return find();
}

function find() {
  // Debian's redis-tools holds the same binary under another name, without the service that its package redis-server starts.
  const names = ['redis-server', 'redis-check-rdb'];
  const folders = `${process.env.PATH ?? ''}:/usr/bin:/usr/local/bin`.split(':').filter(Boolean);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Two test processes may get here together: apt-get waits for the other one's lock. */
function install() {
  const quiet = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  return runs('apt-get', 'install', ...quiet, 'redis-tools');
}

function runs(command, ...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'], env }).status === 0;
}
