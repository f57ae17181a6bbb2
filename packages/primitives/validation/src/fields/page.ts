import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import * as v from 'valibot';
import { formatWrong, notOffered, textSchema, type Wrong, wrong } from '../internal/text-schema.js';
import { isPrototypeKey } from '../prototype-key.js';
import type { TextField } from './text.js';

/** A text field that may be left out. */
export type OptionalTextField = v.OptionalSchema<TextField, undefined>;
/** A page size from a query string: a text comes in, a number goes out. */
export type LimitField = v.OptionalSchema<v.GenericSchema<string, number>, string>;

/** One key of an order. */
export interface SortKey<Name extends string = string> {
  readonly field: Name;
  readonly direction: 'asc' | 'desc';
}
/** An order from a query string: a text comes in, a list goes out. */
export type SortField<Name extends string> = v.OptionalSchema<
  v.GenericSchema<string, readonly SortKey<Name>[]>,
  string
>;

export function limit(options: { readonly default?: number; readonly max?: number } = {}): LimitField {
  checkOptions('limit', options, ['default', 'max']);
  const max = checkNumber('limit.max', options.max ?? 100, { min: 1, max: 100_000 });
  const usual = checkNumber('limit.default', options.default ?? Math.min(50, max), { min: 1, max });
  const tooLong = wrong('max_length', 6);
  const tooSmall = wrong('min_value', 1);
  const tooLarge = wrong('max_value', max);
  const size = textSchema((text): number | Wrong => {
    if (text.length > 6) return tooLong;
    if (!/^(?:0|[1-9][0-9]{0,5})$/.test(text)) return formatWrong;
    const value = Number(text);
    if (value < 1) return tooSmall;
    return value > max ? tooLarge : value;
  });
  return v.optional<v.GenericSchema<string, number>, string>(size, String(usual));
}

export function cursor(): OptionalTextField {
  const tooLong = wrong('max_length', 512);
  return v.optional<TextField>(
    textSchema((text) => {
      if (text.length > 512) return tooLong;
      return /^[A-Za-z0-9_.~=-]{1,512}$/.test(text) ? text : formatWrong;
    }),
  );
}

export function sort<const Name extends string>(
  names: readonly [Name, ...Name[]],
  options: { readonly default?: Name | `-${Name}`; readonly max?: number } = {},
): SortField<Name> {
  checkOptions('sort', options, ['default', 'max']);
  if (!Array.isArray(names) || names.length === 0)
    throw new ConfigError(
      'sort',
      'names no field',
      "list those that may be sorted by, like sort(['createdAt'])",
    );
  for (const name of names as readonly string[]) {
    if (!/^[A-Za-z_][A-Za-z0-9_.]{0,63}$/.test(name) || isPrototypeKey(name)) {
      throw new ConfigError('sort', `names '${name}', which is no field`, 'use letters, digits, _ and .');
    }
  }
  const known = new Map<string, Name>((names as readonly Name[]).map((name) => [name, name]));
  const max = checkNumber('sort.max', options.max ?? Math.min(3, known.size), { min: 1, max: known.size });
  const maxUnits = [...known.keys()].reduce((sum, name) => sum + name.length + 2, 0);
  const tooLong = wrong('max_length', maxUnits);
  const tooMany = wrong('max_length', max);

  function read(text: string): readonly SortKey<Name>[] | Wrong {
    if (text === '') return [];
    if (text.length > maxUnits) return tooLong;
    const keys: SortKey<Name>[] = [];
    for (const part of text.split(',')) {
      const descending = part.startsWith('-');
      const field = known.get(descending ? part.slice(1) : part);
      if (field === undefined) return notOffered;
      if (keys.some((key) => key.field === field)) return formatWrong;
      if (keys.length === max) return tooMany;
      keys.push({ field, direction: descending ? 'desc' : 'asc' });
    }
    return keys;
  }

  const usual = options.default ?? '';
  if (!Array.isArray(read(usual)))
    throw new ConfigError('sort.default', 'is not one of the fields', `use one of ${names.join(', ')}`);
  return v.optional<v.GenericSchema<string, readonly SortKey<Name>[]>, string>(textSchema(read), usual);
}
