/**
 * The state of one sliding-window counter: what was counted in the window under way and in the one before it.
 *
 * A window begins with the first request after a quiet time, not at a round time of day.
 */
export interface WindowCounter {
  /** When the window under way began, in milliseconds. */
  readonly start: number;
  /** What was counted in the window before it. */
  readonly previous: number;
  /** What was counted in the window under way. */
  readonly current: number;
}

/** The state of one limit as seen by one request. */
export interface LimitState {
  /** Whether this limit had room for the request. */
  readonly allowed: boolean;
  /** How much of the limit is left, after this request if it was counted. */
  readonly remaining: number;
  /** Milliseconds until more quota is back; 0 when nothing is used. */
  readonly resetMs: number;
  /** Milliseconds until the same request would be allowed; 0 when it is. */
  readonly retryAfterMs: number;
  /** The store's time of this decision, in milliseconds: a refund names it. */
  readonly at: number;
  /** The counter that decided; not the request's own key when the store is full and new keys share one. A refund names it. */
  readonly counter: string;
}

/** A limit and a request against it. */
export interface WindowRequest {
  /** How much one window holds. */
  readonly limit: number;
  /** Whole milliseconds; `limit * windowMs` stays below 2^53. */
  readonly windowMs: number;
  /** How much the request takes. */
  readonly cost: number;
}

/** The counter as it stands at `now`: windows that have passed are moved or forgotten. */
export function slideWindow(counter: WindowCounter, windowMs: number, now: number): WindowCounter {
  let { start, previous, current } = counter;
  // A clock that was set back keeps what was counted: the block may grow by the jump, it never opens.
  if (now < start) return { start: now, previous, current };
  if (now - start >= 2 * windowMs) return { start: now, previous: 0, current: 0 };
  if (now - start >= windowMs) {
    start += windowMs;
    previous = current;
    current = 0;
  }
  // Without this, a low limit (1 a minute) would let through two requests at either side of a window's end.
  if (current === 0 && weigh(previous, windowMs, now - start) === 0)
    return { start: now, previous: 0, current: 0 };
  return { start, previous, current };
}

/**
 * What a counter that was slid to `now` says to a request, before the request is counted.
 *
 * The window before counts in proportion to how much of it still overlaps the last `windowMs` milliseconds, rounded down.
 * So `limit` is never exceeded inside one window, a stretch of the same length laid across two windows holds fewer than twice `limit`,
 * and a request of cost 1 never has to wait for longer than one window.
 */
export function judgeWindow(
  counter: WindowCounter,
  request: WindowRequest,
  now: number,
  key: string,
): LimitState {
  const { limit, windowMs, cost } = request;
  const elapsed = now - counter.start;
  const used = counter.current + weigh(counter.previous, windowMs, elapsed);
  if (used + cost <= limit) {
    const current = counter.current + cost;
    const resetMs = waitUntil(counter.previous, current, windowMs, elapsed, used + cost - 1);
    return { allowed: true, remaining: limit - used - cost, resetMs, retryAfterMs: 0, at: now, counter: key };
  }
  const wait =
    cost > limit ? windowMs : waitUntil(counter.previous, counter.current, windowMs, elapsed, limit - cost);
  return {
    allowed: false,
    remaining: Math.max(0, limit - used),
    resetMs: wait,
    retryAfterMs: wait,
    at: now,
    counter: key,
  };
}

/** What a limit says that would have allowed the request, when another limit refused it and so nothing was counted. */
export function peekWindow(
  counter: WindowCounter,
  request: WindowRequest,
  now: number,
  key: string,
): LimitState {
  const elapsed = now - counter.start;
  const used = counter.current + weigh(counter.previous, request.windowMs, elapsed);
  const resetMs =
    used === 0 ? 0 : waitUntil(counter.previous, counter.current, request.windowMs, elapsed, used - 1);
  return {
    allowed: true,
    remaining: Math.max(0, request.limit - used),
    resetMs,
    retryAfterMs: 0,
    at: now,
    counter: key,
  };
}

/** The counter after a request of `cost` was counted. */
export function countWindow(counter: WindowCounter, cost: number): WindowCounter {
  return { start: counter.start, previous: counter.previous, current: counter.current + cost };
}

/** The counter (slid to now) after what was counted at the time `at` is given back to the window that it was counted in. */
export function refundWindow(
  counter: WindowCounter,
  windowMs: number,
  cost: number,
  at: number,
): WindowCounter {
  const { start, previous, current } = counter;
  if (at >= start) return { start, previous, current: Math.max(0, current - cost) };
  if (at >= start - windowMs) return { start, previous: Math.max(0, previous - cost), current };
  return counter;
}

/** The time from which on a counter is no more in force: it says the same as one that never counted. */
export function windowEnd(counter: WindowCounter, windowMs: number): number {
  if (counter.current > 0) return counter.start + windowMs + elapsedUntil(counter.current, windowMs, 0);
  if (counter.previous > 0) return counter.start + elapsedUntil(counter.previous, windowMs, 0);
  return counter.start;
}

/** How much of the window before still counts. */
export function weigh(previous: number, windowMs: number, elapsed: number): number {
  return previous === 0 ? 0 : Math.floor((previous * (windowMs - 1 - elapsed)) / windowMs);
}

/** Milliseconds until `most` at most is used, if nothing more is counted. */
export function waitUntil(
  previous: number,
  current: number,
  windowMs: number,
  elapsed: number,
  most: number,
): number {
  if (current <= most) return Math.max(0, elapsedUntil(previous, windowMs, most - current) - elapsed);
  return windowMs - elapsed + elapsedUntil(current, windowMs, most);
}

/** The first moment of a window, from its start, at which `previous` weighs `most` at most. */
function elapsedUntil(previous: number, windowMs: number, most: number): number {
  return previous === 0 ? 0 : Math.max(0, windowMs - Math.ceil(((most + 1) * windowMs) / previous));
}

/** How much of a counter that was slid to `now` counts. */
export function usedOfWindow(counter: WindowCounter, windowMs: number, now: number): number {
  return counter.current + weigh(counter.previous, windowMs, now - counter.start);
}

/** Milliseconds until `most` at most of a counter that was slid to `now` counts. */
export function waitForWindow(counter: WindowCounter, windowMs: number, now: number, most: number): number {
  return waitUntil(counter.previous, counter.current, windowMs, now - counter.start, most);
}
