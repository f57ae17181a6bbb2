import type { LimitEntry, LimitState } from '@secapi/rate-limit';
import { capacityOf } from './limit-call.js';

interface Verdict {
  readonly limit: number;
  readonly windowMs: number;
  readonly capacity: number;
  /** The least cost that was refused. */
  readonly cost: number;
  readonly state: LimitState;
  readonly since: number;
  readonly until: number;
}

/** What Redis refused a moment ago. */
export interface Blocked {
  /** The states of a request of which a counter is known to be full; nothing when Redis has to be asked. */
  recall(entries: readonly LimitEntry[], now: number): LimitState[] | undefined;
  /** Keeps what was refused of a request that was sent at `sent`, unless its counter was forgotten since: `from` is the epoch of that time. */
  remember(entries: readonly LimitEntry[], states: readonly LimitState[], sent: number, from: number): void;
  forget(keys: readonly string[]): void;
  /** Changes with each `forget`: an answer about its counters that was under way then is not to be kept. */
  readonly epoch: number;
}

/**
 * Remembers refusals of full counters, so that a client that hammers costs no round trip. What fills up a counter stays full until the time that Redis
 * said, unless something is given back or reset: through this process that is heard at once, through others after `longestMs` at the latest.
 *
 * It remembers nothing of `concurrency`: leases end when the work is done, anywhere and nearly always before their time.
 *
 * @param most how many counters; beyond, the oldest verdict goes, which only costs a round trip
 */
export function createBlocked(longestMs: number, most: number): Blocked {
  const verdicts = new Map<string, Verdict>();
  const forgotten = new Map<string, number>(); // in which epoch
  let epoch = 0;
  let allForgotten = 0;

  function find(entry: LimitEntry, now: number): Verdict | undefined {
    const { key, limit, windowMs, cost } = entry;
    const verdict = verdicts.get(key);
    if (!verdict) return undefined;
    if (now >= verdict.until || now < verdict.since) {
      verdicts.delete(key);
      return undefined;
    }
    // A rule that was changed, or a cheaper request, may have room.
    return verdict.limit === limit &&
      verdict.windowMs === windowMs &&
      verdict.capacity === capacityOf(entry) &&
      verdict.cost <= cost
      ? verdict
      : undefined;
  }

  return {
    get epoch() {
      return epoch;
    },
    recall(entries, now) {
      if (verdicts.size === 0) return undefined;
      const [only] = entries;
      if (entries.length === 1 && only) {
        const verdict = find(only, now);
        return verdict && [stateOf(verdict, now)];
      }
      const found = entries.map((entry) => find(entry, now));
      const first = found.find((verdict) => verdict !== undefined);
      if (!first) return undefined;
      const at = first.state.at + (now - first.since);
      return entries.map((entry, i) => {
        const verdict = found[i];
        if (verdict) return stateOf(verdict, now);
        const remaining = capacityOf(entry);
        return { allowed: true, remaining, resetMs: 0, retryAfterMs: 0, at, counter: entry.key };
      });
    },
    remember(entries, states, sent, from) {
      if (from < allForgotten) return;
      for (let i = 0; i < states.length; i++) {
        const state = states[i];
        const entry = entries[i];
        if (!entry || !state || state.allowed || state.retryAfterMs <= 0) continue;
        const { key, limit, windowMs, cost, algorithm } = entry;
        const capacity = capacityOf(entry);
        if (algorithm === 'concurrency' || cost > capacity) continue;
        if ((forgotten.get(key) ?? 0) > from) continue;
        // Asked for twice at once, it may have room for one.
        if (entries.some((other, j) => j !== i && other.key === key)) continue;
        const until = sent + Math.min(state.retryAfterMs, longestMs);
        verdicts.delete(key);
        if (verdicts.size >= most) {
          const [oldest] = verdicts.keys();
          if (oldest !== undefined) verdicts.delete(oldest);
        }
        verdicts.set(key, { limit, windowMs, capacity, cost, state, since: sent, until });
      }
    },
    forget(keys) {
      epoch += 1;
      if (forgotten.size + keys.length > most) {
        forgotten.clear();
        allForgotten = epoch;
      }
      for (const key of keys) {
        verdicts.delete(key);
        forgotten.set(key, epoch);
      }
    },
  };
}

/** What Redis said, some time later. */
function stateOf({ state, since }: Verdict, now: number): LimitState {
  const gone = now - since;
  return {
    allowed: false,
    remaining: state.remaining,
    resetMs: Math.max(1, state.resetMs - gone),
    retryAfterMs: Math.max(1, state.retryAfterMs - gone),
    at: state.at + gone,
    counter: state.counter,
  };
}
