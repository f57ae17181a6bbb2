import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeTour } from '../src/tour.js';

const api = join(import.meta.dirname, '../../reference-api/dist/index.js');

const hasCurl = spawnSync('sh', ['-c', 'command -v curl']).status === 0;

async function tour(
  url: string,
  outbox = 'nowhere',
  patience = 100,
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(...line.split('\n'));
  const code = await takeTour({
    url,
    outbox,
    patience,
    write,
    colour: false,
    columns: Number.POSITIVE_INFINITY,
  });
  return { code, lines };
}

async function serving<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await use(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('against the real API with its default limits', () => {
  let folder: string;
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tour-'));
    const { API_LIMIT: _a, LOGIN_LIMIT: _l, MAIL_OUTBOX: _m, REDIS_URL: _r, ...env } = process.env;
    child = spawn(process.execPath, [api], {
      cwd: folder,
      env: { ...env, NODE_ENV: 'development', PORT: '0', DATABASE_URL: 'memory:' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise<never>((_, reject) =>
      child.once('exit', (code) => reject(new Error(`the API ended with ${code}`))),
    );
    const ready = new Promise<string>((resolve) => {
      if (!child.stdout) return;
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^listening on (http:\S+)/.exec(line)?.[1];
        if (found) resolve(found);
      });
    });
    url = await Promise.race([ready, exited]);
    exited.catch(() => {});
  });

  afterAll(async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true });
  });

  it('passes twice in a row, and every attack is stopped', async () => {
    for (const _ of [1, 2]) {
      const { code, lines } = await tour(url, join(folder, '.data/outbox'), 10_000);
      expect(lines.filter((line) => line.startsWith('✗'))).toEqual([]);
      expect(code).toBe(0);
      expect(lines.filter((line) => line.startsWith('✓ attack')).length).toBeGreaterThanOrEqual(16);
      const requests = lines.map((line) => /(\d+) requests in/.exec(line)?.[1]).find(Boolean);
      expect(Number(requests)).toBeLessThan(45);
      // No cell is wider than its column: the answers stand below each other.
      const answers = lines
        .filter((line) => /^[✓✗] /.test(line))
        .map((line) => line.search(/ {2}\d{3}( |$)/));
      expect(new Set(answers).size).toBe(1);
    }
  });

  it.runIf(hasCurl)("takes the README's first requests as they are written", async () => {
    const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const commands = /## A first request\n\n```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    expect(commands).toContain('api=http://127.0.0.1:3000');
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-c', commands.replace('http://127.0.0.1:3000', url)],
      {
        cwd: folder,
      },
    );
    expect(JSON.parse(stdout.slice(stdout.lastIndexOf('{')))).toEqual({
      id: expect.any(String),
      email: 'ada@example.com',
      name: 'Ada',
      role: 'user',
      emailVerified: true,
    });
  });

  it('ends with 2 and says where to look when the mail is not in that folder', async () => {
    const { code, lines } = await tour(url, join(folder, 'another'));
    expect([code, lines.join('\n')]).toEqual([2, expect.stringContaining('--outbox <folder>')]);
  });
});

it('says how to start the API when nothing answers', async () => {
  const closed = await serving(
    () => {},
    async (url) => url,
  );
  const { code, lines } = await tour(closed);
  expect([code, lines.join('\n')]).toEqual([2, expect.stringMatching(/Nothing answers[\s\S]*npm start/)]);
});

it('ends with 1 and names the guards when an API lets everything through', async () => {
  const open: RequestListener = (request, response) => {
    request.resume();
    response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
  };
  const { code, lines } = await serving(open, (url) => tour(url));
  expect(code).toBe(1);
  expect(lines.filter((line) => line.includes('A guard gave way')).length).toBe(4);
});

it('says plainly that a limit stopped it, which is no guard giving way', async () => {
  const limited: RequestListener = (_request, response) => {
    response.writeHead(429, { 'retry-after': '840' }).end('{"code":"RATE_LIMITED"}');
  };
  const { code, lines } = await serving(limited, (url) => tour(url));
  expect([code, lines.join('\n')]).toEqual([2, expect.stringMatching(/own limit[\s\S]*840 s/)]);
  expect(lines.join('\n')).not.toContain('gave way:');
});
