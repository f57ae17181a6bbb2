import { checkNumber, SecapiError } from '@secapi/kernel';
import type { RedisErrorCode } from '../errors.js';
import { nameLength } from './keys.js';

/*
 * Records as one string each, a field a line, so that a value and its expiry are one command. Texts are in JSON, which has no line break and
 * no lone surrogate in it; times are decimal, with their fractions.
 */

/** The record of these fields. */
export function toLines(fields: readonly string[]): string {
  return fields.map((field) => `${field}\n`).join('');
}

/**
 * The fields of a record.
 *
 * @throws SecapiError `REDIS_FAILED` when it is not one of so many fields
 */
export function fromLines(value: unknown, count: number): string[] {
  const fields = typeof value === 'string' ? value.split('\n') : [];
  if (fields.length !== count + 1) throw unreadable();
  return fields.slice(0, count);
}

/** What a field holds in JSON. */
export function fromJson(field: string | undefined): unknown {
  try {
    return JSON.parse(field ?? '');
  } catch {
    throw unreadable();
  }
}

/** The text that a field holds in JSON. */
export function toText(field: string | undefined): string {
  const text = fromJson(field);
  if (typeof text !== 'string') throw unreadable();
  return text;
}

/** The time that a field holds. */
export function toTime(field: string | undefined): number {
  const time = field ? Number(field) : Number.NaN;
  if (!Number.isFinite(time)) throw unreadable();
  return time;
}

/** A time or a span as a script gets it: a number that Lua reads as the same one. */
export function ofTime(where: string, time: number): string {
  return String(checkNumber(where, time, { min: 0, max: 8_640_000_000_000_000, fraction: true })); // the last time that a Date can hold
}

/** The error for an answer or a value that isn't one of ours. */
export function unreadable(): SecapiError<RedisErrorCode> {
  return new SecapiError('REDIS_FAILED', 'redis gave an answer that can’t be read');
}

/**
 * The same in Lua; how the keys of one slot are named, whatever prefix a client puts before them; and how long a key is kept: a day longer than it
 * holds, since the clocks of processes differ.
 */
export const linesLua: string = String.raw`
local slot = string.sub(KEYS[1], 1, -${nameLength + 3})

local function key_of(sort, name)
  return slot .. sort .. ':' .. name
end

local function name_in(key)
  return string.sub(key, -${nameLength})
end

local function fields_of(value, count)
  local fields = {}
  for field in string.gmatch(value, '([^\n]*)\n') do fields[#fields + 1] = field end
  if #fields ~= count then error('unreadable') end
  return fields
end

local function lines_of(fields)
  return table.concat(fields, '\n') .. '\n'
end

local function names_in(key)
  local names = {}
  for name in string.gmatch(redis.call('GET', key) or '', '[^\n]+') do names[#names + 1] = name end
  return names
end

local function keep(left)
  return string.format('%.0f', math.min(math.max(left, 0), 4e12) + 86400000)
end

local function keep_longer(key, left)
  return string.format('%.0f', math.max(tonumber(keep(left)), redis.call('PTTL', key)))
end
`;
