import { type MemoryRateLimitStore, memoryRateLimitStore } from '../memory-store.js';
import { type LimitRequest, type Reservation, reserved, without } from '../reservation.js';
import type { LimitEntry, RateLimitStore } from '../store.js';
import type { WhenStoreFails } from '../when-store-fails.js';

/** Decides in the place of a store that failed. */
export interface Fallback {
  decide(requests: readonly LimitRequest[], entries: readonly LimitEntry[], time: number): Reservation;
  reset(counters: readonly string[]): void;
}

/**
 * @param mode for rules that have none of their own
 * @param processes how many share the store: each counts up to its part of a limit, so that together they let through the limit
 * @param giveBack the way to take back what a store counted
 */
export function createFallback(
  mode: WhenStoreFails,
  processes: () => number,
  giveBack: (from: RateLimitStore) => Parameters<typeof reserved>[4],
): Fallback {
  let memory: MemoryRateLimitStore | undefined;

  return {
    decide(requests, entries, time) {
      const modes = requests.map(({ rule }) => rule.whenStoreFails ?? mode);
      if (modes.includes('deny')) return without(requests, (i) => modes[i] !== 'deny', time);
      const counted = entries.filter((_, i) => modes[i] === 'local');
      if (counted.length === 0) return without(requests, () => true, time);
      memory ??= memoryRateLimitStore();
      const share = Math.max(1, processes());
      const parts = counted.map((entry) => partOf(entry, share));
      const states = [...memory.consume(parts, time)];
      const uncounted = without(requests, () => true, time);
      // Only what was counted is given back: the others have no entry.
      return reserved(
        requests,
        entries.map((entry, i) => (modes[i] === 'local' ? partOf(entry, share) : undefined)),
        modes.map((one, i) => (one === 'local' ? states.shift() : uncounted.states[i])),
        'local',
        giveBack(memory),
      );
    },
    reset: (counters) => memory?.reset(counters),
  };
}

/** This process's part of a limit: rounded up, since a limit of which every part is nothing would shut everybody out. */
function partOf(entry: LimitEntry, processes: number): LimitEntry {
  if (processes === 1) return entry;
  const limit = Math.ceil(entry.limit / processes);
  if (entry.burst === undefined) return { ...entry, limit };
  return { ...entry, limit, burst: Math.ceil(entry.burst / processes) };
}
