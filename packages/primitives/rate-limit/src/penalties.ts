import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import { createKeyTable } from './internal/key-table.js';
import {
  offend,
  type Penalty,
  type PenaltyBounds,
  type PenaltyState,
  penaltyEnd,
  penaltyOf,
} from './penalty.js';

/** Options of {@link createPenalties}. */
export interface PenaltiesOptions {
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
  /** How many offenders are known at the same time. @default 10_000 */
  readonly maxKeys?: number;
  /** @default systemClock */
  readonly now?: Clock;
}

/** Penalties that grow with each offence, in the memory of this process. */
export interface Penalties {
  /** What the key has to bear. The caller refuses, or holds the answer back. */
  check(key: string): Penalty;
  /** Counts an offence, such as a request past a limit, and says what the key has to bear from now on. */
  offend(key: string): Penalty;
  /** Forgets a key's offences and ends its ban, for an operator. */
  pardon(key: string): void;
  /** How many offenders are known. */
  readonly size: number;
}

/**
 * Makes a memory of offenders, within a hard bound: when `maxKeys` of them are known, none is forgotten before its time, and who offends
 * anew goes without a penalty. What a limit refuses it refuses all the same.
 *
 * @throws ConfigError when an option is unknown or out of bounds, or `banAfter` is below `delayAfter`
 */
export function createPenalties(options: PenaltiesOptions = {}): Penalties {
  const bounds = toBounds(options);
  const now = options.now ?? systemClock;
  const maxKeys = checkNumber('createPenalties.maxKeys', options.maxKeys ?? 10_000, {
    min: 1,
    max: 1_000_000,
  });
  const table = createKeyTable<PenaltyState>(
    maxKeys,
    () => 1,
    (state) => penaltyEnd(state, bounds),
  );

  return {
    get size() {
      return table.size;
    },
    check: (key) => penaltyOf(table.get(key), bounds, now()),
    offend(key) {
      const time = now();
      const before = table.get(key);
      if (!before && !table.hasRoom(time)) return penaltyOf(undefined, bounds, time);
      const state = offend(before, bounds, time);
      table.set(key, state);
      return penaltyOf(state, bounds, time);
    },
    pardon: (key) => table.remove(key),
  };
}

function toBounds(options: PenaltiesOptions): PenaltyBounds {
  const durations = ['delay', 'maxDelay', 'ban', 'maxBan', 'forget'] as const;
  checkOptions('createPenalties', options, [
    ...durations,
    'delayAfter',
    'banAfter',
    'growth',
    'maxKeys',
    'now',
  ]);
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
