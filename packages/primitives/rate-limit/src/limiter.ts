import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  SecapiError,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import type { RateLimitErrorCode } from './errors.js';
import { withDeadline } from './internal/deadline.js';
import { createPseudonym } from './internal/pseudonym.js';
import { memoryRateLimitStore } from './memory-store.js';
import type { CompiledRule } from './rule.js';
import type { LimitState } from './sliding-window.js';
import type { LimitEntry, MaybePromise, RateLimitStore, RefundEntry } from './store.js';

/** One request against one limit. */
export interface LimitRequest {
  readonly rule: CompiledRule;
  /** Who it counts for: an address, an account, a tenant. */
  readonly key: string;
  /** @default 1 */
  readonly cost?: number;
}

/** A limit's state together with its rule. */
export type RuleState = LimitState & { readonly rule: CompiledRule };

/** What was decided, and the way to take it back. */
export interface Reservation {
  /** Whether every limit had room; if not, nothing was counted. */
  readonly allowed: boolean;
  /** One state for each request, in the order asked. */
  readonly states: readonly RuleState[];
  /** Who decided: the store, this process's own memory instead of it, or nobody (`whenStoreFails` is `'deny'` or `'allow'`). */
  readonly decidedBy: 'store' | 'local' | 'nobody';
  /** Gives back what was counted. Only the first call does; it never fails, whatever becomes of the store. */
  refund(): MaybePromise<void>;
}

/** Decides requests. */
export interface RateLimiter {
  /** Counts a request against all limits at once, or against none when one has no room. A synchronous store gives a plain value. */
  reserve(requests: readonly LimitRequest[]): MaybePromise<Reservation>;
  /** Forgets what was counted for these keys, for an operator. */
  reset(requests: readonly Pick<LimitRequest, 'rule' | 'key'>[]): MaybePromise<void>;
}

/** Options of {@link createRateLimiter}. */
export interface RateLimiterOptions {
  /** @default memoryRateLimitStore() */
  readonly store?: RateLimitStore;
  readonly now?: Clock;
  /**
   * What happens when the store fails or is late: count in this process's memory (`'local'`: the limit then holds for each process),
   * refuse (`'deny'`), or let through (`'allow'`).
   *
   * @default 'local'
   */
  readonly whenStoreFails?: 'local' | 'deny' | 'allow';
  /** How long an asynchronous store may take. @default '100ms' */
  readonly deadline?: Duration;
  /** At least 32 bytes: the store then sees HMAC-SHA256 pseudonyms, never an address or an account name. */
  readonly key?: Uint8Array;
  /** Told of each failure of the store: `error` holds no key. */
  readonly onStoreFailure?: (error: SecapiError<RateLimitErrorCode>) => void;
}

/**
 * Makes a limiter: requests are reserved before the work, and given back when they turn out not to count.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function createRateLimiter(options: RateLimiterOptions = {}): RateLimiter {
  checkOptions('createRateLimiter', options, [
    'store',
    'now',
    'whenStoreFails',
    'deadline',
    'key',
    'onStoreFailure',
  ]);
  const {
    store = memoryRateLimitStore(),
    now = systemClock,
    whenStoreFails = 'local',
    key,
    onStoreFailure,
  } = options;
  if (!['local', 'deny', 'allow'].includes(whenStoreFails)) {
    throw new ConfigError(
      'createRateLimiter.whenStoreFails',
      'is not known',
      "use 'local', 'deny' or 'allow'",
    );
  }
  if (key && (!(key instanceof Uint8Array) || key.length < 32)) {
    throw new ConfigError(
      'createRateLimiter.key',
      'is not a key of at least 32 bytes',
      'use 32 random bytes',
    );
  }
  const deadline = toMilliseconds('createRateLimiter.deadline', options.deadline ?? '100ms', { max: 60 });
  const pseudonym = key && createPseudonym(key);
  let local: RateLimitStore | undefined;

  function counterOf(request: Pick<LimitRequest, 'rule' | 'key'>): MaybePromise<string> {
    const { rule } = request;
    // The window is part of it, so that a changed rule begins anew instead of reading the old one's times.
    const plain = `${rule.name} ${rule.windowMs} ${request.key}`;
    return pseudonym ? pseudonym(plain) : plain;
  }

  function failed(error: unknown): void {
    const known = error instanceof SecapiError && error.code === 'RATE_LIMIT_STORE_TIMEOUT';
    const message = 'the store failed to decide';
    onStoreFailure?.(
      known
        ? (error as SecapiError<RateLimitErrorCode>) // its code was just seen
        : new SecapiError<RateLimitErrorCode>('RATE_LIMIT_STORE_FAILED', message, { cause: error }),
    );
  }

  function decide(
    requests: readonly LimitRequest[],
    entries: readonly LimitEntry[],
  ): MaybePromise<Reservation> {
    const time = now();
    function instead(error: unknown): Reservation {
      failed(error);
      return withoutStore(requests, entries, time);
    }
    try {
      const states = store.consume(entries, time);
      if (!isPromise(states)) return reservation(requests, entries, states, store, 'store');
      return withDeadline(states, deadline).then(
        (value) => reservation(requests, entries, value, store, 'store'),
        instead,
      );
    } catch (error) {
      return instead(error);
    }
  }

  function withoutStore(
    requests: readonly LimitRequest[],
    entries: readonly LimitEntry[],
    time: number,
  ): Reservation {
    if (whenStoreFails === 'local') {
      local ??= memoryRateLimitStore();
      const states = local.consume(entries, time) as readonly LimitState[]; // the memory store is synchronous
      return reservation(requests, entries, states, local, 'local');
    }
    const allowed = whenStoreFails === 'allow';
    const states = requests.map(({ rule }) => undecided(rule, allowed, time));
    return { allowed, states, decidedBy: 'nobody', refund() {} };
  }

  function reservation(
    requests: readonly LimitRequest[],
    entries: readonly LimitEntry[],
    states: readonly LimitState[],
    from: RateLimitStore,
    decidedBy: 'store' | 'local',
  ): Reservation {
    const ruleStates = requests.map(({ rule }, i) => withRule(rule, states[i]));
    const allowed = ruleStates.every((state) => state.allowed);
    let open = allowed;
    return {
      allowed,
      states: ruleStates,
      decidedBy,
      refund() {
        if (!open) return;
        open = false;
        return giveBack(from, entries, ruleStates);
      },
    };
  }

  function giveBack(
    from: RateLimitStore,
    entries: readonly LimitEntry[],
    states: readonly LimitState[],
  ): MaybePromise<void> {
    const refunds: RefundEntry[] = entries.map(({ key: asked, windowMs, cost }, i) => {
      const state = states[i];
      return { key: state?.counter ?? asked, windowMs, cost, at: state?.at ?? 0 };
    });
    try {
      const done = from.refund(refunds, now());
      if (isPromise(done)) return withDeadline(done, deadline).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  return {
    reserve(requests) {
      const entries: MaybePromise<LimitEntry>[] = [];
      let waits = false;
      for (const request of requests) {
        const { limit, windowMs } = request.rule;
        const cost =
          request.cost === undefined
            ? 1
            : checkNumber('reserve.cost', request.cost, { min: 1, max: 1_000_000_000 });
        const counter = counterOf(request);
        if (isPromise(counter)) {
          waits = true;
          entries.push(counter.then((text) => ({ key: text, limit, windowMs, cost })));
        } else entries.push({ key: counter, limit, windowMs, cost });
      }
      if (waits) return Promise.all(entries).then((ready) => decide(requests, ready));
      return decide(requests, entries as LimitEntry[]); // none of them waits
    },
    reset(requests) {
      const counters = requests.map(counterOf);
      if (counters.some(isPromise)) {
        return Promise.all(counters).then((keys) => forget(keys));
      }
      return forget(counters as string[]); // none of them waits
    },
  };

  function forget(keys: readonly string[]): MaybePromise<void> {
    local?.reset(keys);
    const done = store.reset(keys);
    return isPromise(done) ? withDeadline(done, deadline) : done;
  }
}

function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

function withRule(rule: CompiledRule, state: LimitState | undefined): RuleState {
  // A store that answers with too little has not allowed anything.
  if (!state) return undecided(rule, false, 0);
  const { allowed, remaining, resetMs, retryAfterMs, at, counter } = state;
  return { allowed, remaining, resetMs, retryAfterMs, at, counter, rule };
}

function undecided(rule: CompiledRule, allowed: boolean, at: number): RuleState {
  const retryAfterMs = allowed ? 0 : 1_000;
  return {
    allowed,
    remaining: allowed ? rule.limit : 0,
    resetMs: retryAfterMs,
    retryAfterMs,
    at,
    counter: '',
    rule,
  };
}
