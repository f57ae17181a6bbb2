/** The time as milliseconds since 1970-01-01T00:00:00Z. Everything in secapi takes it as `now`, so that tests can set it. */
export type Clock = () => number;

/** The machine's own clock. */
export const systemClock: Clock = () => Date.now();
