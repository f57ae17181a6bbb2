// Where the programs of the private Redis and Valkey servers are; what is missing is fetched, where that is possible.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { tools } from './command.mjs';
import { debian, fetchPackage, installPackage, onPath } from './debian.mjs';

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
  // Debian's tools package holds the same binary under another name, without the service that its server package starts.
  const names = ['redis-server', 'redis-check-rdb'];
  const found = onPath(names);
  if (!found) installPackage('redis-tools');
  return found ?? onPath(names);
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

function ask(file, argv0) {
  try {
    return execFileSync(file, ['--version'], { argv0, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  } catch {
    return ''; // it isn't there, or a library that it needs isn't
  }
}
