import {
  andThen,
  checkNumber,
  checkOptions,
  type Duration,
  isPromise,
  type MaybePromise,
  toMilliseconds,
} from '@secapi/kernel';
import { createLeases } from './internal/leases.js';
import type { LimitState } from './sliding-window.js';
import type { LimitEntry, RateLimitStore } from './store.js';

/** Options of {@link leasedRateLimitStore}. */
export interface LeasedRateLimitStoreOptions {
  /**
   * How much is taken of a limit at once; never more than a twentieth of it, so that small limits stay exact.
   *
   * @default 10
   */
  readonly batch?: number;
  /**
   * For how long what was taken may be used. What is left then goes back.
   *
   * @default '1s'
   */
  readonly hold?: Duration;
  /** Of how many counters something may be held; the store is asked about others each time. @default 10_000 */
  readonly maxKeys?: number;
}

/** A limit is at least so many times as high as its batches. */
const batchesInALimit = 20;

/**
 * A shared store of which each process takes batches instead of single requests, so that it is asked once for a batch: for high limits
 * and clients that send much.
 *
 * The price, for each counter and each process: at most `batch - 1` more than the algorithm allows come through in any stretch of time, since
 * what is used now was counted a moment ago; and at most `batch - 1` are held back from the others, for `hold` or until the next request
 * after it. What a process held that died stays counted until the window forgets it. Limits below 40 and `concurrency` are never taken in
 * batches: they are as exact as without.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function leasedRateLimitStore(
  store: RateLimitStore,
  options: LeasedRateLimitStoreOptions = {},
): RateLimitStore {
  const where = 'leasedRateLimitStore';
  checkOptions(where, options, ['batch', 'hold', 'maxKeys']);
  const batch = checkNumber(`${where}.batch`, options.batch ?? 10, { min: 2, max: 1_000_000 });
  const hold = toMilliseconds(`${where}.hold`, options.hold ?? '1s', { max: 3_600 });
  const maxKeys = checkNumber(`${where}.maxKeys`, options.maxKeys ?? 10_000, { min: 1, max: 1_000_000 });
  const leases = createLeases(hold, maxKeys, (entry) => batchOf(entry, batch));
  /** Counters of which a batch is being asked for. */
  const underWay = new Map<string, Promise<unknown>>();
  let epoch = 0; // what was counted before a reset is not to be used after it

  function inBatch(entry: LimitEntry): LimitEntry {
    const most = batchOf(entry, batch);
    return most > entry.cost ? { ...entry, cost: most } : entry;
  }

  /** Gives back what is held and no more of use. Nobody waits for it; where the store fails it stays counted, which is the safe side. */
  function giveBackExpired(now: number): void {
    const refunds = leases.expired(now);
    if (refunds.length > 0) quietly(() => store.refund(refunds, now));
  }

  /** Counts what is missing, in batches where there is room for them, and keeps what was counted beyond the request. */
  async function count(
    missing: readonly LimitEntry[],
    batches: readonly LimitEntry[],
    now: number,
  ): Promise<readonly LimitState[]> {
    const from = epoch;
    const states = await store.consume(batches, now);
    if (!isAllowed(states)) {
      const exact = batches.every((entry, i) => entry === missing[i]);
      return exact ? states : store.consume(missing, now);
    }
    return states.map((state, i) => {
      const entry = missing[i];
      const rest = entry ? (batches[i]?.cost ?? entry.cost) - entry.cost : 0;
      if (!entry || from !== epoch || !leases.keep(entry, state, rest, now)) return state;
      return { ...state, remaining: state.remaining + rest };
    });
  }

  async function ask(
    entries: readonly LimitEntry[],
    taken: readonly (LimitState | undefined)[],
    batches: readonly LimitEntry[],
    now: number,
  ): Promise<readonly LimitState[]> {
    const missing = entries.filter((_, i) => !taken[i]);
    let states: readonly LimitState[] = [];
    try {
      const asked = count(missing, batches, now);
      const waited = batches.filter((entry, i) => entry !== missing[i]).map(({ key }) => key);
      for (const key of waited) underWay.set(key, asked);
      try {
        states = await asked;
      } finally {
        for (const key of waited) if (underWay.get(key) === asked) underWay.delete(key);
      }
      let next = 0;
      return taken.flatMap((state) => state ?? states[next++] ?? []);
    } finally {
      if (!isAllowed(states)) putBack(entries, taken, now);
    }
  }

  function putBack(
    entries: readonly LimitEntry[],
    taken: readonly (LimitState | undefined)[],
    now: number,
  ): void {
    entries.forEach((entry, i) => {
      const at = taken[i]?.at;
      if (at !== undefined) leases.giveBack({ ...entry, at }, now);
    });
  }

  function consume(
    entries: readonly LimitEntry[],
    now: number,
    waited: boolean,
  ): MaybePromise<readonly LimitState[]> {
    const taken = entries.map((entry) => leases.take(entry, now));
    const missing = entries.filter((_, i) => !taken[i]);
    if (missing.length === 0) return taken.flatMap((state) => state ?? []);
    // Once only: when a batch was not enough for all who waited, they ask each for its own, in one turn.
    const batches = waited ? missing : missing.map(inBatch);
    const before = waited ? undefined : missing.map(({ key }) => underWay.get(key)).find(Boolean);
    if (!before) return ask(entries, taken, batches, now);
    putBack(entries, taken, now);
    const again = (): MaybePromise<readonly LimitState[]> => consume(entries, now, true);
    return before.then(again, again);
  }

  return {
    ...(store.algorithms && { algorithms: store.algorithms }),
    ...(store.processes && { processes: () => store.processes?.() ?? 1 }),
    consume(entries, now) {
      giveBackExpired(now);
      return consume(entries, now, false);
    },
    refund(entries, now) {
      const others = entries.filter((entry) => !leases.giveBack(entry, now));
      return others.length > 0 ? store.refund(others, now) : undefined;
    },
    ...(store.inspect && {
      inspect: (entries: readonly LimitEntry[], now: number) =>
        andThen(store.inspect?.(entries, now) ?? [], (states) =>
          states.map((state, i) => withHeld(state, entries[i], now)),
        ),
    }),
    reset(keys) {
      epoch += 1;
      leases.forget(keys);
      return store.reset(keys);
    },
  };

  /** What this process holds is free to it. */
  function withHeld(state: LimitState, entry: LimitEntry | undefined, now: number): LimitState {
    const held = entry ? leases.held(entry, now) : 0;
    if (!entry || held === 0) return state;
    const remaining = state.remaining + held;
    return held < entry.cost
      ? { ...state, remaining }
      : { ...state, remaining, allowed: true, retryAfterMs: 0 };
  }
}

/** How much is taken of a counter at once; 0 where each request is asked for. */
function batchOf(entry: LimitEntry, batch: number): number {
  if (entry.algorithm === 'concurrency') return 0;
  const most = Math.min(batch, Math.floor((entry.burst ?? entry.limit) / batchesInALimit));
  return most >= 2 ? most : 0;
}

function isAllowed(states: readonly LimitState[]): boolean {
  return states.length > 0 && states.every((state) => state.allowed);
}

function quietly(run: () => MaybePromise<void>): void {
  try {
    const done = run();
    if (isPromise(done)) done.catch(() => {});
  } catch {
    // As said: what was not given back stays counted.
  }
}
