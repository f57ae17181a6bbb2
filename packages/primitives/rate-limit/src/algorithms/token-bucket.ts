import type { LimitAlgorithm, LimitBounds } from './algorithm.js';

/** How much is missing in a bucket. One that is full misses nothing. */
export interface TokenBucketState {
  /** The time at which it missed that much, in milliseconds. */
  readonly time: number;
  /** In parts of a token, `windowMs` of which are one: whole numbers, up to `burst * windowMs`. */
  readonly missing: number;
}

/**
 * A bucket of `burst` tokens that gains `limit` of them a window, evenly. A stretch of one window's length holds at most
 * `burst + limit`. Nobody waits for longer than one window.
 */
export const tokenBucket: LimitAlgorithm<TokenBucketState> = {
  name: 'token-bucket',
  empty: (now) => ({ time: now, missing: 0 }),
  advance({ time, missing }, bounds, now) {
    // A window later it was full at any rate: what a higher limit had let through is not held against a lower one for longer.
    if (now - time >= bounds.windowMs) return { time: now, missing: 0 };
    // When the clock was set back, the bucket begins to fill from now on.
    const gained = Math.max(0, now - time) * bounds.limit;
    return { time: now, missing: Math.min(most(bounds), Math.max(0, missing - gained)) };
  },
  used: ({ missing }, { windowMs }) => Math.ceil(missing / windowMs),
  waitUntil: ({ missing }, { limit, windowMs }, _now, tokens) =>
    Math.max(0, Math.ceil((missing - tokens * windowMs) / limit)),
  add: ({ time, missing }, { windowMs }, cost) => ({ time, missing: missing + cost * windowMs }),
  giveBack(state, bounds, cost, at, now) {
    if (hasFlowedBack(bounds, at, now)) return state;
    return { time: state.time, missing: Math.max(0, state.missing - cost * bounds.windowMs) };
  },
  end: ({ time, missing }, { limit, windowMs }) => time + Math.min(windowMs, Math.ceil(missing / limit)),
};

/** The most that can be missing. */
function most({ limit, burst = limit, windowMs }: LimitBounds): number {
  return burst * windowMs;
}

/** Whether a bucket has been full since: what was taken then has come back by itself. */
export function hasFlowedBack(bounds: LimitBounds, at: number, now: number): boolean {
  return (now - at) * bounds.limit >= most(bounds);
}
