import type { MaybePromise } from '@secapi/kernel';
import { createRateLimiter, type RateLimiter } from '@secapi/rate-limit';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome } from '../guard.js';
import { canonicalPath, type Limit, reserve } from '../limits.js';

/** Counts requests by client or by principal, before routing; several limits in one atomic operation. */
export function rateLimit(
  name: string,
  limits: readonly Limit[],
  limiter: RateLimiter = createRateLimiter({}),
): Guard {
  const scoped = limits.some((limit) => limit.paths !== undefined);

  function applicable(exchange: Exchange): readonly Limit[] {
    if (!scoped) return limits;
    const path = canonicalPath(exchange.path);
    return limits.filter(
      (limit) => limit.paths === undefined || limit.paths.some((prefix) => path.startsWith(prefix)),
    );
  }

  function enter(exchange: Exchange): MaybePromise<GuardOutcome> {
    const counted = applicable(exchange);
    return counted.length === 0
      ? undefined
      : reserve(exchange, limiter, counted, { shown: true, block: true });
  }

  return { name, enter };
}

/** The same for limits by principal: nothing where nobody is signed in. */
export function rateLimitPrincipals(name: string, limits: readonly Limit[], limiter: RateLimiter): Guard {
  const guard = rateLimit(name, limits, limiter);
  return { name, enter: (exchange) => (exchange.principal ? guard.enter(exchange) : undefined) };
}
