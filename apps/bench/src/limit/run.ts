import { partTablesOf } from '../parts/tables.js';
import type { Table } from '../table.js';
import type { TimerPlan } from '../timer.js';
import { accuracy, accuracyTable } from './accuracy.js';
import { growth, growthTables } from './growth.js';
import { memoryParts } from './memory.js';
import { limitPlots } from './plots.js';
import { redisTables } from './redis.js';

/** How limits do in memory and in Redis. */
export interface LimitRun {
  readonly tables: readonly Table[];
  readonly plots: string;
}

/** @param fills how often each memory is filled */
export async function limitRun(plan: TimerPlan, fills: number): Promise<LimitRun> {
  const memory = await partTablesOf(memoryParts(10_000), plan);
  const redis = await redisTables(plan);
  const grown = await growth(fills);
  const found = accuracy();
  return {
    tables: [...memory, ...growthTables(grown), ...redis, accuracyTable(found)],
    plots: limitPlots(grown, found),
  };
}
