import type { MaybePromise } from '@secapi/kernel';
import type { CompiledRule } from './rule.js';
import type { LimitState } from './sliding-window.js';
import type { LimitEntry, RefundEntry } from './store.js';

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
  /**
   * Gives back what was counted, leases included: of all limits, or of those of which `of` says so. Nothing is given back twice; it never
   * fails, whatever becomes of the store.
   */
  refund(of?: (state: RuleState) => boolean): MaybePromise<void>;
  /** Ends the leases of `concurrency` limits, and leaves counted what the others count: call it when the work is done. Otherwise as `refund`. */
  release(): MaybePromise<void>;
}

const none: readonly RuleState[] = [];

/**
 * A reservation that a store decided.
 *
 * @param entries one for each request; none where nothing was counted
 */
export function reserved(
  requests: readonly LimitRequest[],
  entries: readonly (LimitEntry | undefined)[],
  states: readonly (LimitState | undefined)[],
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
  let counted: boolean[] | undefined; // what was given back once isn't again

  function giveBackWhere(wanted: (entry: LimitEntry, state: RuleState) => boolean): MaybePromise<void> {
    if (!allowed) return;
    counted ??= entries.map((entry) => entry !== undefined);
    let refunds: RefundEntry[] | undefined;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      const state = ruleStates[i];
      if (!counted[i] || !entry || !state || !wanted(entry, state)) continue;
      counted[i] = false;
      refunds ??= [];
      refunds.push(refundOf(entry, state.counter, state.at));
    }
    return refunds && giveBack(refunds);
  }

  return {
    allowed,
    states: ruleStates,
    observed: none,
    decidedBy,
    refund: (of) => giveBackWhere((_, state) => of?.(state) ?? true),
    release: () => giveBackWhere(isLease),
  };
}

/** A reservation that no store decided: each limit lets through uncounted, or refuses for a second. */
export function without(
  requests: readonly LimitRequest[],
  allows: (index: number) => boolean,
  at: number,
): Reservation {
  const states = requests.map(({ rule }, i) => unknown(rule, allows(i), at));
  const allowed = states.every((state) => state.allowed);
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
