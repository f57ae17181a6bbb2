/** What one offender has done, and what that costs. */
export interface PenaltyState {
  /** How often it offended since it was last forgotten. */
  readonly offences: number;
  /** When it last did, in milliseconds. */
  readonly last: number;
  /** When its ban ends; 0 for none. */
  readonly until: number;
}

/** How penalties grow; all times in milliseconds. */
export interface PenaltyBounds {
  /** From so many offences on, answers are to be delayed. */
  readonly delayAfter: number;
  /** The first delay; each further offence doubles it. */
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** From so many offences on, each one bans. */
  readonly banAfter: number;
  /** The first ban; each further one is `growth` times as long. */
  readonly banMs: number;
  readonly growth: number;
  readonly maxBanMs: number;
  /** Offences are forgotten when there was none for so long, counted from the end of a ban. */
  readonly forgetMs: number;
}

/** What an offender has to bear now. */
export interface Penalty {
  /** Whether it is refused whatever it asks. */
  readonly banned: boolean;
  /** Until the ban ends; 0 for none. */
  readonly retryAfterMs: number;
  /** For how long its answers are to be held back; 0 for not at all. */
  readonly delayMs: number;
}

/** The state after an offence. One during a ban counts nothing: knocking doesn't prolong it. */
export function offend(state: PenaltyState | undefined, bounds: PenaltyBounds, now: number): PenaltyState {
  const before = state && settle(state, bounds, now);
  if (before && before.until > now) return before;
  const offences = (before?.offences ?? 0) + 1;
  const beyond = offences - bounds.banAfter;
  const until = beyond < 0 ? 0 : now + grown(bounds.banMs, bounds.growth, beyond, bounds.maxBanMs);
  return { offences, last: now, until };
}

/** What a state means at `now`. */
export function penaltyOf(state: PenaltyState | undefined, bounds: PenaltyBounds, now: number): Penalty {
  const current = state && settle(state, bounds, now);
  if (!current) return { banned: false, retryAfterMs: 0, delayMs: 0 };
  if (current.until > now) return { banned: true, retryAfterMs: current.until - now, delayMs: 0 };
  const beyond = current.offences - bounds.delayAfter;
  const delayMs = beyond < 0 ? 0 : grown(bounds.delayMs, 2, beyond, bounds.maxDelayMs);
  return { banned: false, retryAfterMs: 0, delayMs };
}

/** The time from which on a state means nothing. */
export function penaltyEnd({ last, until }: PenaltyState, { forgetMs }: PenaltyBounds): number {
  return Math.max(last, until) + forgetMs;
}

/** The state as it stands at `now`. After the clock was set back, it ends no later than had it begun now. */
function settle(state: PenaltyState, bounds: PenaltyBounds, now: number): PenaltyState | undefined {
  const { offences } = state;
  const last = Math.min(state.last, now);
  const longest = grown(bounds.banMs, bounds.growth, offences - bounds.banAfter, bounds.maxBanMs);
  const until = Math.min(state.until, now + longest);
  return penaltyEnd({ offences, last, until }, bounds) <= now ? undefined : { offences, last, until };
}

function grown(first: number, growth: number, times: number, most: number): number {
  return Math.min(most, Math.round(first * growth ** Math.max(0, times)));
}
