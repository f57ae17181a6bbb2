import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median, rotate } from '../stats.js';
import { type Table, time } from '../table.js';
import { type Filled, type FillerName, fillers } from './fill.js';

/** How one grows with its keys: medians. */
export interface Growth {
  readonly name: FillerName;
  readonly keys: number;
  readonly filled: Filled;
}

const sizes = [1_000, 10_000, 100_000, 1_000_000];

/** Fills everybody with a thousand to a million keys, each time in a process of its own. */
export async function growth(rounds: number): Promise<Growth[]> {
  const names = Object.keys(fillers) as FillerName[]; // an object has the keys that its type names
  const cases = sizes.flatMap((keys) => names.map((name) => ({ name, keys, all: [] as Filled[] })));
  for (let round = 0; round < rounds; round++) {
    for (const { name, keys, all } of rotate(cases, round)) all.push(await inProcess(name, keys));
  }
  return cases.map(({ name, keys, all }) => {
    const middle = (of: (one: Filled) => number): number => median(all.map(of));
    const filled: Filled = {
      startMs: middle((one) => one.startMs),
      stallMs: middle((one) => one.stallMs),
      bytesPerKey: middle((one) => one.bytesPerKey),
      nanos: middle((one) => one.nanos),
    };
    return { name, keys, filled };
  });
}

async function inProcess(name: FillerName, keys: number): Promise<Filled> {
  const args = ['--expose-gc', process.argv[1] ?? '', 'fill', name, String(keys)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Filled;
}

export function growthTables(grown: readonly Growth[]): Table[] {
  return sizes.toReversed().map((keys) => ({
    title: `${keys.toLocaleString('en')} keys in memory`,
    note: 'Filled in a process of its own. secapi allocates its table when it is made, for as many keys; the peers have no bound. The longest stall is the longest time from one new key to the next; a decision is on a key that is there.',
    head: ['who', 'bytes a key', 'longest stall', 'a decision', 'made in'],
    rows: grown
      .filter((one) => one.keys === keys)
      .map(({ name, filled }) => [
        name,
        filled.bytesPerKey.toFixed(0),
        `${filled.stallMs.toFixed(1)} ms`,
        time(filled.nanos),
        `${filled.startMs.toFixed(1)} ms`,
      ]),
  }));
}
