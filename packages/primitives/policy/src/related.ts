import { checkNumber, checkOptions } from '@secapi/kernel';
import type { MadeCondition, Relation } from './condition.js';
import { type ContextWithFacts, factsOf, needsFacts, needsResource } from './internal/conditions.js';
import { checkField, checkName } from './internal/names.js';

/** How a relation leads from the principal to the resource. */
export interface RelatedOptions {
  /** The member of the resource that holds the id of what the principal is related to. */
  readonly field: string;
  /** How many steps of the relation count, 1 to 16. @default 1 */
  readonly depth?: number;
  /** The relation that leads from there upwards, such as to a folder's parent, and how many steps count, 1 to 16. */
  readonly up?: { readonly relation: string; readonly depth: number };
}

/**
 * The condition that something that is reached from the principal's id by `relation` is the resource's `field`, or is
 * reached from that by `up`. The facts are loaded beforehand: see `withFacts`; without them it denies (`facts_missing`).
 *
 * @example
 * ```ts
 * related('memberOf', { field: 'teamId' }); // the principal is a member of the resource's team
 * related('editorOf', { field: 'folderId', up: { relation: 'parent', depth: 8 } }); // an editor of its folder or of one above it
 * ```
 * @throws ConfigError for what is no name, and for a depth out of bounds
 */
export function related(relation: string, options: RelatedOptions): MadeCondition {
  checkOptions('related', options, ['field', 'depth', 'up']);
  const { field, depth = 1, up } = options;
  if (up !== undefined) checkOptions('related.up', up, ['relation', 'depth']);
  const read: Relation = {
    relation: checkName('related.relation', relation),
    field: checkField('related.field', field),
    depth: steps('related.depth', depth),
    ...(up && {
      up: {
        relation: checkName('related.up.relation', up.relation),
        depth: steps('related.up.depth', up.depth),
      },
    }),
  };
  return Object.freeze({
    needs: needsResource + needsFacts,
    run: (principal, resource, context: ContextWithFacts) =>
      context[factsOf]?.holds(read, principal, resource) ?? false,
    related: read,
  } satisfies MadeCondition);
}

function steps(option: string, count: unknown): number {
  return checkNumber(option, count, { min: 1, max: 16 });
}
