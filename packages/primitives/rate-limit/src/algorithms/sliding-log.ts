import type { LimitAlgorithm } from './algorithm.js';

/** What was counted, oldest first: one time (in milliseconds) and one cost for each entry. */
export interface SlidingLogState {
  readonly times: readonly number[];
  readonly costs: readonly number[];
}

/**
 * Remembers the time of everything that it counted: exact, for as much memory as `limit`. No stretch of one window's length ever holds
 * more than `limit`.
 */
export const slidingLog: LimitAlgorithm<SlidingLogState> = {
  name: 'sliding-log',
  empty: () => ({ times: [], costs: [] }),
  advance({ times, costs }, { windowMs }, now) {
    let passed = 0;
    while (passed < times.length && now - (times[passed] ?? 0) >= windowMs) passed++;
    // A clock that was set back: what lies in the future counts from now on.
    const ahead = (times.at(-1) ?? now) > now;
    if (passed === 0 && !ahead) return { times, costs };
    const kept = times.slice(passed);
    return { times: ahead ? kept.map((time) => Math.min(time, now)) : kept, costs: costs.slice(passed) };
  },
  used: ({ costs }) => costs.reduce((sum, cost) => sum + cost, 0),
  waitUntil({ times, costs }, { windowMs }, now, most) {
    let used = costs.reduce((sum, cost) => sum + cost, 0);
    for (let i = 0; i < times.length; i++) {
      if (used <= most) return i === 0 ? 0 : (times[i - 1] ?? now) + windowMs - now;
      used -= costs[i] ?? 0;
    }
    return times.length === 0 ? 0 : (times.at(-1) ?? now) + windowMs - now;
  },
  add({ times, costs }, _bounds, cost, now) {
    // Entries of one millisecond are one.
    if (times.at(-1) === now) return { times, costs: [...costs.slice(0, -1), (costs.at(-1) ?? 0) + cost] };
    return { times: [...times, now], costs: [...costs, cost] };
  },
  giveBack({ times, costs }, { windowMs }, cost, at, now) {
    if (times.length === 0 || now - at >= windowMs) return { times, costs };
    // Entries that were put together stand at the later time; after a clock was set back, several stand at one time, and the last counts what came then.
    const found = times.findIndex((time) => time >= at);
    const i = found < 0 ? times.length - 1 : times.lastIndexOf(times[found] ?? at);
    const left = (costs[i] ?? 0) - cost;
    if (left > 0) return { times, costs: costs.with(i, left) };
    return { times: times.toSpliced(i, 1), costs: costs.toSpliced(i, 1) };
  },
  end: ({ times }, { windowMs }) => (times.length === 0 ? 0 : (times.at(-1) ?? 0) + windowMs),
};

/** The log (advanced to `now`) after `cost` is counted without a new entry: the newest takes it, and counts from now on. */
export function addToNewest({ times, costs }: SlidingLogState, cost: number, now: number): SlidingLogState {
  return { times: times.with(-1, now), costs: costs.with(-1, (costs.at(-1) ?? 0) + cost) };
}
