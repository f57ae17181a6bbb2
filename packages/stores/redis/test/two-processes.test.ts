import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from '@secapi/tokens';
import { build } from 'tsup';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Order, Report } from './processes/revocations.js';
import { describeWithRedis } from './support.js';

const root = join(import.meta.dirname, '../../../..');
const sources = {
  kernel: 'packages/kernel',
  tokens: 'packages/primitives/tokens',
  accounts: 'packages/primitives/accounts',
  'rate-limit': 'packages/primitives/rate-limit',
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
    noExternal: [/.*/],
    silent: true,
    esbuildOptions(options) {
      options.alias = Object.fromEntries(
        Object.entries(sources).map(([name, path]) => [`@secapi/${name}`, join(root, path, 'src/index.ts')]),
      );
    },
  });
  return join(folder, 'process.cjs');
}

describeWithRedis('revocations in two processes', (bench) => {
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    const file = await bundle();
    for (let i = 0; i < 2; i++) children.push(fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  }, 60_000);
  afterAll(() => {
    for (const child of children) child.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('hold in the other one within a second, for a token that it has just let through', async () => {
    const [here, there] = children;
    if (!here || !there) throw new Error('no processes');
    const jwk = await generateKey();
    for (const child of children) await tell(child, { do: 'start', url: bench.server.url, jwk });
    for (const [kind, id] of [
      ['session', 'session-1'],
      ['subject', 'ann'],
    ] as const) {
      await bench.server.admin.flushall();
      const { token = '' } = await tell(here, { do: 'issue' });
      const watching = await tell(there, { do: 'watch', token });
      expect(watching.first).toMatchObject({ ok: true });
      const refused = next(there);
      const at = Date.now();
      const revoked = await tell(here, { do: 'revoke', entry: { kind, id, at, until: at + 900_000 } });
      const { at: refusedAt, last } = await refused;
      expect(last).toEqual({ ok: false, reason: 'revoked' });
      expect(refusedAt - revoked.at).toBeLessThan(1_000);
      expect((await tell(there, { do: 'watch', token })).first).toEqual({ ok: false, reason: 'revoked' });
    }
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
