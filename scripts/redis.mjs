// Private Redis or Valkey servers for tests, one, a cluster, or one that sentinels watch: on free ports, without persistence unless asked.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificates } from './certificates.mjs';
import { freePort, serverProcess, signal, skip } from './private-server.mjs';
import { ask, flagsFor, urlOf, writeCertificates } from './redis-access.mjs';
import { findProgram, flavours, majorVersion } from './redis-programs.mjs';

const slots = 16_384;

/** Starts a server on a free port of 127.0.0.1, or says why it can't; in CI it throws instead. */
export async function startRedis(options = {}) {
  const { flavour = 'redis', appendOnly = false, settings = {}, password, tls } = options;
  const program = findProgram(flavour);
  if (!program) return missing(flavour);
  const folder = mkdtempSync(join(tmpdir(), 'secapi-redis-'));
  const port = await freePort();
  const certificates = tls === true ? makeCertificates() : tls;
  if (certificates) writeCertificates(folder, certificates);
  const access = { port, password, tls: certificates };
  const persistence = { save: '', appendonly: appendOnly ? 'yes' : 'no', appendfsync: 'always' };
  const flags = { bind: '127.0.0.1', dir: folder, ...flagsFor(access), ...persistence, ...settings };
  const server = serverProcess({
    name: flavour,
    command: program,
    args: Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
    folder,
    as: { argv0: flavours[flavour].argv0 }, // the binary goes by this name, whatever its file is called
    ready: async () => (await ask(access, 'PING')).startsWith('+PONG'), // an error while it loads its data
  });
  await server.start();
  return {
    url: urlOf(access),
    port,
    folder,
    ...(certificates && { tls: certificates }),
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

/** Starts a cluster of masters that share the slots, or says why it can't; in CI it throws instead. */
export async function startRedisCluster(options = {}) {
  const { masters = 3, flavour = 'redis', password, tls } = options;
  const program = findProgram(flavour);
  if (!program || majorVersion(flavour, program) < 7) return missing(flavour); // for cluster-port
  const certificates = tls === true ? makeCertificates() : tls;
  const servers = [];
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())));
  try {
    for (let i = 0; i < masters; i++) {
      const bus = await freePort();
      const settings = {
        'cluster-enabled': 'yes',
        'cluster-port': bus,
        'cluster-node-timeout': 5_000,
        ...(certificates && { 'tls-cluster': 'yes' }),
        ...options.settings,
      };
      servers.push({ bus, ...(await startRedis({ flavour, password, tls: certificates, settings })) });
    }
    const accesses = servers.map(({ port, bus }) => ({ port, bus, password, tls: certificates }));
    await joinCluster(accesses);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes: servers, ...(certificates && { tls: certificates }), stop };
}

/** Starts a master with a replica and three sentinels that watch them, or says why it can't; in CI it throws instead. */
export async function startRedisSentinel(options = {}) {
  const { name = 'primary', flavour = 'redis', password, sentinelPassword, tls } = options;
  const program = findProgram(flavour);
  if (!program) return missing(flavour);
  const started = [];
  const folder = mkdtempSync(join(tmpdir(), 'secapi-sentinel-'));
  const certificates = tls === true ? makeCertificates() : tls;
  if (certificates) writeCertificates(folder, certificates);
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const settings = {
      ...(password && { masterauth: password }),
      ...(certificates && { 'tls-replication': 'yes' }),
    };
    const data = { flavour, password, tls: certificates };
    const master = await startRedis({ ...data, settings });
    started.push(master);
    const replica = await startRedis({
      ...data,
      settings: { ...settings, replicaof: `127.0.0.1 ${master.port}` },
    });
    started.push(replica);
    const synced = async () =>
      (await ask({ ...data, port: replica.port }, 'INFO replication')).includes('master_link_status:up');
    await until('the replica did not follow its master', synced);
    const watched = { name, password, port: master.port };
    const sentinels = [];
    for (let i = 0; i < 3; i++) {
      const port = await freePort();
      const access = { port, password: sentinelPassword, tls: certificates };
      const sentinel = await startSentinel({ program, flavour, folder, access, watched });
      started.push(sentinel);
      sentinels.push(sentinel);
    }
    const met = async ({ port }) => {
      const info = await ask({ port, password: sentinelPassword, tls: certificates }, 'INFO sentinel');
      return info.includes('status=ok') && info.includes('slaves=1') && info.includes('sentinels=3');
    };
    await until('the sentinels did not meet', async () =>
      (await Promise.all(sentinels.map(met))).every(Boolean),
    );
    return { name, master, replica, sentinels, ...(certificates && { tls: certificates }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSentinel({ program, flavour, folder, access, watched }) {
  const own = mkdtempSync(join(folder, 'sentinel-'));
  const file = join(own, 'sentinel.conf'); // the sentinel writes what it learns into it
  const { name, password, port } = watched;
  if (access.tls) writeCertificates(own, access.tls);
  const settings = { bind: '127.0.0.1', dir: own, ...flagsFor(access) };
  if (access.tls) settings['tls-replication'] = 'yes'; // how it talks to the servers
  const lines = [
    ...Object.entries(settings).map((entry) => entry.join(' ')),
    `sentinel monitor ${name} 127.0.0.1 ${port} 2`,
    ...(password ? [`sentinel auth-pass ${name} ${password}`] : []),
    `sentinel down-after-milliseconds ${name} 1000`,
    `sentinel failover-timeout ${name} 5000`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const server = serverProcess({
    name: 'a sentinel',
    command: program,
    args: [file, '--sentinel'],
    folder: own,
    as: { argv0: flavours[flavour].argv0 },
    ready: async () => (await ask(access, 'PING')).startsWith('+PONG'),
  });
  await server.start();
  return { url: urlOf(access), port: access.port, stop: () => server.end('SIGTERM') };
}

function missing(flavour) {
  return skip(flavours[flavour].argv0, flavours[flavour].remedy);
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
  for (const [i, server] of servers.entries()) {
    const from = Math.floor((i * slots) / servers.length);
    const to = Math.floor(((i + 1) * slots) / servers.length) - 1;
    await must(server, `CLUSTER SET-CONFIG-EPOCH ${i + 1}`);
    await must(server, `CLUSTER ADDSLOTSRANGE ${from} ${to}`);
    if (i > 0) await must(first, `CLUSTER MEET 127.0.0.1 ${server.port} ${server.bus}`);
  }
  const joined = async (server) => {
    const info = await ask(server, 'CLUSTER INFO');
    return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${servers.length}`);
  };
  const all = async () => (await Promise.all(servers.map(joined))).every(Boolean);
  await until('the nodes did not become a cluster', all);
}

async function must(server, line) {
  const answer = await ask(server, line);
  if (!answer.startsWith('+OK')) throw new Error(`${line}: ${answer}`);
}
