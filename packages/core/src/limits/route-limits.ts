import { andThen, ConfigError, checkNumber, type MaybePromise } from '@secapi/kernel';
import type { Exchange } from '../exchange.js';
import type { Refusal } from '../guard.js';
import type { RouteLimit, RouteSecurity } from '../route.js';
import type { LimitDesk, ReserveOptions } from './desk.js';
import type { Limit } from './limit.js';

/**
 * What counts a request against the limits of its route: those that refuse in one operation, and then each that only looks at how the request ends.
 *
 * @throws ConfigError when it names one that isn't there
 */
export function compileRouteLimits(
  route: RouteSecurity,
  limits: readonly Limit[],
  desk: LimitDesk,
): (exchange: Exchange) => MaybePromise<Refusal | undefined> {
  const named = route.limit === undefined ? [] : toList(route.limit).map((one) => find(one, limits));
  const steps: { readonly limits: readonly Limit[]; readonly options: ReserveOptions }[] = [];
  for (const { limit, block, cost } of named) {
    const options = { shown: false, block, cost };
    const last = steps.at(-1);
    if (last && last.options.block === block && last.options.cost === cost)
      steps.splice(-1, 1, { limits: [...last.limits, limit], options });
    else steps.push({ limits: [limit], options });
  }

  function from(step: number, exchange: Exchange): MaybePromise<Refusal | undefined> {
    const next = steps[step];
    if (!next) return undefined;
    return andThen(
      desk.reserve(exchange, next.limits, next.options),
      (refusal) => refusal ?? from(step + 1, exchange),
    );
  }

  return (exchange) => from(0, exchange);
}

function toList(limit: NonNullable<RouteSecurity['limit']>): readonly RouteLimit[] {
  const list: readonly (string | RouteLimit)[] =
    typeof limit === 'string' || 'use' in limit ? [limit] : limit;
  return list.map((one) => (typeof one === 'string' ? { use: one } : one));
}

function find(
  { use, block = true, cost }: RouteLimit,
  limits: readonly Limit[],
): { limit: Limit; block: boolean; cost: number | undefined } {
  const limit = limits.find((one) => one.name === use && one.on === 'route');
  if (!limit) {
    throw new ConfigError(
      'route.limit',
      `names '${use}', which isn't there`,
      "add it to limits with on: 'route'",
    );
  }
  if (cost !== undefined) checkNumber('route.limit.cost', cost, { min: 1, max: 1_000_000 });
  return { limit, block, cost };
}
