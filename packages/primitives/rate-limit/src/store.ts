import type { MaybePromise } from '@secapi/kernel';
import type { AlgorithmName } from './algorithms/algorithm.js';
import type { LimitState } from './sliding-window.js';

/** One request against one counter. */
export interface LimitEntry {
  /** The counter: opaque to the store. */
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly cost: number;
  /** @default 'sliding-window' */
  readonly algorithm?: AlgorithmName;
  /** How much `token-bucket` and `gcra` let through at once. @default limit */
  readonly burst?: number;
}

/** What is given back of a counted request. */
export interface RefundEntry {
  /** The `counter` of the state that `consume` answered with. */
  readonly key: string;
  readonly windowMs: number;
  readonly cost: number;
  /** The `at` of that state. */
  readonly at: number;
  /** The entry's algorithm. @default 'sliding-window' */
  readonly algorithm?: AlgorithmName;
  /** The entry's limit; there when `algorithm` is. */
  readonly limit?: number;
  readonly burst?: number;
}

/** Where counters are kept. Each method is one atomic operation. */
export interface RateLimitStore {
  /** The algorithms that it has; a limiter refuses rules of others. @default only 'sliding-window' */
  readonly algorithms?: readonly AlgorithmName[];
  /**
   * Decides all entries at once and counts either all of them or, when one has no room, none: what is refused is not counted.
   *
   * @param now this process's time in milliseconds; a store that several processes share goes by its own
   */
  consume(entries: readonly LimitEntry[], now: number): MaybePromise<readonly LimitState[]>;
  /** Gives back what was counted, to the window that it was counted in; for `concurrency`, ends the lease. */
  refund(entries: readonly RefundEntry[], now: number): MaybePromise<void>;
  /** What `consume` would say of each entry by itself, while nothing is counted: `remaining` and `resetMs` are those before the request. */
  inspect?(entries: readonly LimitEntry[], now: number): MaybePromise<readonly LimitState[]>;
  /** How many processes share it, as far as it knows: each counts up to its part of a limit while the store fails. */
  processes?(): number;
  /** Forgets counters. */
  reset(keys: readonly string[]): MaybePromise<void>;
}
