import { createSanitizerPool } from '@secapi/sanitize';
import { partTablesOf } from '../parts/tables.js';
import type { Table } from '../table.js';
import type { TimerPlan } from '../timer.js';
import { delayTable } from './delay.js';
import { memoryOver } from './memory.js';
import { speedTables, textPart } from './speed.js';

/** What sanitizing costs, and what it does not do to the process. */
export interface SanitizeRun {
  readonly tables: readonly Table[];
  readonly plots: string;
}

/** @param calls how many texts the memory is looked at over */
export async function sanitizeRun(plan: TimerPlan, calls: number): Promise<SanitizeRun> {
  const delay = await delayTable();
  const pool = createSanitizerPool({ workers: 2, timeLimit: '60s' });
  await pool.load();
  const speed = await speedTables(pool, plan);
  const text = await partTablesOf([textPart(pool)], plan);
  await pool.close();
  const { table, plots } = await memoryOver(calls);
  return { tables: [...speed, ...text, delay, table], plots };
}
