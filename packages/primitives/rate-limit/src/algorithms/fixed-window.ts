import type { LimitAlgorithm } from './algorithm.js';

/** What was counted in the window under way. A window begins with the first request after the one before has ended. */
export interface FixedWindowState {
  /** When it began, in milliseconds. */
  readonly start: number;
  readonly count: number;
}

/**
 * Counts windows one after the other: the cheapest to explain, and the least exact. A stretch of one window's length holds at most
 * twice `limit`, when it is laid across two windows; nobody waits for longer than one window.
 */
export const fixedWindow: LimitAlgorithm<FixedWindowState> = {
  name: 'fixed-window',
  empty: (now) => ({ start: now, count: 0 }),
  advance({ start, count }, { windowMs }, now) {
    if (count === 0 || now - start >= windowMs) return { start: now, count: 0 };
    return { start: Math.min(start, now), count };
  },
  used: ({ count }) => count,
  waitUntil: ({ start, count }, { windowMs }, now, most) => (count <= most ? 0 : start + windowMs - now),
  add: ({ start, count }, _bounds, cost) => ({ start, count: count + cost }),
  giveBack: (state, _bounds, cost, at) =>
    at < state.start ? state : { start: state.start, count: Math.max(0, state.count - cost) },
  end: ({ start, count }, { windowMs }) => (count === 0 ? start : start + windowMs),
};
