import type { CompiledRule } from './rule.js';
import type { LimitState } from './sliding-window.js';
import type { LimitEntry, MaybePromise, RefundEntry } from './store.js';

/** One request against one limit. */
export interface LimitRequest {
  readonly rule: CompiledRule;
  /** Who it counts for: an address, an account, a tenant. */
  readonly key: string;
  /** @default 1 */
  readonly cost?: number;
  /** Counts without refusing, to see what a limit would do: its state is in `reservation.observed`. @default false */
  readonly observe?: boolean;
}

/** A limit's state together with its rule. */
export type RuleState = LimitState & { readonly rule: CompiledRule };

/** What was decided, and the way to take it back. */
export interface Reservation {
  /** Whether every limit had room; if not, nothing was counted. */
  readonly allowed: boolean;
  /** One state for each request that isn't only observed, in the order asked. */
  readonly states: readonly RuleState[];
  /** One state for each request that is only observed, where the others let the request through: `allowed` is false where it would have been refused. */
  readonly observed: readonly RuleState[];
  /** Who decided: the store, this process's memory in its place, or nobody (`whenStoreFails` is `'deny'` or `'allow'`). */
  readonly decidedBy: 'store' | 'local' | 'nobody';
  /** Gives back what was counted, leases included. Only the first call does; it never fails, whatever becomes of the store. */
  refund(): MaybePromise<void>;
  /** Ends the leases of `concurrency` limits, and leaves counted what the others count: call it when the work is done. Otherwise as `refund`. */
  release(): MaybePromise<void>;
}

const none: readonly RuleState[] = [];

/** A reservation that a store decided. */
export function reserved(
  requests: readonly LimitRequest[],
  entries: readonly LimitEntry[],
  states: readonly LimitState[],
  decidedBy: 'store' | 'local',
  giveBack: (refunds: readonly RefundEntry[]) => MaybePromise<void>,
): Reservation {
  const ruleStates: RuleState[] = [];
  let allowed = true;
  for (let i = 0; i < requests.length; i++) {
    const request = requests[i];
    if (!request) continue;
    const state = states[i];
    // A store that answers with too little has allowed nothing.
    ruleStates.push(state ? withRule(request.rule, state) : unknown(request.rule, false, 0));
    allowed &&= state?.allowed === true;
  }
  let open = allowed;
  let leased = allowed && entries.some(isLease);
  const refundsOf = (wanted: (entry: LimitEntry) => boolean): RefundEntry[] =>
    ruleStates.flatMap(({ counter, at }, i) => {
      const entry = entries[i];
      return entry && wanted(entry) ? [refundOf(entry, counter, at)] : [];
    });
  return {
    allowed,
    states: ruleStates,
    observed: none,
    decidedBy,
    refund() {
      if (!open) return;
      const ended = !leased;
      open = false;
      leased = false;
      const refunds = refundsOf((entry) => !(ended && isLease(entry)));
      return refunds.length > 0 ? giveBack(refunds) : undefined;
    },
    release() {
      if (!leased) return;
      leased = false;
      return giveBack(refundsOf(isLease));
    },
  };
}

/** A reservation that nobody decided: all are refused for a second, or let through uncounted. */
export function undecided(requests: readonly LimitRequest[], allowed: boolean, at: number): Reservation {
  const states = requests.map(({ rule }) => unknown(rule, allowed, at));
  return { allowed, states, observed: none, decidedBy: 'nobody', refund() {}, release() {} };
}

/** A limit's state with its rule. */
export function withRule(rule: CompiledRule, state: LimitState): RuleState {
  const { allowed, remaining, resetMs, retryAfterMs, at, counter } = state;
  return { rule, allowed, remaining, resetMs, retryAfterMs, at, counter };
}

function unknown(rule: CompiledRule, allowed: boolean, at: number): RuleState {
  const waitMs = allowed ? 0 : 1_000;
  const remaining = allowed ? rule.limit : 0;
  return { rule, allowed, remaining, resetMs: waitMs, retryAfterMs: waitMs, at, counter: '' };
}

function isLease(entry: LimitEntry): boolean {
  return entry.algorithm === 'concurrency';
}

function refundOf(entry: LimitEntry, key: string, at: number): RefundEntry {
  const { windowMs, cost, algorithm, limit, burst } = entry;
  if (algorithm === undefined) return { key, windowMs, cost, at };
  return { key, windowMs, cost, at, algorithm, limit, ...(burst === undefined ? {} : { burst }) };
}
