// Programs of Debian's packages for the tests: found, installed, or unpacked beside the system.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tools } from './command.mjs';

/** The file of the first of these programs that is there. */
export function onPath(names) {
  const folders = `${process.env.PATH ?? ''}:/usr/bin:/usr/local/bin`.split(':').filter(Boolean);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Installs a package, where this process may do that. Two test processes may get here together: apt-get waits for the other one's lock. */
export function installPackage(name) {
  if (!debian() || process.getuid?.() !== 0) return false;
  process.stderr.write(`${name} is missing: installing it with apt-get\n`);
  const quiet = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  const install = () => runs('apt-get', ['install', ...quiet, name]);
  return (runs('apt-get', ['update', '-q']) && install()) || install();
}

/**
 * Unpacks a package of Debian's, from the mirrors that this machine uses, with lists of its own: its backports have what the release is too old for.
 * Another process may do the same at the same time.
 */
export function fetchPackage(name, target) {
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

/** Whether this system takes Debian's packages. */
export function debian() {
  return [osRelease('ID'), ...osRelease('ID_LIKE').split(' ')].includes('debian');
}

function osRelease(key) {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
}

function runs(command, args, options = {}) {
  const env = { ...process.env, ...options.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { ...options, stdio: 'ignore', env }).status === 0;
}
