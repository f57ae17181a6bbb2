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
  const machine = {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    loadAverage: loadavg()[0],
  };
  const intro = [
    '# What secapi costs',
    '',
    `A ${form} run of \`npm run bench\`, ${started.toISOString()}; Node ${machine.node.slice(1)} on ${machine.cores} × ${machine.processor}.`,
    'Figures are ratios of medians from interleaved rounds in rotated order; between machines compare the ratios only.',
    '',
  ].join('\n');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'latest.md'), `${intro}\n${tables.map(toMarkdown).join('\n')}`);
  const data = { started: started.toISOString(), form, machine, measured, tables };
  await writeFile(join(folder, 'latest.json'), `${JSON.stringify(data, undefined, 2)}\n`);
}
