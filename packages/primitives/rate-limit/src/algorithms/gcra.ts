import type { LimitAlgorithm, LimitBounds } from './algorithm.js';
import { hasFlowedBack } from './token-bucket.js';

/** The theoretical arrival time: when all that was let through would have been, had it come evenly. */
export interface GcraState {
  /** Whole milliseconds of it, rounded down. */
  readonly time: number;
  /** The rest, in parts of a millisecond, `limit` of which are one. */
  readonly fraction: number;
}

/**
 * The generic cell rate algorithm (ITU-T I.371): requests are `windowMs / limit` apart, and may run ahead of that by `burst`. It decides
 * as a token bucket of that size does, with a state that needs no keeping up. A stretch of one window's length holds at most
 * `burst + limit`. Nobody waits for longer than one window.
 */
export const gcra: LimitAlgorithm<GcraState> = {
  name: 'gcra',
  empty: (now) => ({ time: now, fraction: 0 }),
  advance: (state, bounds, now) => arrival(bounds, debt(state, bounds, now), now),
  used: (state, bounds, now) => Math.ceil(debt(state, bounds, now) / bounds.windowMs),
  waitUntil: (state, bounds, now, tokens) =>
    Math.max(0, Math.ceil((debt(state, bounds, now) - tokens * bounds.windowMs) / bounds.limit)),
  add: (state, bounds, cost, now) => arrival(bounds, debt(state, bounds, now) + cost * bounds.windowMs, now),
  giveBack(state, bounds, cost, at, now) {
    if (hasFlowedBack(bounds, at, now)) return state;
    return arrival(bounds, Math.max(0, debt(state, bounds, now) - cost * bounds.windowMs), now);
  },
  end: ({ time, fraction }) => (fraction === 0 ? time : time + 1),
};

/** How far ahead it is, in parts of a millisecond; never more than a whole burst, wherever the clock was. */
function debt(
  { time, fraction }: GcraState,
  { limit, burst = limit, windowMs }: LimitBounds,
  now: number,
): number {
  // After a limit was lowered, the fraction of the old one could be many milliseconds of the new.
  const ahead = (time - now) * limit + Math.min(fraction, limit - 1);
  return Math.min(burst * windowMs, Math.max(0, ahead));
}

function arrival({ limit }: LimitBounds, ahead: number, now: number): GcraState {
  const whole = Math.floor(ahead / limit);
  return { time: now + whole, fraction: ahead - whole * limit };
}
