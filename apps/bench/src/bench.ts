import { type EndToEnd, type EndToEndPlan, endToEnd } from './e2e/run.js';
import { frameworks, isFramework } from './e2e/stack.js';
import { endToEndTables } from './e2e/tables.js';
import { guardTables } from './guards/run.js';
import { limitRun } from './limit/run.js';
import { inputTables, partTables } from './parts/run.js';
import { writePart, writeResults } from './results.js';
import { sanitizeRun } from './sanitize/run.js';
import { type Table, toMarkdown } from './table.js';
import type { TimerPlan } from './timer.js';

const parts = ['e2e', 'guards', 'parts', 'input', 'limit', 'sanitize'] as const;

const full: { e2e: EndToEndPlan; timer: TimerPlan; fills: number; texts: number } = {
  e2e: { connections: 50, rounds: 9, warmUp: 2_000, milliseconds: 2_000, manyTokens: 10_000, frameworks },
  timer: { rounds: 15, milliseconds: 100 },
  fills: 3,
  texts: 100_000,
};
const quick: typeof full = {
  e2e: { connections: 50, rounds: 4, warmUp: 1_500, milliseconds: 400, manyTokens: 1_000, frameworks },
  timer: { rounds: 5, milliseconds: 20 },
  fills: 1,
  texts: 10_000,
};

/** Runs what was asked for, prints its tables and keeps a whole run's results. */
export async function bench(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => arg !== 'quick' && !isFramework(arg));
  const unknown = names.find((name) => !parts.some((part) => part === name));
  if (unknown !== undefined) {
    console.error(`usage: npm run bench -- [quick] [express|fastify|koa] [${parts.join('] [')}]`);
    console.error('       npm run bench -- profile express|fastify|koa [stack] [get|post|get-many|hostile]');
    process.exitCode = 64;
    return;
  }
  const plan = args.includes('quick') ? quick : full;
  const only = args.filter(isFramework);
  const whole = names.length === 0 && only.length === 0;
  const wants = (part: (typeof parts)[number]): boolean =>
    names.includes(part) ||
    (whole && part !== 'limit' && part !== 'input' && part !== 'sanitize') ||
    (names.length === 0 && part === 'e2e');
  const started = new Date();
  const tables: Table[] = [];
  const show = (more: readonly Table[]): void => {
    for (const table of more) console.log(toMarkdown(table));
    tables.push(...more);
  };
  let measured: EndToEnd | undefined;
  if (wants('e2e')) {
    measured = await endToEnd({ ...plan.e2e, ...(only.length > 0 ? { frameworks: only } : {}) }, (line) =>
      console.error(line),
    );
    show(endToEndTables(measured));
  }
  if (wants('guards')) show(await guardTables(plan.timer));
  if (wants('parts')) show(await partTables(plan.timer));
  if (wants('input') && !wants('parts')) show(await inputTables(plan.timer));
  if (names.includes('limit')) {
    const limits = await limitRun(plan.timer, plan.fills);
    show(limits.tables);
    if (plan === full) await writePart('limit', 'What limits cost', { started, ...limits });
  }
  if (names.includes('sanitize')) {
    const sanitizing = await sanitizeRun(plan.timer, plan.texts);
    show(sanitizing.tables);
    if (plan === full) await writePart('sanitize', 'What sanitizing costs', { started, ...sanitizing });
  }
  if (whole) await writeResults({ started, form: plan === quick ? 'quick' : 'full', measured, tables });
}
