import {
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  toMilliseconds,
  toSeconds,
} from '@secapi/kernel';
import { type Reading, type SettingField, wrong } from './field.js';

/**
 * A setting of your own.
 *
 * @param read what its text means, or the rest of a sentence that begins with the variable's name
 * @example
 * ```ts
 * const origin = setting((text) => (isOrigin(text) ? { ok: true, value: text } : { ok: false, problem: 'must be an origin' }));
 * ```
 */
export function setting<T>(read: (text: string) => Reading<T>): SettingField<T, false> {
  return { setting: true, optional: false, read };
}

/** Any text, up to 1,024 characters unless it says otherwise. */
export function text(options: { readonly max?: number } = {}): SettingField<string, false> {
  checkOptions('text', options, ['max']);
  const max = checkNumber('text.max', options.max ?? 1_024, { min: 1, max: 65_536 });
  return setting((value) =>
    value.length > max ? wrong(`is longer than ${max} characters`) : { ok: true, value },
  );
}

/** A whole number within bounds, in decimal digits alone: `1e3`, `0x10` and `+1` are none. */
export function integer(options: {
  readonly min: number;
  readonly max: number;
}): SettingField<number, false> {
  checkOptions('integer', options, ['min', 'max']);
  const bounds = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
  const min = checkNumber('integer.min', options.min, bounds);
  const max = checkNumber('integer.max', options.max, { min, max: bounds.max });
  return setting((text) => {
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    const isGood = value >= min && value <= max;
    return isGood ? { ok: true, value } : wrong(`must be a whole number from ${min} to ${max}`);
  });
}

/** One of some words. */
export function choice<const Word extends string>(...words: readonly Word[]): SettingField<Word, false> {
  if (words.length === 0) throw new ConfigError('choice', 'has no word', "write choice('on', 'off')");
  return setting((text) => {
    const found = words.find((word) => word === text);
    return found === undefined ? wrong(`must be one of ${words.join(', ')}`) : { ok: true, value: found };
  });
}

/** `true` or `false`, and nothing else: a `0` or `no` that counts as set turns on what it should turn off. */
export function flag(): SettingField<boolean, false> {
  return setting((text) =>
    text === 'true' || text === 'false'
      ? { ok: true, value: text === 'true' }
      : wrong('must be true or false'),
  );
}

/** A span of time such as `90s`, `15m`, `12h` or `30d`, within bounds. */
export function duration(options: {
  readonly min: Duration;
  readonly max: Duration;
}): SettingField<Duration, false> {
  checkOptions('duration', options, ['min', 'max']);
  const { min, max } = options;
  const bounds = { min: toSeconds('duration.min', min), max: toSeconds('duration.max', max) };
  return setting((text) => {
    const value = text as Duration; // which it is if the next line doesn't throw
    try {
      toMilliseconds('duration', value, bounds);
      return { ok: true, value };
    } catch {
      return wrong(`must be a time from ${min} to ${max}, such as 90s, 15m, 12h or 30d`);
    }
  });
}

/** Several of a setting, separated by commas; none are an empty list, and empty parts are passed over. */
export function list<T>(
  field: SettingField<T>,
  options: { readonly max?: number } = {},
): SettingField<readonly T[], false> {
  checkOptions('list', options, ['max']);
  const max = checkNumber('list.max', options.max ?? 100, { min: 1, max: 10_000 });
  return setting((text) => {
    const parts = text.split(',').flatMap((part) => part.trim() || []);
    if (parts.length > max) return wrong(`lists more than ${max}`);
    const values: T[] = [];
    for (const [i, part] of parts.entries()) {
      const reading = field.read(part);
      if (!reading.ok) return wrong(`${reading.problem} (number ${i + 1} of the list)`);
      values.push(reading.value);
    }
    return { ok: true, value: values };
  });
}
