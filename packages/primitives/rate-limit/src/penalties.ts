import {
  andThen,
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  isPromise,
  type MaybePromise,
  SecapiError,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import type { RateLimitErrorCode } from './errors.js';
import { withDeadline } from './internal/deadline.js';
import { createRecollection } from './internal/recollection.js';
import type { Penalty, PenaltyBounds } from './penalty.js';
import { type MemoryPenaltyStore, memoryPenaltyStore, type PenaltyStore } from './penalty-store.js';

/** How penalties grow. */
export interface PenaltyOptions {
  /** From so many offences on, answers are to be delayed. @default 3 */
  readonly delayAfter?: number;
  /** The first delay; each further offence doubles it. @default '250ms' */
  readonly delay?: Duration;
  /** @default '4s' */
  readonly maxDelay?: Duration;
  /** From so many offences on, each one bans. @default 10 */
  readonly banAfter?: number;
  /** The first ban. @default '1m' */
  readonly ban?: Duration;
  /** How many times as long as the last the next ban is. @default 2 */
  readonly growth?: number;
  /** @default '1d' */
  readonly maxBan?: Duration;
  /** Offences are forgotten when there was none for so long, counted from the end of a ban. @default '1h' */
  readonly forget?: Duration;
}

/** Options of {@link createPenalties}. */
export interface PenaltiesOptions extends PenaltyOptions {
  /** @default memoryPenaltyStore() */
  readonly store?: PenaltyStore;
  /**
   * For how long this process goes by what an asynchronous store said of a key: how late a ban or a pardon of another process may be
   * heard here.
   *
   * @default '1s'
   */
  readonly remember?: Duration;
  /** How long an asynchronous store may take. @default '100ms' */
  readonly deadline?: Duration;
  /** Told of each failure of the store; the error holds no key. Meanwhile this process's memory decides. */
  readonly onStoreFailure?: (error: SecapiError<RateLimitErrorCode>) => void;
  /** @default systemClock */
  readonly now?: Clock;
}

/** Penalties that grow with each offence. A store that answers at once gives plain values. */
export interface Penalties {
  /** What the key has to bear. The caller refuses, or holds the answer back. */
  check(key: string): MaybePromise<Penalty>;
  /** Counts an offence, such as a request past a limit, and says what the key has to bear from now on. */
  offend(key: string): MaybePromise<Penalty>;
  /** Forgets a key's offences and ends its ban, for an operator. Unlike the others, it fails when the store does. */
  pardon(key: string): MaybePromise<void>;
}

const durations = ['delay', 'maxDelay', 'ban', 'maxBan', 'forget'] as const;
const counts = ['delayAfter', 'banAfter', 'growth'];
const mostRemembered = 10_000;

/**
 * Makes penalties that grow with each offence: delays, and then bans. An offence during a ban counts nothing.
 *
 * When a store fails or is late, this process's memory counts in its place: they come on top of limits, which hold on their own.
 *
 * @throws ConfigError when an option is unknown or out of bounds, or `banAfter` is below `delayAfter`
 */
export function createPenalties(options: PenaltiesOptions = {}): Penalties {
  checkOptions('createPenalties', options, [
    ...durations,
    ...counts,
    'store',
    'remember',
    'deadline',
    'onStoreFailure',
    'now',
  ]);
  const bounds = toBounds(options);
  const { store = memoryPenaltyStore(), onStoreFailure, now = systemClock } = options;
  const deadline = toMilliseconds('createPenalties.deadline', options.deadline ?? '100ms', { max: 60 });
  const remember = toMilliseconds('createPenalties.remember', options.remember ?? '1s', { max: 60 });
  const remembered = createRecollection<Penalty>(mostRemembered);
  let local: MemoryPenaltyStore | undefined;

  function ask(key: string, what: 'check' | 'offend'): MaybePromise<Penalty> {
    const time = now();
    try {
      const penalty = store[what](key, bounds, time);
      if (!isPromise(penalty)) return penalty;
      const from = remembered.epoch;
      return withDeadline(penalty, deadline).then(
        (known) => {
          // A ban that is over sooner is asked about when it is over.
          const until = time + (known.banned ? Math.min(remember, known.retryAfterMs) : remember);
          remembered.keep(key, known, time, until, from);
          return known;
        },
        (error) => askLocal(key, what, time, error),
      );
    } catch (error) {
      return askLocal(key, what, time, error);
    }
  }

  function askLocal(key: string, what: 'check' | 'offend', time: number, error: unknown): Penalty {
    const isLate = error instanceof SecapiError && error.code === 'RATE_LIMIT_STORE_TIMEOUT';
    const failed = (): SecapiError<RateLimitErrorCode> =>
      new SecapiError('RATE_LIMIT_STORE_FAILED', 'the store of penalties failed', { cause: error });
    onStoreFailure?.(isLate ? (error as SecapiError<RateLimitErrorCode>) : failed()); // just looked at
    local ??= memoryPenaltyStore();
    return local[what](key, bounds, time);
  }

  /** What the store said a moment ago. */
  function recall(key: string): Penalty | undefined {
    const time = now();
    const found = remembered.recall(key, time);
    if (!found?.value.banned) return found?.value;
    return { ...found.value, retryAfterMs: Math.max(1, found.value.retryAfterMs - (time - found.since)) };
  }

  return {
    check: (key) => recall(key) ?? ask(key, 'check'),
    offend(key) {
      const known = recall(key);
      return known?.banned ? known : ask(key, 'offend');
    },
    pardon(key) {
      remembered.forget(key);
      local?.pardon(key);
      const done = store.pardon(key);
      return isPromise(done) ? andThen(withDeadline(done, deadline), () => remembered.forget(key)) : done;
    },
  };
}

function toBounds(options: PenaltyOptions): PenaltyBounds {
  const time = (name: (typeof durations)[number], fallback: Duration) =>
    toMilliseconds(`createPenalties.${name}`, options[name] ?? fallback, { max: 31 * 86_400 });
  const count = (name: 'delayAfter' | 'banAfter', fallback: number) =>
    checkNumber(`createPenalties.${name}`, options[name] ?? fallback, { min: 1, max: 1_000_000 });
  const growth = options.growth ?? 2;
  if (typeof growth !== 'number' || !(growth >= 1 && growth <= 100)) {
    throw new ConfigError('createPenalties.growth', 'is out of bounds', 'use a number from 1 to 100');
  }
  const bounds = {
    delayAfter: count('delayAfter', 3),
    delayMs: time('delay', '250ms'),
    maxDelayMs: time('maxDelay', '4s'),
    banAfter: count('banAfter', 10),
    banMs: time('ban', '1m'),
    growth,
    maxBanMs: time('maxBan', '1d'),
    forgetMs: time('forget', '1h'),
  };
  if (bounds.banAfter < bounds.delayAfter) {
    throw new ConfigError('createPenalties.banAfter', 'is below delayAfter', 'ban later than you delay');
  }
  if (bounds.maxBanMs < bounds.banMs) {
    throw new ConfigError('createPenalties.maxBan', 'is below ban', 'use a longer one, or a shorter ban');
  }
  if (bounds.maxDelayMs < bounds.delayMs) {
    throw new ConfigError(
      'createPenalties.maxDelay',
      'is below delay',
      'use a longer one, or a shorter delay',
    );
  }
  return bounds;
}
