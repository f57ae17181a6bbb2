import type { LimitEntry, LimitState } from '@secapi/rate-limit';

interface Verdict {
  readonly limit: number;
  readonly windowMs: number;
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
  /** Keeps what was refused of a request that was sent at `sent`, unless something was forgotten since: `from` is the epoch of that time. */
  remember(entries: readonly LimitEntry[], states: readonly LimitState[], sent: number, from: number): void;
  forget(keys: readonly string[]): void;
  /** Changes with each `forget`: an answer that was under way then is not to be kept. */
  readonly epoch: number;
}

/**
 * Remembers refusals of full counters, so that a client that hammers costs no round trip. What fills up a counter stays full until the time that Redis
 * said, unless something is given back or reset: through this process that is heard at once, through others after `longestMs` at the latest.
 *
 * @param most how many counters; beyond, the oldest verdict goes, which only costs a round trip
 */
export function createBlocked(longestMs: number, most: number): Blocked {
  const verdicts = new Map<string, Verdict>();
  let epoch = 0;

  function find({ key, limit, windowMs, cost }: LimitEntry, now: number): Verdict | undefined {
    const verdict = verdicts.get(key);
    if (!verdict) return undefined;
    if (now >= verdict.until || now < verdict.since) {
      verdicts.delete(key);
      return undefined;
    }
    // A rule that was changed, or a cheaper request, may have room.
    return verdict.limit === limit && verdict.windowMs === windowMs && verdict.cost <= cost
      ? verdict
      : undefined;
  }

  return {
    get epoch() {
      return epoch;
    },
    recall(entries, now) {
      if (verdicts.size === 0) return undefined;
      const found = entries.map((entry) => find(entry, now));
      const first = found.find((verdict) => verdict !== undefined);
      if (!first) return undefined;
      const at = first.state.at + (now - first.since);
      return entries.map(({ key, limit }, i) => {
        const verdict = found[i];
        if (!verdict)
          return { allowed: true, remaining: limit, resetMs: 0, retryAfterMs: 0, at, counter: key };
        const gone = now - verdict.since;
        const { state } = verdict;
        return {
          ...state,
          resetMs: Math.max(1, state.resetMs - gone),
          retryAfterMs: Math.max(1, state.retryAfterMs - gone),
          at: state.at + gone,
        };
      });
    },
    remember(entries, states, sent, from) {
      if (from !== epoch) return;
      states.forEach((state, i) => {
        const entry = entries[i];
        if (!entry || state.allowed || state.retryAfterMs <= 0 || entry.cost > entry.limit) return;
        const { key, limit, windowMs, cost } = entry;
        // Asked for twice at once, it may have room for one.
        if (entries.some((other, j) => j !== i && other.key === key)) return;
        const until = sent + Math.min(state.retryAfterMs, longestMs);
        verdicts.delete(key);
        if (verdicts.size >= most) {
          const [oldest] = verdicts.keys();
          if (oldest !== undefined) verdicts.delete(oldest);
        }
        verdicts.set(key, { limit, windowMs, cost, state, since: sent, until });
      });
    },
    forget(keys) {
      epoch += 1;
      for (const key of keys) verdicts.delete(key);
    },
  };
}
