import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pin } from './e2e/cores.js';
import { load } from './e2e/load.js';
import { type Mix, requestsOf } from './e2e/requests.js';
import { startServer } from './e2e/server-process.js';
import type { Framework, Stack } from './e2e/stack.js';
import { verify } from './e2e/verify.js';
import { createTokens, createWorld } from './e2e/world.js';
import { type Table, toMarkdown } from './table.js';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
}

/** Puts a server under load with V8's profiler on, and prints where its time goes: by package, by function, by line. */
export async function profile(framework: Framework, stack: Stack, mix: Mix): Promise<void> {
  const cores = pin();
  const world = await createWorld();
  const tokens = await createTokens(stack === 'secapi' ? world.pair : world.hmac, 1_000);
  const folder = await mkdtemp(join(tmpdir(), 'secapi-profile-'));
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=150'];
  const server = await startServer(framework, stack, world, cores, flags);
  await verify(server, tokens);
  const requests = requestsOf(mix, stack, tokens);
  await load(server.port, requests, { connections: 50, milliseconds: 8_000 });
  await server.stop();
  for (const name of await readdir(folder)) {
    const found = JSON.parse(await readFile(join(folder, name), 'utf8')) as Profile;
    for (const table of tablesOf(found, `${framework}, ${stack}, ${mix}`)) console.log(toMarkdown(table));
  }
  await rm(folder, { recursive: true });
}

function tablesOf({ nodes, samples }: Profile, what: string): Table[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groups = new Map<string, number>();
  const functions = new Map<string, number>();
  const lines = new Map<string, number>();
  let total = 0;
  for (const id of samples) {
    const node = byId.get(id);
    if (!node || node.callFrame.functionName === '(idle)') continue;
    const { functionName, url, lineNumber } = node.callFrame;
    const file = fileOf(url);
    total++;
    add(groups, groupOf(file, functionName), 1);
    add(functions, `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`, 1);
  }
  for (const { callFrame, positionTicks = [] } of nodes) {
    const file = fileOf(callFrame.url);
    if (!file.includes('packages/')) continue;
    for (const { line, ticks } of positionTicks)
      add(lines, `${file}:${line} in ${callFrame.functionName}`, ticks);
  }
  const inclusive = totalsOf(nodes, samples);
  const top = (map: ReadonlyMap<string, number>, count: number): string[][] =>
    [...map]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([name, hits]) => [name, `${((hits / total) * 100).toFixed(1)}%`]);
  const ours = new Map([...functions].filter(([name]) => name.includes('packages/')));
  return [
    { title: `${what}: self time by package`, head: ['package', 'share'], rows: top(groups, 20) },
    {
      title: `${what}: functions of secapi with all that they call`,
      head: ['function', 'share'],
      rows: top(inclusive, 40),
    },
    { title: `${what}: functions of secapi`, head: ['function', 'share'], rows: top(ours, 40) },
    { title: `${what}: lines of secapi`, head: ['line', 'share'], rows: top(lines, 40) },
    { title: `${what}: all functions`, head: ['function', 'share'], rows: top(functions, 40) },
  ];
}

/** Samples in a function of secapi or below it; one that calls itself counts once. */
function totalsOf(nodes: readonly ProfileNode[], samples: readonly number[]): Map<string, number> {
  const hits = new Map<number, number>();
  for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1);
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const totals = new Map<string, number>();
  for (const [id, count] of hits) {
    const seen = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame;
      const file = fileOf(frame?.url ?? '');
      if (frame && file.startsWith('packages/'))
        seen.add(`${frame.functionName || '(anonymous)'} ${file}:${frame.lineNumber + 1}`);
    }
    for (const name of seen) add(totals, name, count);
  }
  return totals;
}

function add(map: Map<string, number>, key: string, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}

function fileOf(url: string): string {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  return path.replace(/^.*node_modules\/(?=.)/, '').replace(/^.*\/(?=(?:packages|apps)\/)/, '');
}

function groupOf(file: string, name: string): string {
  if (file === '') return name.startsWith('(') ? name : 'native';
  if (file.startsWith('node:')) return 'node';
  const parts = file.split('/');
  if (parts[0] === 'packages') return parts.slice(0, parts.indexOf('dist')).join('/');
  return parts[0]?.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? file);
}
