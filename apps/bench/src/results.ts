import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EndToEnd } from './e2e/run.js';
import { type Table, toMarkdown } from './table.js';

/** A whole run. */
export interface Run {
  readonly started: Date;
  readonly form: 'quick' | 'full';
  readonly measured: EndToEnd | undefined;
  readonly tables: readonly Table[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), '../results');

/** Keeps a whole run's figures beside the bench, for people and for programs. */
export async function writeResults({ started, form, measured, tables }: Run): Promise<void> {
  const intro = introOf('What secapi costs', `A ${form} run of \`npm run bench\``, started);
  const limits =
    'Limits have figures of their own, with Redis and a million keys: [limit.md](limit.md).\n\n![](limit.svg)\n';
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'latest.md'), `${intro}\n${limits}\n${tables.map(toMarkdown).join('\n')}`);
  await writeJson('latest.json', { started, form, machine: machineNow(), measured, tables });
}

/** Keeps what a run of one part found, with its picture. */
export async function writePart(
  name: 'limit' | 'sanitize',
  title: string,
  run: { readonly started: Date; readonly tables: readonly Table[]; readonly plots: string },
): Promise<void> {
  const { started, tables, plots } = run;
  const intro = introOf(title, `A run of \`npm run bench -- ${name}\``, started);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.svg`), plots);
  await writeFile(
    join(folder, `${name}.md`),
    `${intro}\n![](${name}.svg)\n\n${tables.map(toMarkdown).join('\n')}`,
  );
  await writeJson(`${name}.json`, { started, machine: machineNow(), tables });
}

function introOf(title: string, what: string, started: Date): string {
  const { node, cores, processor, loadAverage } = machineNow();
  return [
    `# ${title}`,
    '',
    `${what}, ${started.toISOString()}; Node ${node.slice(1)} on ${cores} × ${processor}, load average ${loadAverage?.toFixed(1)} at the end.`,
    'Figures are ratios of medians from interleaved rounds in rotated order; between machines compare the ratios only.',
    '',
  ].join('\n');
}

function machineNow() {
  return {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    loadAverage: loadavg()[0],
  };
}

function writeJson(name: string, data: unknown): Promise<void> {
  return writeFile(join(folder, name), `${JSON.stringify(data, undefined, 2)}\n`);
}
