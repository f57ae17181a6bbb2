import { ConfigError } from '@secapi/kernel';
import type { ConditionTest } from './types.js';

/**
 * The condition that a resource belongs to the principal: its own `field` is a text equal to the principal's id.
 *
 * Two absent values are never equal here, as they are in `resource.ownerId === principal.id`.
 *
 * @param field the member of the resource that holds its owner's id, for example `authorId`
 * @throws ConfigError when `field` is not a text or is one that every object inherits
 */
export function ownedBy(field: string): ConditionTest {
  if (typeof field !== 'string' || field === '' || field in Object.prototype) {
    throw new ConfigError('ownedBy.field', 'is not the name of a member', "write, for example, 'authorId'");
  }
  return function owned(principal, resource): boolean {
    if (typeof resource !== 'object' || resource === null) return false;
    const owner: unknown = (resource as Record<string, unknown>)[field]; // any object can be asked for any member
    return (
      typeof owner === 'string' && owner !== '' && owner === principal.id && Object.hasOwn(resource, field)
    );
  };
}
