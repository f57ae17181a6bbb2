import { share, type Table, time } from '../table.js';
import { compare, type TimerPlan } from '../timer.js';
import { dataParts } from './data.js';
import { headerParts } from './headers.js';
import { limitPart } from './limits.js';
import type { Part } from './part.js';
import { tokenParts } from './tokens.js';

/** Each part beside its peers. */
export async function partTables(plan: TimerPlan): Promise<Table[]> {
  return tablesOf([...(await tokenParts()), limitPart(10_000), ...headerParts(), ...dataParts()], plan);
}

/** How counting grows with the number of keys. */
export async function limitTables(plan: TimerPlan): Promise<Table[]> {
  return tablesOf([1_000, 10_000, 100_000, 1_000_000].map(limitPart), plan);
}

async function tablesOf(parts: readonly Part[], plan: TimerPlan): Promise<Table[]> {
  const tables: Table[] = [];
  for (const { title, note, contenders } of parts) {
    const timings = await compare(contenders, plan);
    const first = timings[0]?.nanos ?? Number.NaN;
    tables.push({
      title,
      ...(note ? { note } : {}),
      head: ['who', 'one call', 'against the first', 'wobble'],
      rows: timings.map(({ name, nanos, wobble }) => [
        name,
        time(nanos),
        `${share(nanos / first)}×`,
        `±${(wobble * 100).toFixed(0)}%`,
      ]),
    });
  }
  return tables;
}
