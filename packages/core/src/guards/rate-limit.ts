import type { MaybePromise } from '@secapi/kernel';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome } from '../guard.js';
import { canonicalPath } from '../limits/canonical-path.js';
import { createLimitDesk, type LimitDesk } from '../limits/desk.js';
import type { Limit } from '../limits/limit.js';

/** Counts requests before routing, all limits that apply in one atomic operation; by default in a memory of its own. */
export function rateLimit(
  name: string,
  limits: readonly Limit[],
  desk: LimitDesk = createLimitDesk(),
): Guard {
  const scoped = limits.some((limit) => limit.paths !== undefined || limit.subject.signedIn);

  function applicable(exchange: Exchange): readonly Limit[] {
    if (!scoped) return limits;
    const path = canonicalPath(exchange.path);
    return limits.filter(
      ({ paths, subject }) =>
        (paths === undefined || paths.some((prefix) => path.startsWith(prefix))) &&
        (exchange.principal !== undefined || !subject.signedIn),
    );
  }

  function enter(exchange: Exchange): MaybePromise<GuardOutcome> {
    const counted = applicable(exchange);
    return counted.length === 0 ? undefined : desk.reserve(exchange, counted, { shown: true, block: true });
  }

  return { name, enter };
}
