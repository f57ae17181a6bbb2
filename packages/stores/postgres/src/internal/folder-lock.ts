import { readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes, sha256, toHex } from '@secapi/kernel';
import { DatabaseError } from '../errors.js';

/** A folder that this handle alone may use. */
export interface FolderLock {
  release(): Promise<void>;
}

interface Owner {
  readonly file: string;
  readonly host: string;
  readonly pid: number;
  readonly started: string;
}

const prefix = 'lock-';
const heartbeat = 2_000;
const attempts = 8;

/**
 * Keeps every other process out of a folder, and lets the next one in at once when this one was killed.
 *
 * Each process first puts down a file under a name that nobody else ever uses and then looks for others', so of two at most one can
 * find itself alone, and a dead one's file can be removed by anybody without a race. Whether an owner lives is seen from its process,
 * and for one on another machine or in another container from its heartbeat.
 *
 * @param options `patience`: for how many milliseconds a heartbeat may be late
 * @throws DatabaseError `PGLITE_LOCKED` when a living process has it
 */
export async function lockFolder(
  folder: string,
  { patience = 30_000 }: { readonly patience?: number } = {},
): Promise<FolderLock> {
  const host = await hostId();
  const mark = [host, process.pid, await startOf(process.pid), toHex(randomBytes(6))].join('-');
  const mine = join(folder, `${prefix}${mark}`);
  for (let attempt = 0; attempt < attempts; attempt++) {
    await writeFile(mine, '', { flag: 'wx', mode: 0o600 });
    const other = await livingOther(folder, mine, host, patience).catch(async (error: unknown) => {
      await rm(mine, { force: true });
      throw error;
    });
    if (!other) return hold(mine);
    await rm(mine, { force: true });
    if (await isHeld(other.file)) throw lockedBy(folder, other);
    // Two that start at the same moment see each other; both step back for different times.
    await sleep(20 + (randomBytes(1)[0] ?? 0));
  }
  throw new DatabaseError(
    'PGLITE_LOCKED',
    `${folder} is being opened by others again and again: let one process have it`,
  );
}

async function hold(mine: string): Promise<FolderLock> {
  await writeFile(mine, 'held');
  const timer = setInterval(() => {
    const now = new Date();
    utimes(mine, now, now).catch(() => {}); // the folder is gone, and with it what was locked
  }, heartbeat);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await rm(mine, { force: true });
    },
  };
}

async function livingOther(
  folder: string,
  mine: string,
  host: string,
  patience: number,
): Promise<Owner | undefined> {
  for (const name of await readdir(folder)) {
    const owner = ownerOf(folder, name);
    if (!owner || owner.file === mine) continue;
    const lives = owner.host === host ? await isRunning(owner) : await beats(owner.file, patience);
    if (lives) return owner;
    await rm(owner.file, { force: true });
  }
  return undefined;
}

function ownerOf(folder: string, name: string): Owner | undefined {
  const match = /^lock-([0-9a-f]{16})-(\d{1,10})-(\d{1,20})-[0-9a-f]{12}$/.exec(name);
  if (!match) return undefined;
  const [, host = '', pid = '', started = ''] = match;
  return { file: join(folder, name), host, pid: Number(pid), started };
}

async function isRunning({ pid, started }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return (await startOf(pid)) === started; // else the number belongs to a newer process
}

/** When a process started, in ticks since the machine did; '0' where the system doesn't tell, 'none' when it is dead. */
async function startOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return '0';
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return start === undefined || state === 'Z' || state === 'X' ? 'none' : start;
}

/** Processes see each other's numbers only on one machine, since one boot, in one container. */
async function hostId(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const container = await readlink('/proc/self/ns/pid').catch(() => '');
  return toHex(await sha256(JSON.stringify([hostname(), boot, container]))).slice(0, 16);
}

/** Watches a heartbeat for as long as it may be late. Only file times are compared with each other, whatever the clocks say. */
async function beats(file: string, patience: number): Promise<boolean> {
  const first = await changedAt(file);
  for (let waited = 0; waited < patience; waited += heartbeat / 4) {
    if ((await changedAt(file)) !== first) return first !== undefined;
    await sleep(heartbeat / 4);
  }
  return false;
}

async function changedAt(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

async function isHeld(file: string): Promise<boolean> {
  return (await readFile(file, 'utf8').catch(() => '')) === 'held';
}

function lockedBy(folder: string, { pid }: Owner): DatabaseError {
  return new DatabaseError(
    'PGLITE_LOCKED',
    `${folder} is in use by process ${pid}: stop that one first, or let both use a PostgreSQL server`,
  );
}
