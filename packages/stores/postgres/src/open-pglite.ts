import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { ConfigError, checkOptions, type Duration, randomToken } from '@secapi/kernel';
import type { Database } from './database.js';
import { DatabaseError } from './errors.js';
import { fromPglite } from './from-pglite.js';
import { DurableFS } from './internal/durable-fs.js';
import { lockFolder } from './internal/folder-lock.js';
import { withUpkeep } from './internal/upkeep.js';

/** Where the embedded PostgreSQL keeps its data. */
export interface OpenPgliteOptions {
  /** A folder of its own, made when it isn't there; or `'memory'`, forgotten at the end. */
  readonly folder: string;
  /**
   * A new database starts from this dump of an initialised one (`dumpDataDir('gzip')`), in a second instead of seven. A path is read, and
   * when nothing is there, such a dump is made and kept there for the next time.
   */
  readonly dump?: Blob | string;
  /** How long a transaction may take. @default '10s' */
  readonly deadline?: Duration;
  /**
   * Leaves a commit in the system's cache: it survives the end of this process, not a power cut. For tests; it saves some
   * milliseconds a commit, during which the event loop waits.
   * @default false
   */
  readonly dangerouslySkipFsync?: boolean;
}

const walBetweenCheckpoints = 64 * 1024 * 1024;

/**
 * Opens PostgreSQL inside this process (PGlite), for one process at a time.
 *
 * A commit is on the disk before it is acknowledged, and a process that was killed loses none: the next one recovers. The folder is
 * locked while it is open. Call `close` at the end.
 *
 * @throws ConfigError when an option is not usable
 * @throws DatabaseError `PGLITE_LOCKED` when another process has the folder open, `PGLITE_UNREADABLE` when it holds something else
 */
export async function openPglite(options: OpenPgliteOptions): Promise<Database> {
  checkOptions('openPglite', options, ['folder', 'dump', 'deadline', 'dangerouslySkipFsync']);
  const { folder, dump, deadline } = options;
  if (typeof folder !== 'string' || folder === '') {
    throw new ConfigError(
      'openPglite.folder',
      'is missing',
      "write a folder such as '.data/postgres', or 'memory'",
    );
  }
  if (/^[a-z][a-z0-9+-]*:\/\//i.test(folder)) {
    throw new ConfigError(
      'openPglite.folder',
      'is a URL',
      "write a folder such as '.data/postgres', or 'memory'",
    );
  }
  const settings = deadline === undefined ? {} : { deadline };
  if (folder === 'memory') {
    const db = await start({}, await dumpFrom(dump));
    return fromPglite(withUpkeep(db, walBetweenCheckpoints), settings);
  }
  const { db, release } = await openFolder(resolve(folder), options);
  const database = fromPglite(withUpkeep(db, walBetweenCheckpoints), settings);
  return {
    ...database,
    async close() {
      await database.close();
      await release();
    },
  };
}

async function openFolder(
  folder: string,
  { dump, dangerouslySkipFsync = false }: OpenPgliteOptions,
): Promise<{ db: PGlite; release: () => Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(folder);
  try {
    const data = join(folder, 'data');
    const incomplete = join(folder, 'incomplete');
    await checkOurs(folder);
    // A process that ended while it made the database left a half of one, and nothing in it was ever acknowledged.
    if (existsSync(incomplete)) await rm(data, { recursive: true, force: true });
    const isNew = !existsSync(data);
    if (isNew) {
      await writeFile(incomplete, '');
      await mkdir(data, { mode: 0o700 });
    }
    const storage = dangerouslySkipFsync
      ? { dataDir: data }
      : { fs: new DurableFS(data), startParams: durableParams() };
    const db = await start(storage, isNew ? await dumpFrom(dump) : undefined);
    if (isNew) {
      await rm(incomplete);
      if (!dangerouslySkipFsync) await syncFolder(folder);
    }
    return { db, release: lock.release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** PGlite's own parameters without `-F` (no fsync); its fdatasync does nothing, so fsync serves for the log as well. */
function durableParams(): string[] {
  return [...PGlite.defaultStartParams.filter((param) => param !== '-F'), '-c', 'wal_sync_method=fsync'];
}

async function start(
  storage: { dataDir?: string; fs?: DurableFS; startParams?: string[] },
  dump: Blob | undefined,
): Promise<PGlite> {
  try {
    return await PGlite.create({ ...storage, ...(dump ? { loadDataDir: dump } : {}) });
  } catch {
    // The cause speaks of PGlite's inside; what matters to the reader is where the unreadable data is.
    const where = storage.fs || storage.dataDir ? 'the data folder' : 'memory';
    const remedy = dump
      ? 'make a new dump with this version of PGlite'
      : 'restore it from a backup, or take the version of PGlite that wrote it';
    throw new DatabaseError('PGLITE_UNREADABLE', `PGlite can't start in ${where}: ${remedy}`);
  }
}

/** Nobody's files are taken for a database of ours, or deleted as a broken one. */
async function checkOurs(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('lock-') && !name.startsWith('.'));
  const strange = names.filter((name) => name !== 'data' && name !== 'incomplete');
  if (strange.length > 0) {
    throw new DatabaseError(
      'PGLITE_UNREADABLE',
      `${folder} holds other files (${strange[0]}): name a folder of its own`,
    );
  }
}

async function dumpFrom(dump: Blob | string | undefined): Promise<Blob | undefined> {
  if (dump === undefined || typeof dump !== 'string') return dump;
  if (!existsSync(dump)) await makeDump(dump);
  return new Blob([await readFile(dump)]);
}

async function makeDump(path: string): Promise<void> {
  const db = await PGlite.create();
  try {
    const bytes = new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer());
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.${randomToken(16)}`;
    await writeFile(draft, bytes, { mode: 0o600 });
    await rename(draft, path); // at once, so that another process never reads a half
  } finally {
    await db.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // has no such thing
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
