import { ConfigError } from './errors.js';

/**
 * Refuses options that are not known, so that a misspelt one can't silently fall back to a default.
 *
 * @param option where the options stand, for example `cors`
 * @throws ConfigError when `value` is not a plain object or has a key that is not in `known`
 */
export function checkOptions(option: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(option, 'is not an object', `pass { ${known.join(', ')} }`);
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw new ConfigError(`${option}.${key}`, 'is not an option', `use one of ${known.join(', ')}`);
    }
  }
}

/**
 * A number within bounds.
 *
 * @throws ConfigError when it is not finite, not a whole number (unless `fraction`), or out of bounds
 */
export function checkNumber(
  option: string,
  value: unknown,
  bounds: { readonly min: number; readonly max: number; readonly fraction?: boolean },
): number {
  const { min, max, fraction } = bounds;
  if (typeof value !== 'number' || !Number.isFinite(value) || (!fraction && !Number.isInteger(value))) {
    throw new ConfigError(option, 'is not a finite number', `use a whole number from ${min} to ${max}`);
  }
  if (value < min || value > max) {
    throw new ConfigError(option, `is ${value}`, `use a number from ${min} to ${max}`);
  }
  return value;
}
