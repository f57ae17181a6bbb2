import type { DataCondition, MadeCondition } from './condition.js';
import { needsResource } from './internal/conditions.js';
import { checkData, compileData } from './internal/data.js';

/**
 * A condition over the resource's own members, as data: it can be decided, and a filter can be made of it.
 *
 * @example
 * ```ts
 * where({ any: [{ field: 'published', equals: true }, { field: 'teamId', oneOf: { principal: 'teams' } }] });
 * ```
 * @throws ConfigError for what is no condition, and for values that can't be compared
 */
export function where(condition: DataCondition): MadeCondition {
  const data = checkData('where', condition);
  return Object.freeze({ needs: needsResource, run: compileData(data), data });
}
