import { SecapiError } from '@secapi/kernel';
import type { LimitEntry, LimitState, RefundEntry } from '@secapi/rate-limit';
import type { RedisErrorCode } from '../errors.js';
import type { BatchItem } from './batches.js';
import { unreadable } from './lines.js';
import { numberOf } from './lua/counters.js';

/** What is asked of limits at once. */
export interface Asked<Entry> {
  readonly entries: readonly Entry[];
  readonly now: number;
}

type Item<Entry, Result> = BatchItem<Asked<Entry>, Result>;
type Values = (string | number)[];

/** How many entries of a log cost Redis what a counter that is a number does: to copy, or to look at one by one. */
const perCounter = 32;

/** How much fits at once. */
export function capacityOf({ algorithm, limit = 1, burst = limit }: Partial<LimitEntry>): number {
  return algorithm === 'token-bucket' || algorithm === 'gcra' ? burst : limit;
}

/**
 * How many counters a request counts for: a log costs Redis more than a number does, by its length.
 *
 * @throws TypeError when a number is none: in a batch it would be the error of all
 */
export function weightOf(entries: readonly (LimitEntry | RefundEntry)[]): number {
  let weight = 0;
  for (const entry of entries) {
    const { algorithm, limit = 1, windowMs, cost } = entry;
    const at = 'at' in entry ? entry.at : 0;
    if (!isFine(limit) || !isFine(windowMs) || !isFine(cost) || !isFine(capacityOf(entry)) || !isFine(at))
      throw new TypeError('a limit, window, cost, burst or time is not a number from 0');
    if (numberOf(algorithm) === 0) throw new TypeError(`no algorithm is named '${algorithm}'`);
    const log = algorithm === 'sliding-log' || algorithm === 'concurrency';
    weight += log ? 1 + Math.ceil((limit + Math.min(cost, limit)) / perCounter) : 1;
  }
  return weight;
}

function isFine(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** The keys of a batch, and its requests as the script takes them: those together that follow each other with the same limits and costs. */
export function toRows(
  items: readonly Item<LimitEntry, LimitState[]>[],
  toKey: (counter: string) => string,
  args: Values,
  push: (args: Values, entry: LimitEntry) => void = pushShape,
): string[] {
  const keys: string[] = [];
  let first: readonly LimitEntry[] | undefined;
  let countAt = 0;
  let count = 0;
  for (const { value } of items) {
    const { entries } = value;
    if (!first || !isAlike(first, entries)) {
      if (first) args[countAt] = count;
      first = entries;
      count = 0;
      countAt = args.push(0, entries.length) - 2;
      for (const entry of entries) push(args, entry);
    }
    count += 1;
    for (const { key } of entries) keys.push(toKey(key));
  }
  args[countAt] = count;
  return keys;
}

/** Whether all limits of a batch are sliding windows. */
export function areWindows(items: readonly Item<LimitEntry, LimitState[]>[]): boolean {
  for (const { value } of items) {
    for (const { algorithm } of value.entries) {
      if (algorithm !== undefined && algorithm !== 'sliding-window') return false;
    }
  }
  return true;
}

/** What the script of sliding windows is told of a limit. */
export function pushWindow(args: Values, { limit, windowMs, cost }: LimitEntry): void {
  args.push(limit, windowMs, cost);
}

/** The keys of a batch of refunds, and the refunds as the script takes them. */
export function toRefunds(
  items: readonly Item<RefundEntry, void>[],
  toKey: (counter: string) => string,
  args: Values,
): string[] {
  const keys: string[] = [];
  for (const { value } of items) {
    for (const entry of value.entries) {
      keys.push(toKey(entry.key));
      pushShape(args, entry);
      args.push(entry.at);
    }
  }
  return keys;
}

function pushShape(args: Values, entry: LimitEntry | RefundEntry): void {
  const { algorithm, limit = 1, windowMs, cost } = entry;
  args.push(numberOf(algorithm), limit, windowMs, capacityOf(entry), cost);
}

function isAlike(some: readonly LimitEntry[], others: readonly LimitEntry[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) {
    const one = some[i];
    const other = others[i];
    if (
      one?.limit !== other?.limit ||
      one?.windowMs !== other?.windowMs ||
      one?.cost !== other?.cost ||
      one?.algorithm !== other?.algorithm ||
      one?.burst !== other?.burst
    )
      return false;
  }
  return true;
}

/** Gives each request of a batch its part of the answer: the time, then two values a counter. */
export function settleStates(
  items: readonly Item<LimitEntry, LimitState[]>[],
  answer: unknown,
  counters: number,
): void {
  const values: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const at = values[0];
  if (values.length !== 1 + counters * 2 || typeof at !== 'number') throw unreadable();
  let place = 1;
  for (const { value, resolve, reject } of items) {
    const states: LimitState[] = [];
    let problem: SecapiError | undefined;
    for (const { key } of value.entries) {
      const remaining = values[place];
      const reset = values[place + 1];
      place += 2;
      if (typeof remaining === 'number' && typeof reset === 'number')
        states.push(
          reset < 0
            ? {
                allowed: false,
                remaining,
                resetMs: -1 - reset,
                retryAfterMs: -1 - reset,
                at,
                counter: key,
              }
            : { allowed: true, remaining, resetMs: reset, retryAfterMs: 0, at, counter: key },
        );
      else problem ??= toError(remaining);
    }
    if (problem) reject(problem);
    else resolve(states);
  }
}

/** Tells each item of a batch of refunds whether all of it was given back. */
export function settleRefunds(
  items: readonly Item<RefundEntry, void>[],
  answer: unknown,
  counters: number,
): void {
  const codes: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (codes.length !== counters) throw unreadable();
  let place = 0;
  for (const { value, resolve, reject } of items) {
    const code = codes.slice(place, place + value.entries.length).find((one) => one !== 0);
    place += value.entries.length;
    if (code === undefined) resolve();
    else reject(toError(code));
  }
}

function toError(code: unknown): SecapiError<RedisErrorCode> {
  if (code === 'UNREADABLE' || typeof code !== 'string' || !/^[A-Z]{2,20}$/.test(code)) return unreadable();
  return new SecapiError('REDIS_FAILED', `redis answered with ${code}`);
}
