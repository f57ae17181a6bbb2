import type { MadeCondition } from './condition.js';
import { needsResource } from './internal/conditions.js';
import { checkField, member } from './internal/names.js';

/**
 * The condition that a resource belongs to the principal: its own `field` is a text equal to the principal's id.
 *
 * Two absent values are never equal here, as they are in `resource.ownerId === principal.id`: without the member it
 * does not answer, which denies.
 *
 * @param field the member of the resource that holds its owner's id, for example `authorId`
 * @throws ConfigError when `field` is not a text or is one that every object inherits
 */
export function ownedBy(field: string): MadeCondition {
  checkField('ownedBy.field', field);
  return Object.freeze({
    needs: needsResource,
    run: (principal, resource) => member(resource, field) === principal.id,
    data: Object.freeze({ field, equals: Object.freeze({ principal: 'id' }) }),
  } satisfies MadeCondition);
}
