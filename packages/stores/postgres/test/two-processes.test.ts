import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from '@secapi/tokens';
import pg from 'pg';
import { build } from 'tsup';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromPg, migrate } from '../src/index.js';
import { onServer } from './databases.js';
import type { Order, Report } from './processes/revocations.js';

const root = join(import.meta.dirname, '../../../..');
const sources = {
  kernel: 'packages/kernel',
  tokens: 'packages/primitives/tokens',
  accounts: 'packages/primitives/accounts',
  audit: 'packages/primitives/audit',
};
const folder = mkdtempSync(join(tmpdir(), 'secapi-processes-'));

/** Node runs no TypeScript, and packages name their built files: so the process is bundled from the sources, as the tests import them. */
async function bundle(): Promise<string> {
  await build({
    config: false,
    entry: { process: join(import.meta.dirname, 'processes/revocations.ts') },
    outDir: folder,
    format: 'cjs',
    outExtension: () => ({ js: '.cjs' }),
    target: 'node20',
    noExternal: [/^(?!pg-native$)/],
    external: ['pg-native'],
    silent: true,
    esbuildOptions(options) {
      options.alias = Object.fromEntries(
        Object.entries(sources).map(([name, path]) => [`@secapi/${name}`, join(root, path, 'src/index.ts')]),
      );
    },
  });
  return join(folder, 'process.cjs');
}

onServer((_test, { url }) => {
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    const db = fromPg(new pg.Pool({ connectionString: url, max: 1 }));
    await migrate(db);
    await db.close();
    const file = await bundle();
    const jwk = await generateKey();
    for (let i = 0; i < 2; i++) {
      const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      children.push(child);
      await tell(child, { do: 'start', url, jwk });
    }
  });
  afterAll(() => {
    for (const child of children) child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const both = (): [ChildProcess, ChildProcess] => {
    const [here, there] = children;
    if (!here || !there) throw new Error('no processes');
    return [here, there];
  };

  it.each(['session', 'subject'] as const)(
    'a revoked %s is refused within a second by a process that has just let its token through',
    async (kind) => {
      const [here, there] = both();
      const { token = '', session = '' } = await tell(here, { do: 'login' });
      const watching = await tell(there, { do: 'watch', token });
      expect(watching.first).toMatchObject({ ok: true });
      const refused = next(there);
      const at = Date.now();
      const entry = { kind, id: kind === 'session' ? session : 'ann', at, until: at + 900_000 };
      const revoked = await tell(here, { do: 'revoke', entry });
      const { at: refusedAt, last } = await refused;
      expect(last).toEqual({ ok: false, reason: 'revoked' });
      expect(refusedAt - revoked.at).toBeLessThan(1_000);
      expect((await tell(there, { do: 'watch', token })).first).toEqual({ ok: false, reason: 'revoked' });
    },
  );

  it('a session that one process ended is refreshed by no other from that moment on', async () => {
    const [here, there] = both();
    const { refreshToken = '', session = '' } = await tell(here, { do: 'login' });
    const { refreshed } = await tell(there, { do: 'refresh', refreshToken });
    if (!refreshed?.ok) throw new Error('an honest client was refused');
    await tell(here, { do: 'logout', session });
    const after = await tell(there, { do: 'refresh', refreshToken: refreshed.token });
    expect(after.refreshed).toMatchObject({ ok: false, reason: 'revoked' });
  });
});

async function tell(child: ChildProcess, order: Order): Promise<Report> {
  const answer = next(child);
  child.send(order);
  return answer;
}

/** The next report of a process; its end is an error, so that no test waits for one that is gone. */
async function next(child: ChildProcess): Promise<Report> {
  const stop = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: stop.signal }).then(([report]) => report as Report), // the process sends nothing else
      once(child, 'exit', { signal: stop.signal }).then(() => Promise.reject(new Error('the process ended'))),
    ]);
  } finally {
    stop.abort();
  }
}
