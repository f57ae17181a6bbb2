import { ConfigError, checkOptions } from '@secapi/kernel';
import { formatWrong, textSchema, type Wrong, wrong } from '../internal/text-schema.js';
import type { TextField } from './text.js';

/** The first and the last that a field takes, written as the field gives them. */
export interface DateBounds {
  readonly min?: string;
  readonly max?: string;
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
// RFC 3339 with a capital T and Z, and what it says of leap seconds left out: no clock of a computer has them
const instantPattern =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const longestInstant = '2026-01-01T00:00:00.000000000+00:00'.length;
const tooSmall = wrong('min_value');
const tooLarge = wrong('max_value');

export function date(bounds: DateBounds = {}): TextField {
  return within('date', bounds, readDate);
}

export function instant(bounds: DateBounds = {}): TextField {
  return within('instant', bounds, readInstant);
}

const longerThanDate = wrong('max_length', 10);
const longerThanInstant = wrong('max_length', longestInstant);

function readDate(text: string): string | Wrong {
  if (text.length > 10) return longerThanDate;
  const match = datePattern.exec(text);
  return match && isDay(match) ? text : formatWrong;
}

function readInstant(text: string): string | Wrong {
  if (text.length > longestInstant) return longerThanInstant;
  const match = instantPattern.exec(text);
  if (!match || !isDay(match)) return formatWrong;
  const canonical = new Date(text).toISOString();
  return canonical.length === 24 ? canonical : formatWrong; // an offset can lead out of the four digits of a year
}

function isDay([, year, month, day]: RegExpExecArray): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (m < 1 || m > 12 || d < 1) return false;
  const leap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  return d <= (m === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31);
}

/** What is given always has the same length and order, so that texts compare as their times do. */
function within(option: string, bounds: DateBounds, read: (text: string) => string | Wrong): TextField {
  checkOptions(option, bounds, ['min', 'max']);
  const [min, max] = (['min', 'max'] as const).map((name) => {
    const text = bounds[name];
    const value = text === undefined ? undefined : read(text);
    if (value === undefined || typeof value === 'string') return value;
    const example = option === 'date' ? '2026-01-31' : '2026-01-31T00:00:00Z';
    throw new ConfigError(`${option}.${name}`, 'is not one', `write it like '${example}'`);
  });
  return textSchema((text) => {
    const value = read(text);
    if (typeof value !== 'string') return value;
    if (min !== undefined && value < min) return tooSmall;
    return max !== undefined && value > max ? tooLarge : value;
  });
}
