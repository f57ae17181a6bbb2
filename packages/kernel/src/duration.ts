import { ConfigError } from './errors.js';

/** A span of time: a number of **seconds**, or a number with a unit, such as `'500ms'`, `'30s'`, `'15m'`, `'1h'`, `'7d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** Bounds of a duration, in seconds. */
export interface DurationBounds {
  /** @default 0.001 */
  readonly min?: number;
  /** @default ten years */
  readonly max?: number;
}

const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const tenYears = 10 * 366 * 86_400;

/**
 * A duration as whole milliseconds.
 *
 * @param option where it stands, for the message
 * @throws ConfigError when it is not finite, malformed or out of bounds
 */
export function toMilliseconds(option: string, duration: Duration, bounds: DurationBounds = {}): number {
  const { min = 0.001, max = tenYears } = bounds;
  const milliseconds = parse(duration);
  if (milliseconds === undefined) {
    throw new ConfigError(
      option,
      'is not a duration',
      "use seconds as a finite number, or a text like '15m' or '500ms'",
    );
  }
  if (milliseconds < min * 1_000 || milliseconds > max * 1_000) {
    throw new ConfigError(option, 'is out of bounds', `use a duration from ${min} to ${max} seconds`);
  }
  return Math.round(milliseconds);
}

/**
 * A duration as seconds.
 *
 * @throws ConfigError as {@link toMilliseconds}
 */
export function toSeconds(option: string, duration: Duration, bounds?: DurationBounds): number {
  return toMilliseconds(option, duration, bounds) / 1_000;
}

function parse(duration: unknown): number | undefined {
  if (typeof duration === 'number') return Number.isFinite(duration) ? duration * 1_000 : undefined;
  if (typeof duration !== 'string' || duration.length > 20) return undefined;
  const match = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(duration);
  if (!match) return undefined;
  return Number(match[1]) * unit[match[2] as keyof typeof unit];
}
