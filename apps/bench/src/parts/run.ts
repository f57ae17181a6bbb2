import { memoryParts } from '../limit/memory.js';
import type { Table } from '../table.js';
import type { TimerPlan } from '../timer.js';
import { dataParts } from './data.js';
import { headerParts } from './headers.js';
import { inputParts } from './input.js';
import { partTablesOf } from './tables.js';
import { tokenParts } from './tokens.js';

/** Each part beside its peers. */
export async function partTables(plan: TimerPlan): Promise<Table[]> {
  return partTablesOf(
    [...(await tokenParts()), ...memoryParts(10_000), ...headerParts(), ...dataParts(), ...inputParts()],
    plan,
  );
}

/** What comes in, alone. */
export function inputTables(plan: TimerPlan): Promise<Table[]> {
  return partTablesOf(inputParts(), plan);
}
