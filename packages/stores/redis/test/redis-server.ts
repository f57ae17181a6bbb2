import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/*
 * Each test file gets a redis-server of its own, on a free port of the loopback: a shared one once made two files flush each other's keys.
 */

/** A private server and a connection that has nothing to do with the code under test. */
export interface TestServer {
  readonly url: string;
  /** An ordinary client, for looking behind the scenes. */
  readonly admin: Redis;
  /** Stops the process in its tracks (SIGSTOP): connections stay open, nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Kills the process and starts an empty one on the same port. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

// Debian's package redis-tools holds the server under another name, without the service that the package redis-server would start.
const names = ['redis-server', 'redis-check-rdb'];

function findBinary(): string | undefined {
  const folders = `${process.env.PATH ?? ''}:/usr/bin:/usr/local/bin`.split(':');
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

function install(): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stderr.write('redis-server is not installed: trying apt-get\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  try {
    execFileSync('apt-get', [...wait, 'update', '-q'], { env, stdio: 'ignore', timeout: 120_000 });
    const packages = ['--no-install-recommends', 'redis-tools'];
    execFileSync('apt-get', [...wait, 'install', '-qy', ...packages], {
      env,
      stdio: 'ignore',
      timeout: 180_000,
    });
  } catch {
    process.stderr.write('apt-get could not install redis-tools\n');
  }
}

/** The binary, installed if that is possible. Where it is missing, tests are skipped, loudly; under CI=true that is a failure. */
export function redisBinary(): string | undefined {
  let binary = findBinary();
  if (!binary) {
    install();
    binary = findBinary();
  }
  if (binary) return binary;
  const message = 'redis-server is missing: install it (Debian: apt-get install redis-server)';
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`\nSKIPPED: ${message}\n\n`);
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

async function launch(binary: string, port: number, folder: string): Promise<ChildProcess> {
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  const child = spawn(binary, settings, { argv0: 'redis-server', stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve();
    });
  });
  return child;
}

export async function startRedis(binary: string): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'secapi-redis-'));
  const port = await freePort();
  let child = await launch(binary, port, folder);
  const url = `redis://127.0.0.1:${port}`;
  const admin = new Redis(url, { retryStrategy: () => 50 });
  admin.on('error', () => {}); // it reconnects after a restart

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await ended;
  }

  return {
    url,
    admin,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async restart() {
      await kill();
      child = await launch(binary, port, folder);
    },
    kill,
    async stop() {
      admin.disconnect();
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every key of the server that would stay for ever. */
export async function keysWithoutExpiry(admin: Redis): Promise<string[]> {
  const keys = await admin.keys('*');
  const left = await Promise.all(keys.map((key) => admin.pttl(key)));
  return keys.filter((_, i) => left[i] === -1);
}
