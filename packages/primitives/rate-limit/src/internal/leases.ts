import type { LimitState } from '../sliding-window.js';
import type { LimitEntry, RefundEntry } from '../store.js';

interface Lease {
  /** The entry that it was taken for: with another limit, window or algorithm it is of no use. */
  readonly entry: LimitEntry;
  /** What the store said of it. */
  readonly state: LimitState;
  /** What is left of it. */
  readonly left: number;
  readonly since: number;
}

/** What this process has taken of counters and not used yet. */
export interface Leases {
  /** Takes a request's cost, if so much is held. */
  take(entry: LimitEntry, now: number): LimitState | undefined;
  /** Keeps what was counted beyond a request. Whether there is room for it. */
  keep(entry: LimitEntry, state: LimitState, rest: number, now: number): boolean;
  /** Puts back what was taken; false where the lease is no more there. `at` is that of the state. */
  giveBack(entry: Pick<RefundEntry, 'key' | 'cost' | 'at'>, now: number): boolean;
  /** How much is held of a counter. */
  held(entry: LimitEntry, now: number): number;
  /** Takes out some of what nobody may use any more. */
  expired(now: number): RefundEntry[];
  forget(keys: readonly string[]): void;
}

/** How many leases are looked at to find expired ones. */
const looks = 4;

/** @param batchOf how much is taken of a counter at once: less than that is held of it */
export function createLeases(
  holdMs: number,
  maxKeys: number,
  batchOf: (entry: LimitEntry) => number,
): Leases {
  // In the order in which they were taken, so the first ones expire first.
  const leases = new Map<string, Lease>();
  let replaced: Lease[] = []; // counted at another time than what took their place

  const isOver = ({ since }: Lease, now: number): boolean => now - since >= holdMs || now < since;

  function find(entry: LimitEntry, now: number): Lease | undefined {
    const lease = leases.get(entry.key);
    if (!lease || isOver(lease, now)) return undefined;
    const { limit, windowMs, algorithm, burst } = lease.entry;
    const same =
      limit === entry.limit &&
      windowMs === entry.windowMs &&
      algorithm === entry.algorithm &&
      burst === entry.burst;
    return same ? lease : undefined;
  }

  return {
    take(entry, now) {
      const lease = find(entry, now);
      if (!lease || lease.left < entry.cost) return undefined;
      const left = lease.left - entry.cost;
      leases.set(entry.key, { ...lease, left });
      return { ...lease.state, remaining: lease.state.remaining + left };
    },
    keep(entry, state, rest, now) {
      if (rest === 0) return true;
      const before = leases.get(entry.key);
      if (!before && leases.size >= maxKeys) return false;
      if (before && before.left > 0) replaced.push(before);
      leases.delete(entry.key); // to stand last
      leases.set(entry.key, { entry, state, left: rest, since: now });
      return true;
    },
    giveBack({ key, cost, at }, now) {
      const lease = leases.get(key);
      if (!lease || isOver(lease, now) || lease.state.at !== at) return false;
      if (lease.left + cost >= batchOf(lease.entry)) return false;
      leases.set(key, { ...lease, left: lease.left + cost });
      return true;
    },
    held: (entry, now) => find(entry, now)?.left ?? 0,
    expired(now) {
      const refunds = replaced.map(refundOf);
      replaced = [];
      let left = looks;
      for (const [key, lease] of leases) {
        if (left-- === 0 || !isOver(lease, now)) break;
        leases.delete(key);
        if (lease.left > 0) refunds.push(refundOf(lease));
      }
      return refunds;
    },
    forget(keys) {
      for (const key of keys) leases.delete(key);
    },
  };
}

function refundOf({ entry, state, left }: Lease): RefundEntry {
  const { windowMs, algorithm, limit, burst } = entry;
  const { counter: key, at } = state;
  if (algorithm === undefined) return { key, windowMs, cost: left, at };
  return { key, windowMs, cost: left, at, algorithm, limit, ...(burst === undefined ? {} : { burst }) };
}
