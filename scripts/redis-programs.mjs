// Where the programs of the private Redis and Valkey servers are; what is missing is fetched, where that is possible.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tools } from './command.mjs';

/** What a private server can be: its name as a process, and what to do where it is missing. */
export const flavours = {
  redis: { argv0: 'redis-server', remedy: 'install Redis 7 or later so that it is on the PATH' },
  valkey: { argv0: 'valkey-server', remedy: 'install Valkey 8 or later so that it is on the PATH' },
};

/** The server's file, or nothing. */
export function findProgram(flavour) {
  return flavour === 'valkey' ? findValkey() : findRedis();
}

/** The first number of its version; the binary goes by another name than its file, see `onPath`. */
export function majorVersion(flavour, file) {
  return Number(/v=(\d+)/.exec(ask(file, flavours[flavour].argv0))?.[1]);
}

/** The system's, which is installed first where this process may do that. */
function findRedis() {
  const names = ['redis-server', 'redis-check-rdb'];
  const found = onPath(names);
  if (found || !debian() || process.getuid?.() !== 0) return found;
  process.stderr.write('redis-server is missing: installing it with apt-get\n');
  if (!runs('apt-get', ['update', '-q']) || !install()) install();
  return onPath(names);
}

/** The system's, or Debian's package of it unpacked in a folder of the clone: nothing of the system changes. */
function findValkey() {
  const unpacked = join(tools, 'valkey/usr/bin/valkey-check-rdb');
  const starts = (file) => /^Valkey server v=/.test(ask(file, flavours.valkey.argv0));
  const found = [onPath(['valkey-server', 'valkey-check-rdb']), unpacked].find(
    (file) => file && starts(file),
  );
  if (found || !debian()) return found;
  findRedis(); // Debian's packages of both need the same libraries
  process.stderr.write('valkey-server is missing: unpacking its package below .tools\n');
  fetchPackage('valkey-tools', join(tools, 'valkey'));
  return starts(unpacked) ? unpacked : undefined;
}

/** Debian's tools package holds the same binary under another name, without the service that its server package starts. */
function onPath(names) {
  const folders = `${process.env.PATH ?? ''}:/usr/bin:/usr/local/bin`.split(':').filter(Boolean);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Two test processes may get here together: apt-get waits for the other one's lock. */
function install() {
  const quiet = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  return runs('apt-get', ['install', ...quiet, 'redis-tools']);
}

/**
 * Unpacks a package of Debian's, from the mirrors that this machine uses, with lists of its own: its backports have what the release is too old for.
 * Another process may do the same at the same time.
 */
function fetchPackage(name, target) {
  mkdirSync(tools, { recursive: true });
  const home = mkdtempSync(`${target}-`);
  try {
    const codename = osRelease('VERSION_CODENAME');
    const suites = [`${codename}-backports`, codename];
    const fetched = suites.some((suite) =>
      mirrors(codename).some((mirror) => unpack(name, home, mirror, suite)),
    );
    if (fetched) renameSync(join(home, 'files'), target);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error; // the other process was faster
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The places that the machine's own sources name for its release. */
function mirrors(codename) {
  const uris = spawnSync('apt-get', ['update', '--print-uris']).stdout?.toString() ?? '';
  return uris.split('\n').flatMap((line) => {
    const [, mirror, suite] = /^'(.+)\/dists\/([^/]+)\/InRelease'/.exec(line) ?? [];
    return mirror && suite === codename ? [mirror] : [];
  });
}

function unpack(name, home, mirror, suite) {
  for (const folder of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(home, folder), { recursive: true });
  const id = osRelease('ID');
  const keyring = `/usr/share/keyrings/${id}-archive-keyring.gpg`;
  const signedBy = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  const components = id === 'ubuntu' ? 'main universe' : 'main';
  writeFileSync(join(home, 'sources.list'), `deb ${signedBy}${mirror} ${suite} ${components}\n`);
  const settings = {
    'Dir::Etc::sourcelist': join(home, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(home, 'lists'),
    'Dir::Cache': join(home, 'cache'),
    'APT::Sandbox::User': 'root', // it has no folder that another user could write to
  };
  const file = join(home, 'apt.conf');
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";`);
  writeFileSync(file, `${lines.join('\n')}\n#clear APT::Update::Post-Invoke;\n`);
  const options = { cwd: home, env: { ...process.env, APT_CONFIG: file } };
  if (!runs('apt-get', ['update', '-q'], options) || !runs('apt-get', ['download', '-q', name], options))
    return false;
  return runs('sh', ['-c', `dpkg-deb -x ${name}_*.deb files`], options);
}

function debian() {
  return [osRelease('ID'), ...osRelease('ID_LIKE').split(' ')].includes('debian');
}

function osRelease(key) {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
}

function ask(file, argv0) {
  try {
    return execFileSync(file, ['--version'], { argv0, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  } catch {
    return ''; // it isn't there, or a library that it needs isn't
  }
}

function runs(command, args, options = {}) {
  const env = { ...process.env, ...options.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { ...options, stdio: 'ignore', env }).status === 0;
}
