// A private MariaDB server for tests, from the system or from Debian's packages unpacked below .tools: behind a socket in its own folder, never on a port.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tools } from './command.mjs';
import { debian, fetchPackage, onPath } from './debian.mjs';
import { serverProcess, skip } from './private-server.mjs';

/** Starts a server without databases, or says why it can't; in CI it throws instead. */
export async function startMariadb({ settings = {} } = {}) {
  const program = findProgram();
  if (!program) return skip('mariadbd', 'install MariaDB 10.6 or later so that it is on the PATH');
  const folder = mkdtempSync(join(tmpdir(), 'secapi-mariadb-'));
  const socket = join(folder, 'socket');
  const flags = {
    datadir: folder,
    socket,
    'pid-file': join(folder, 'pid'),
    'innodb-buffer-pool-size': '8M',
    'innodb-log-file-size': '4M',
    'innodb-flush-log-at-trx-commit': 0,
    'character-set-server': 'utf8mb4',
    ...(program.messages && { 'lc-messages-dir': program.messages }),
    ...settings,
  };
  const server = serverProcess({
    name: 'MariaDB',
    command: program.file,
    args: [
      '--no-defaults',
      // Nobody else can open the folder, so that tables of users are not needed.
      '--skip-grant-tables',
      '--skip-networking',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ],
    folder,
    as: { env: program.env },
    ready: () => greets(socket),
  });
  await server.start();
  return {
    socket,
    async stop() {
      await server.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const packages = ['mariadb-server-core', 'liburing2', 'libaio1', 'libaio1t64'];

/** The server's file with what it needs around it. */
function findProgram() {
  const own = onPath(['mariadbd']) ?? onPath(['mysqld']);
  if (own && starts({ file: own, env: process.env })) return { file: own, env: process.env };
  if (!debian()) return undefined;
  const unpacked = () => {
    const home = join(tools, packages[0], 'usr');
    const env = { ...process.env, LD_LIBRARY_PATH: packages.flatMap(libraries).join(':') };
    return { file: join(home, 'sbin/mariadbd'), messages: join(home, 'share/mysql'), env };
  };
  if (!starts(unpacked())) {
    process.stderr.write('mariadbd is missing: unpacking its packages below .tools\n');
    for (const name of packages) {
      if (!starts(unpacked())) fetchPackage(name, join(tools, name));
    }
  }
  return starts(unpacked()) ? unpacked() : undefined;
}

/** The folders of a package's libraries. */
function libraries(name) {
  const home = join(tools, name);
  try {
    const files = readdirSync(home, { recursive: true, withFileTypes: true });
    return [...new Set(files.filter((file) => /\.so\.\d+$/.test(file.name)).map((file) => file.parentPath))];
  } catch {
    return []; // it isn't there
  }
}

function starts({ file, env }) {
  try {
    const said = execFileSync(file, ['--version'], { env, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    return said.includes('MariaDB');
  } catch {
    return false; // it isn't there, or a library that it needs isn't
  }
}

/** Whether the server greets who connects, as it does once it is ready. */
function greets(socket) {
  return new Promise((resolve) => {
    const client = connect(socket);
    const say = (answer) => {
      client.destroy();
      resolve(answer);
    };
    client.once('data', () => say(true));
    client.once('error', () => say(false));
    client.once('close', () => say(false));
  });
}
