import { share, type Table } from '../table.js';
import { type Mix, mixes, titles } from './requests.js';
import type { Cell, EndToEnd } from './run.js';
import type { Framework, Stack } from './stack.js';

type Measure = (cell: Cell) => number;

const byRate: Measure = ({ perSecond }) => perSecond;
const byProcessor: Measure = ({ micros }) => 1_000_000 / micros;

/** What came out, as shares of the bare framework. */
export function endToEndTables({ plan, cores, cells }: EndToEnd): Table[] {
  const where = cores
    ? `server on core ${cores.server}, load on core ${cores.load}`
    : 'NOT pinned: server and load may have shared a core';
  const note = `Requests a second as shares of the bare framework's, medians of ${plan.rounds} interleaved rounds of ${plan.milliseconds} ms; ${plan.connections} connections; ${where}.`;
  const many = `${plan.manyTokens} tokens in turn.`;
  const notes: Readonly<Record<Mix, string>> = {
    get: note,
    post: note,
    'get-many': `${note} ${many}`,
    hostile: `${note} Of eight requests one has a forged token, one a garbled token, one an unknown key in its body, and one comes from a page of another origin, which the peers' CORS lets be done. secapi also logs each refusal and chains it in the trail; the peers do neither. The forged tokens are as many as the many tokens, in turn: the 20,000 that fast-jwt remembers (tuned, on Fastify) hold them all, the 1,000 of secapi don't.`,
  };
  return mixes.flatMap((mix) => [
    tableOf(plan.frameworks, cells, mix, titles[mix], notes[mix], byRate),
    tableOf(
      plan.frameworks,
      cells,
      mix,
      `${titles[mix]}: by processor time`,
      "The same by the server's processor time for one answer: right even where the load was the bottleneck.",
      byProcessor,
    ),
  ]);
}

function tableOf(
  frameworks: readonly Framework[],
  cells: readonly Cell[],
  mix: Mix,
  title: string,
  note: string,
  measure: Measure,
): Table {
  const of = (framework: Framework, stack: Stack): Cell | undefined =>
    cells.find((cell) => cell.framework === framework && cell.stack === stack && cell.mix === mix);
  const value = (framework: Framework, stack: Stack): number => {
    const cell = of(framework, stack);
    return cell ? measure(cell) : Number.NaN;
  };
  const rows = frameworks.map((framework) => {
    const bare = value(framework, 'bare');
    const secapi = value(framework, 'secapi');
    const tuned = value(framework, 'tuned');
    return [
      framework,
      `${bare.toFixed(0)}/s`,
      share(value(framework, 'floor') / bare),
      share(value(framework, 'written') / bare),
      share(tuned / bare),
      share(secapi / bare),
      share(value(framework, 'secapi-hs256') / bare),
      `${share(secapi / tuned)}×`,
      `${share(secapi / value(framework, 'written'))}×`,
      share(of(framework, 'bare')?.busy ?? Number.NaN),
      `±${((of(framework, 'secapi')?.wobble ?? Number.NaN) * 100).toFixed(0)}%`,
    ];
  });
  const head = [
    'framework',
    'bare',
    'floor',
    'as written',
    'tuned',
    'secapi',
    'secapi, HS256',
    'against tuned',
    'against as written',
    'core busy, bare',
    'wobble',
  ];
  return { title, note, head, rows };
}
