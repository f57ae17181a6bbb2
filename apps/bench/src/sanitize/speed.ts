import { createSanitizer, type SanitizerPool } from '@secapi/sanitize';
import type { Part } from '../parts/part.js';
import { median, rotate, wobble } from '../stats.js';
import { share, type Table } from '../table.js';
import type { TimerPlan } from '../timer.js';
import { bareSanitizer, basicTags, commentTags, linkedText, nextTurn, plainText } from './texts.js';

interface Lane {
  readonly name: string;
  /** How many texts are asked for at once. */
  readonly atOnce: number;
  run(): Promise<unknown>;
  readonly nanos: number[];
}

/** What one text costs, beside the two libraries alone. */
export async function speedTables(pool: SanitizerPool, plan: TimerPlan): Promise<Table[]> {
  const basic = { bare: bareSanitizer(basicTags, []), options: { preset: 'basic' } } as const;
  const comment = { bare: bareSanitizer(commentTags, ['href']), options: { preset: 'comment' } } as const;
  const cases = [
    ['1 KB of paragraphs', plainText(1_024), basic],
    ['10 KB of paragraphs', plainText(10_240), basic],
    ['1 KB with links and lists', linkedText(1_024), comment],
    ['10 KB with links and lists', linkedText(10_240), comment],
  ] as const;
  const tables: Table[] = [];
  for (const [what, html, { bare, options }] of cases) {
    const here = createSanitizer({ ...options, pool: 'none' });
    const there = createSanitizer({ ...options, pool });
    const bareInTurn = async (): Promise<string> => {
      await nextTurn();
      return bare(html);
    };
    const lanes: Lane[] = [
      { name: 'dompurify + jsdom', atOnce: 1, run: bareInTurn, nanos: [] },
      { name: 'secapi, on this thread', atOnce: 1, run: () => here.sanitize(html), nanos: [] },
      { name: 'secapi, in a pool', atOnce: 1, run: () => there.sanitize(html), nanos: [] },
      { name: 'secapi, in a pool, eight at once', atOnce: 8, run: () => there.sanitize(html), nanos: [] },
    ];
    await measure(lanes, html.length, plan);
    tables.push(tableOf(`sanitize ${what}`, lanes));
  }
  return tables;
}

async function measure(lanes: readonly Lane[], length: number, { rounds, milliseconds }: TimerPlan) {
  // some 3 ms a kilobyte
  const times = Math.max(1, Math.round((milliseconds * 4) / (length / 300) / 8)) * 8;
  for (let round = -3; round < rounds; round++) {
    for (const lane of rotate(lanes, round + lanes.length)) {
      const before = process.cpuUsage();
      for (let i = 0; i < times; i += lane.atOnce) {
        await Promise.all(Array.from({ length: lane.atOnce }, lane.run));
      }
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) lane.nanos.push(((user + system) * 1_000) / times); // the first rounds warm up
    }
  }
}

function tableOf(title: string, lanes: readonly Lane[]): Table {
  const first = median(lanes[0]?.nanos ?? []);
  return {
    title,
    note: 'Processor time of the process, threads included. dompurify and jsdom: one window, each text in a turn of its own, since only between turns jsdom frees what it held. secapi besides bounds depth, treats links, and makes sure that the result is stable.',
    head: ['who', 'a text', 'against the first', 'wobble'],
    rows: lanes.map(({ name, nanos }) => [
      name,
      `${(median(nanos) / 1e6).toFixed(2)} ms`,
      `${share(median(nanos) / first)}×`,
      `±${(wobble(nanos) * 100).toFixed(0)}%`,
    ]),
  };
}

export function textPart(pool: SanitizerPool): Part {
  const { sanitize } = createSanitizer({ pool });
  const texts = [256, 1_024, 10_240].map((bytes) => 'Words & more words > none. '.repeat(bytes / 27));
  return {
    title: 'text without markup',
    note: 'It needs no engine, and starts none.',
    contenders: texts.map((text) => ({
      name: `secapi, ${text.length.toLocaleString('en')} bytes`,
      inFlight: 1,
      run: () => sanitize(text),
    })),
  };
}
