import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrail } from '@secapi/audit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, migrate, postgresTrailStore } from '../src/index.js';
import { lockFolder } from '../src/internal/folder-lock.js';
import { withUpkeep } from '../src/internal/upkeep.js';
import { openPglite } from '../src/pglite.js';
import { type Child, compile, run } from './child.js';
import { dump } from './databases.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'secapi-pglite-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const locks = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('lock-'));

describe('in processes of their own', () => {
  let compiled: ReturnType<typeof compile>;
  const children: Child[] = [];
  beforeAll(() => {
    compiled = compile();
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill9()));
  });
  afterAll(() => compiled.remove());

  function start(code: string, ...args: string[]): Child {
    const imports = `
      import { writeSync } from 'node:fs';
      import { openPglite } from './pglite.js';
      import { migrate, postgresTrailStore } from './index.js';
      const [folder, dump, options = '{}'] = process.argv.slice(2);
      const say = (text) => writeSync(1, text + '\\n');`;
    const child = run(compiled.folder, imports + code, args);
    children.push(child);
    return child;
  }

  it.each([
    ['with fsync', {}],
    ['without', { dangerouslySkipFsync: true }],
  ])(
    'loses no acknowledged write to kill -9 in the middle of a burst, %s',
    async (_title, durability) => {
      const folder = join(root, 'db');
      const burst = `
      const db = await openPglite({ folder, dump, ...JSON.parse(options) });
      await migrate(db);
      await db.query('CREATE TABLE IF NOT EXISTS row (id bigint PRIMARY KEY, filler text)');
      const { rows } = await db.query('SELECT coalesce(max(id), 0) AS n FROM row');
      let n = rows[0].n;
      const store = postgresTrailStore(db);
      async function write() {
        for (;;) {
          const id = ++n;
          await db.query('INSERT INTO row VALUES ($1, $2)', [id, 'x'.repeat(300)]);
          say('row ' + id);
          await store.append(async (head) => [{ id: 'e' + id, previousHash: head, hash: 'h' + id }]);
          say('entry e' + id);
        }
      }
      await Promise.all([write(), write(), write()]);`;
      const acknowledged: string[] = [];
      for (const [round, enough] of [150, 260].entries()) {
        const child = start(burst, folder, dump, JSON.stringify(durability));
        await child.lines(enough + round);
        acknowledged.push(...(await child.kill9()));
        expect(locks(folder).length).toBe(1); // the dead one's
      }
      const db = await openPglite({ folder, ...durability });
      const { rows } = await db.query<{ id: number }>('SELECT id FROM row');
      const kept = new Set(rows.map(({ id }) => `row ${id}`));
      const entries: { id: string; hash: string; previousHash: string }[] = [];
      await postgresTrailStore(db).each((entry) => {
        entries.push(entry);
      });
      for (const { id } of entries) kept.add(`entry ${id}`);
      expect(acknowledged.length).toBeGreaterThan(400);
      expect(acknowledged.filter((line) => !kept.has(line))).toEqual([]);
      expect(entries.map(({ previousHash }) => previousHash)).toEqual([
        '0'.repeat(64),
        ...entries.slice(0, -1).map(({ hash }) => hash),
      ]);
      await db.close();
      expect(locks(folder)).toEqual([]);
    },
    120_000,
  );

  it('keeps a second process out, says who is in, and lets it in when that one was killed', async () => {
    const folder = join(root, 'db');
    const child = start(
      `await openPglite({ folder, dump }); say(String(process.pid)); setInterval(() => {}, 1000);`,
      folder,
      dump,
    );
    const [pid] = await child.lines(1);
    await expect(openPglite({ folder })).rejects.toMatchObject({
      code: 'PGLITE_LOCKED',
      message: expect.stringContaining(`in use by process ${pid}:`),
    });
    await child.kill9();
    const db = await openPglite({ folder });
    await expect(openPglite({ folder })).rejects.toMatchObject({ code: 'PGLITE_LOCKED' });
    await db.close();
  }, 120_000);

  it('begins anew when the process was killed while it made the database', async () => {
    const folder = join(root, 'db');
    const child = start(
      `await openPglite({ folder, dump }); say('open'); setInterval(() => {}, 1000);`,
      folder,
      dump,
    );
    await expect
      .poll(() => existsSync(join(folder, 'data', 'base')), { timeout: 60_000, interval: 2 })
      .toBe(true);
    await child.kill9();
    expect(existsSync(join(folder, 'incomplete'))).toBe(true);
    const db = await openPglite({ folder, dump });
    await migrate(db);
    await createTrail({ store: postgresTrailStore(db) }).append([{ event: 'sys_crash', outcome: 'failure' }]);
    expect(existsSync(join(folder, 'incomplete'))).toBe(false);
    await db.close();
  }, 120_000);
});

it('keeps what was written from one opening to the next, and starts the second from the folder', async () => {
  const folder = join(root, 'deep', 'db');
  let db = await openPglite({ folder, dump });
  await db.query('CREATE TABLE thing AS SELECT 1 AS id');
  expect(
    (await db.query("SELECT setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')")).rows,
  ).toEqual([{ setting: 'on' }, { setting: 'on' }]);
  await db.close();
  db = await openPglite({ folder, dump });
  expect((await db.query('SELECT id FROM thing')).rows).toEqual([{ id: 1 }]);
  await db.close();
});

it('makes the dump that it is told to start from when there is none, and refuses one that is none', async () => {
  const path = join(root, 'cache', 'dump.tar.gz');
  const db = await openPglite({ folder: 'memory', dump: path });
  expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await db.close();
  expect(readFileSync(path).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b])); // gzip
  expect(readdirSync(join(root, 'cache'))).toEqual(['dump.tar.gz']);
  await expect(openPglite({ folder: 'memory', dump: new Blob(['nonsense']) })).rejects.toMatchObject({
    code: 'PGLITE_UNREADABLE',
  });
}, 60_000);

it('leaves a folder alone that holds somebody else’s files', async () => {
  writeFileSync(join(root, 'photo.jpg'), 'x');
  mkdirSync(join(root, 'data'));
  writeFileSync(join(root, 'data', 'letter'), 'x');
  await expect(openPglite({ folder: root, dump })).rejects.toMatchObject({ code: 'PGLITE_UNREADABLE' });
  expect(readdirSync(root).sort()).toEqual(['data', 'photo.jpg']);
  expect(readdirSync(join(root, 'data'))).toEqual(['letter']);
});

it('refuses options that make no sense', async () => {
  for (const options of [
    '{}',
    '{"folder":""}',
    '{"folder":"postgres://x/y"}',
    '{"folder":"memory","fsync":false}',
  ]) {
    await expect(openPglite(JSON.parse(options))).rejects.toThrow(/^openPglite/);
  }
});

describe('the upkeep', () => {
  it('keeps the log short, which PGlite by itself never does', async () => {
    const { PGlite } = await import('@electric-sql/pglite');
    const raw = await PGlite.create({ loadDataDir: new Blob([readFileSync(dump)]) });
    const length = async (): Promise<number> => {
      const { rows } = await raw.query<{ n: number }>(
        'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 AS n FROM pg_control_checkpoint()',
      );
      return rows[0]?.n ?? Number.NaN;
    };
    await raw.query('CREATE TABLE filler (text text)');
    const fill = (db: Pick<Database, 'query'>): Promise<unknown> =>
      db.query("INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 200)");
    for (let i = 0; i < 64; i++) await fill(raw);
    const grown = await length();
    expect(grown).toBeGreaterThan(8_000_000);
    const kept = withUpkeep(raw, 2_000_000);
    for (let i = 0; i < 64; i++) await kept.query('SELECT 1');
    await expect.poll(length).toBeLessThan(2_000_000);
    await kept.close();
  });
});

describe('the lock of a folder', () => {
  it('is had by one of many at a time, and by the next after its release', async () => {
    const got = await Promise.allSettled(Array.from({ length: 6 }, () => lockFolder(root)));
    const held = got.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(held.length).toBeLessThan(2);
    await Promise.all(held.map((lock) => lock.release()));
    const next = await lockFolder(root);
    await next.release();
    expect(readdirSync(root)).toEqual([]);
  });

  it('is taken from a process that is gone, or whose number another one has now', async () => {
    const held = await lockFolder(root);
    const [name = ''] = locks(root);
    await held.release();
    const [, host, pid, started] = name.split('-');
    writeFileSync(join(root, `lock-${host}-4194304000-${started}-0123456789ab`), 'held');
    writeFileSync(join(root, `lock-${host}-${pid}-1-0123456789ab`), 'held');
    const lock = await lockFolder(root);
    expect(locks(root).length).toBe(1);
    await lock.release();
  });

  it('of another machine holds as long as its heart beats', async () => {
    const theirs = join(root, 'lock-0123456789abcdef-1-1-0123456789ab');
    writeFileSync(theirs, 'held');
    let beat = 0;
    const timer = setInterval(() => utimesSync(theirs, 1, ++beat), 50);
    await expect(lockFolder(root, { patience: 3_000 })).rejects.toMatchObject({ code: 'PGLITE_LOCKED' });
    clearInterval(timer);
    const lock = await lockFolder(root, { patience: 600 });
    expect(existsSync(theirs)).toBe(false);
    await lock.release();
  });
});
