import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createSanitizer } from '@secapi/sanitize';
import { type Line, lines, picture } from '../limit/svg.js';
import type { Table } from '../table.js';
import { bareSanitizer, basicTags, nextTurn, shortText } from './texts.js';

/** Who sanitizes a hundred texts that came at once. */
const keepers = {
  'dompurify + jsdom'() {
    const bare = bareSanitizer(basicTags, []);
    return (texts: readonly string[]) => {
      for (const text of texts) bare(text);
    };
  },
  'secapi, on this thread'() {
    const { sanitize } = createSanitizer({ pool: 'none' });
    return (texts: readonly string[]) => Promise.all(texts.map((text) => sanitize(text)));
  },
  'secapi, in a pool'() {
    const { sanitize } = createSanitizer();
    return (texts: readonly string[]) => Promise.all(texts.map((text) => sanitize(text)));
  },
} as const satisfies Record<string, () => (texts: readonly string[]) => unknown>;

type KeeperName = keyof typeof keepers;

/** What a process held after so many texts. */
export interface Held {
  readonly calls: number;
  /** Objects of its own thread, collected, in MB. */
  readonly heap: number;
  /** All of its memory, threads included, in MB. */
  readonly resident: number;
}

const atOnce = 100;

export function isKeeper(name: string | undefined): name is KeeperName {
  return name !== undefined && Object.hasOwn(keepers, name);
}

/** Sanitizes so many texts in a process that does nothing else, and looks at its memory ever more rarely. */
export async function keep(name: KeeperName, calls: number): Promise<Held[]> {
  const sanitizeAll = keepers[name]();
  const looks = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1].map((share) => Math.round(share * calls));
  const held: Held[] = [];
  for (let done = 0; done < calls; ) {
    const texts = Array.from({ length: atOnce }, (_, i) => `${shortText}${done + i}`);
    await sanitizeAll(texts);
    await nextTurn();
    done += atOnce;
    if (looks.includes(done)) held.push({ calls: done, ...(await memory()) });
  }
  return held;
}

async function memory(): Promise<Pick<Held, 'heap' | 'resident'>> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await nextTurn();
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 1_048_576, resident: rss / 1_048_576 };
}

/** What everybody's process holds over so many texts. */
export async function memoryOver(calls: number): Promise<{ table: Table; plots: string }> {
  const names = Object.keys(keepers) as KeeperName[]; // an object has the keys that its type names
  const all = new Map<KeeperName, Held[]>();
  for (const name of names) {
    const args = ['--expose-gc', process.argv[1] ?? '', 'keep', name, String(calls)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    all.set(name, JSON.parse(stdout) as Held[]);
  }
  return { table: tableOf(all), plots: plotsOf(all) };
}

function tableOf(all: ReadonlyMap<KeeperName, readonly Held[]>): Table {
  const counts = all.get('secapi, in a pool')?.map(({ calls }) => calls) ?? [];
  const mb = (of: (held: Held) => number, held: readonly Held[]): string[] =>
    held.map((one) => of(one).toFixed(0));
  return {
    title: 'memory over many texts, in MB',
    note: 'Short texts, a hundred at a time, in a process of its own. The heap is what the main thread still holds once its garbage is collected; resident is all memory of the process, threads included.',
    head: ['who', ...counts.map((count) => count.toLocaleString('en'))],
    rows: [...all].flatMap(([name, held]) => [
      [`${name}: heap`, ...mb((one) => one.heap, held)],
      [`${name}: resident`, ...mb((one) => one.resident, held)],
    ]),
  };
}

function plotsOf(all: ReadonlyMap<KeeperName, readonly Held[]>): string {
  const linesOf = (of: (held: Held) => number): Line[] =>
    [...all].map(([name, held]) => ({ name, points: held.map((one) => [one.calls, of(one)] as const) }));
  const panel = { y: 50, width: 320, height: 260 };
  const tick = (size: number): string => `${size} MB`;
  return picture(1_160, 360, 'Memory over many sanitized texts', [
    ...lines(
      { ...panel, x: 70 },
      'heap of the main thread, by texts',
      linesOf((one) => one.heap),
      tick,
    ),
    ...lines(
      { ...panel, x: 650 },
      'resident memory, by texts',
      linesOf((one) => one.resident),
      tick,
    ),
  ]);
}
