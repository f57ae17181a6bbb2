import { ConfigError } from './errors.js';

/**
 * Refuses options that are not known, so that a misspelt one can't silently fall back to a default.
 *
 * @param option where the options stand, for example `cors`
 * @throws ConfigError when `value` is not a plain object or has a key that is not in `known`
 */
export function checkOptions(option: string, value: unknown, known: readonly string[]): void {
  if (!isPlainObject(value)) {
    throw new ConfigError(option, 'is not a plain object', `pass { ${known.join(', ')} }`);
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw new ConfigError(`${option}.${key}`, 'is not an option', `use one of ${known.join(', ')}`);
    }
  }
}

/** An object literal, of this realm or another: a `Map` or a class instance would show no keys, and pass as no options. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
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
  const remedy = `use a ${fraction ? '' : 'whole '}number from ${min} to ${max}`;
  if (typeof value !== 'number' || !Number.isFinite(value) || (!fraction && !Number.isInteger(value))) {
    throw new ConfigError(option, fraction ? 'is not a finite number' : 'is not a whole number', remedy);
  }
  if (value < min || value > max) {
    throw new ConfigError(option, `is ${value}`, remedy);
  }
  return value;
}
