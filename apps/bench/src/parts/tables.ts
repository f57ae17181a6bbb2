import { share, type Table, time } from '../table.js';
import { compare, type TimerPlan } from '../timer.js';
import type { Part } from './part.js';

/** Times parts, one after the other. */
export async function partTablesOf(parts: readonly Part[], plan: TimerPlan): Promise<Table[]> {
  const tables: Table[] = [];
  for (const { title, note, contenders, perSecond = false } of parts) {
    const timings = await compare(contenders, plan);
    const first = timings[0]?.nanos ?? Number.NaN;
    tables.push({
      title,
      ...(note ? { note } : {}),
      head: ['who', perSecond ? 'a second' : 'one call', 'against the first', 'wobble'],
      rows: timings.map(({ name, nanos, wobble }) => [
        name,
        perSecond ? rate(nanos) : time(nanos),
        `${share(perSecond ? first / nanos : nanos / first)}×`,
        `±${(wobble * 100).toFixed(0)}%`,
      ]),
    });
  }
  return tables;
}

function rate(nanos: number): string {
  const thousands = 1e6 / nanos;
  return thousands < 1_000 ? `${thousands.toFixed(1)} k` : `${(thousands / 1_000).toFixed(2)} M`;
}
