import { time } from '../table.js';
import type { Accuracy } from './accuracy.js';
import type { Filled } from './fill.js';
import type { Growth } from './growth.js';
import { bars, type Line, lines, picture } from './svg.js';

/** How counting in memory grows, and how exact the algorithms are, in one picture. */
export function limitPlots(grown: readonly Growth[], found: readonly Accuracy[]): string {
  const names = [...new Set(grown.map((one) => one.name))];
  const linesOf = (of: (filled: Filled) => number): Line[] =>
    names.map((name) => ({
      name: name.replace(/,.*/, ''),
      points: grown.filter((one) => one.name === name).map(({ keys, filled }) => [keys, of(filled)] as const),
    }));
  const panel = { y: 50, width: 300, height: 240 };
  const nanos = linesOf((filled) => filled.nanos);
  const bytes = linesOf((filled) => filled.bytesPerKey);
  return picture(1_060, 640, 'Limits in memory: growth and accuracy', [
    ...lines({ ...panel, x: 60 }, 'a decision of the store, by keys in memory', nanos, time),
    ...lines({ ...panel, x: 580 }, 'memory, by keys in memory', bytes, (size) => `${size} B`),
    ...bars(
      { x: 220, y: 440, width: 560, height: 180 },
      'ten minutes of bursty traffic against a limit of 30 a minute',
      ['let through, though the limit was used up', 'refused, though there was room'],
      found.map(({ name, tooMany, tooFew }) => ({ name, shares: [tooMany, tooFew] as const })),
    ),
  ]);
}
