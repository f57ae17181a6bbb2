import type { LimitState } from '../sliding-window.js';

/** How a limit counts. */
export type AlgorithmName =
  | 'sliding-window'
  | 'fixed-window'
  | 'sliding-log'
  | 'token-bucket'
  | 'gcra'
  | 'concurrency';

/** What a limit allows. */
export interface LimitBounds {
  /** How much one window holds; for `concurrency`, how much may be held at the same time. */
  readonly limit: number;
  /** Whole milliseconds, below 2^32; `limit * windowMs` stays below 2^53. For `concurrency`, how long a lease holds. */
  readonly windowMs: number;
  /** How much `token-bucket` and `gcra` let through at once, from 1 to `limit`. @default limit */
  readonly burst?: number;
}

/**
 * An algorithm as pure functions of state, time and cost. Times and costs are whole numbers, and every result is exact.
 *
 * All but `advance` take a state that was advanced to `now`. {@link decideLimit}, {@link refundLimit} and {@link inspectLimit} put them together.
 */
export interface LimitAlgorithm<State> {
  readonly name: AlgorithmName;
  /** The state of a counter that has counted nothing. */
  empty(now: number): State;
  /** The state as it stands at `now`. A clock that was set back never opens a limit, and prolongs a wait to one window at most. */
  advance(state: State, bounds: LimitBounds, now: number): State;
  /** How much of the limit is taken, rounded up. */
  used(state: State, bounds: LimitBounds, now: number): number;
  /** Milliseconds until `most` at most is taken, if nothing more is counted. */
  waitUntil(state: State, bounds: LimitBounds, now: number, most: number): number;
  /** The state after `cost` is counted at `now`. */
  add(state: State, bounds: LimitBounds, cost: number, now: number): State;
  /** The state after what was counted at the time `at` is given back, as far as it still counts. */
  giveBack(state: State, bounds: LimitBounds, cost: number, at: number, now: number): State;
  /** The time from which on the state is no more in force: it says the same as one that never counted. */
  end(state: State, bounds: LimitBounds): number;
}

/** A limit and a request against it. */
export interface AlgorithmRequest extends LimitBounds {
  readonly cost: number;
}

/**
 * Decides a request and counts it if there is room; what is refused is not counted.
 *
 * @param counter what the decision names as the counter that decided
 */
export function decideLimit<State>(
  algorithm: LimitAlgorithm<State>,
  state: State,
  request: AlgorithmRequest,
  now: number,
  counter = '',
): { readonly decision: LimitState; readonly state: State } {
  const { windowMs, cost } = request;
  const capacity = capacityOf(algorithm, request);
  const before = algorithm.advance(state, request, now);
  const used = algorithm.used(before, request, now);
  if (used + cost <= capacity) {
    const after = algorithm.add(before, request, cost, now);
    const resetMs = algorithm.waitUntil(after, request, now, used + cost - 1);
    const remaining = capacity - used - cost;
    return {
      decision: { allowed: true, remaining, resetMs, retryAfterMs: 0, at: now, counter },
      state: after,
    };
  }
  const wait =
    cost > capacity ? windowMs : algorithm.waitUntil(before, request, now, Math.max(0, capacity - cost));
  const remaining = Math.max(0, capacity - used);
  return {
    decision: { allowed: false, remaining, resetMs: wait, retryAfterMs: wait, at: now, counter },
    state: before,
  };
}

/** What a limit says at `now` while nothing is counted: `allowed` and `retryAfterMs` are those of a request of the given cost. */
export function inspectLimit<State>(
  algorithm: LimitAlgorithm<State>,
  state: State,
  request: AlgorithmRequest,
  now: number,
  counter = '',
): LimitState {
  const capacity = capacityOf(algorithm, request);
  const at = algorithm.advance(state, request, now);
  const used = algorithm.used(at, request, now);
  const remaining = Math.max(0, capacity - used);
  const resetMs = used === 0 ? 0 : algorithm.waitUntil(at, request, now, used - 1);
  const { decision } = decideLimit(algorithm, at, request, now, counter);
  return { ...decision, remaining, resetMs: decision.allowed ? resetMs : decision.resetMs };
}

/** Gives back what was counted at the time `at`; for `concurrency`, ends the lease. What has expired since gives nothing back. */
export function refundLimit<State>(
  algorithm: LimitAlgorithm<State>,
  state: State,
  request: AlgorithmRequest,
  at: number,
  now: number,
): State {
  return algorithm.giveBack(algorithm.advance(state, request, now), request, request.cost, at, now);
}

/** How much fits at once. */
function capacityOf(algorithm: Pick<LimitAlgorithm<unknown>, 'name'>, bounds: LimitBounds): number {
  const bucket = algorithm.name === 'token-bucket' || algorithm.name === 'gcra';
  return bucket ? (bounds.burst ?? bounds.limit) : bounds.limit;
}
