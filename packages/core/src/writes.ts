import { ConfigError } from '@secapi/kernel';
import type { Policy, PolicyContext } from '@secapi/policy';
import type { Exchange } from './exchange.js';
import type { Refusal } from './guard.js';
import type { Permission, RouteSecurity } from './route.js';

/** Refuses a body that holds a field which the principal may not write of the resource, loaded or to be made. */
export type CheckWrites = (exchange: Exchange, body: unknown, resource: unknown) => Refusal | undefined;

/**
 * Compiles `writes`: of a body that its schema takes, a principal may send the fields of `policy.writable` that it may
 * write (ASVS v5.0.0-8.2.3, 15.3.3). It is refused whole: to drop a field without a word would be to answer as if it had been written.
 *
 * @throws ConfigError when it names what is no resource with writable fields, or the route has no body or demands no principal
 */
export function compileWrites(
  { writes, body, access }: RouteSecurity,
  policy: Policy<Permission> | undefined,
): CheckWrites {
  if (writes === undefined) return () => undefined;
  if (!policy?.writable.has(writes)) {
    throw new ConfigError(
      'route.writes',
      `names '${writes}', of which the policy does not say what may be written`,
      `give createPolicy writable: { ${writes}: { title: true } }`,
    );
  }
  if (!body || access === 'public' || access === 'optional') {
    throw new ConfigError(
      'route.writes',
      'makes no sense here',
      'give a body, and access that demands a principal',
    );
  }

  return function checkWrites(exchange, given, resource) {
    if (typeof given !== 'object' || given === null) return undefined;
    const fields = policy.fields('write', exchange.principal, writes, resource, contextOf(exchange));
    const others = Object.keys(given).filter((name) => !fields.includes(name));
    if (others.length === 0) return undefined;
    return {
      code: 'FIELD_FORBIDDEN',
      errors: others.map((name) => ({
        path: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        code: 'forbidden',
        message: 'This principal may not write this.',
      })),
      event: {
        event: 'authz_fail',
        outcome: 'denied',
        target: exchange.path,
        details: { reason: 'field_forbidden', resource: writes, fields: others.join(' ') },
      },
    };
  };
}

/** What the policy's conditions may know of a request. */
export function contextOf({ receivedAt, client, request }: Exchange): PolicyContext {
  return { now: receivedAt, address: client.address, method: request.method };
}
