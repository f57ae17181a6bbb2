import { existsSync, readFileSync } from 'node:fs';
import { memoryRateLimitStore } from '@secapi/rate-limit';
import { MemoryStore, type Options } from 'express-rate-limit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { median } from '../stats.js';
import { keysBetween } from './keys.js';
import { koaLimit, limit, windowMs } from './memory.js';

/** What a process found that filled one counter of requests with keys. */
export interface Filled {
  /** Making it, in milliseconds. */
  readonly startMs: number;
  /** The longest time from one new key to the next, in milliseconds: growing, collecting garbage; not waiting for a processor. */
  readonly stallMs: number;
  readonly bytesPerKey: number;
  /** A decision on a key that is there, in nanoseconds. */
  readonly nanos: number;
}

/** Who counts, made for so many keys. */
export const fillers = {
  'secapi, store'(keys: number) {
    const store = memoryRateLimitStore({ maxKeys: keys });
    return (key: string) => store.consume([{ key, limit, windowMs, cost: 1 }], Date.now());
  },
  'express-rate-limit, store'() {
    const store = new MemoryStore();
    store.init({ windowMs } as Options); // it reads nothing else
    return (key: string) => store.increment(key);
  },
  'koa-ratelimit, middleware': () => koaLimit(new Map()),
  'rate-limiter-flexible'() {
    const limiter = new RateLimiterMemory({ points: limit, duration: windowMs / 1_000 });
    return (key: string) => limiter.consume(key);
  },
} as const satisfies Record<string, (keys: number) => (key: string) => unknown>;

export type FillerName = keyof typeof fillers;

export function isFiller(name: string | undefined): name is FillerName {
  return name !== undefined && Object.hasOwn(fillers, name);
}

const atOnce = 100;

/** Fills one with keys and measures it, in a process that has done nothing else. */
export async function fill(name: FillerName, keys: number): Promise<Filled> {
  await decide(fillers[name](20_000), 20_000, 40_000); // compiled by now
  const copies = Math.ceil(100_000 / keys); // one with a thousand keys would drown in what else a process holds
  const before = await memory();
  const start = performance.now();
  const counts = Array.from({ length: copies }, () => fillers[name](keys));
  const startMs = (performance.now() - start) / copies;
  let stallMs = 0;
  for (const count of counts) stallMs = Math.max(stallMs, await addKeys(count, keys));
  const bytesPerKey = ((await memory()) - before) / keys / copies;
  const [count = fillers[name](keys)] = counts;
  await decide(count, keys, 100_000);
  const nanos = await decide(count, keys, 300_000);
  return { startMs, stallMs, bytesPerKey, nanos };
}

async function addKeys(count: (key: string) => unknown, keys: number): Promise<number> {
  let stall = 0;
  for (let first = 0; first < keys; first += atOnce) {
    const delayed = processorDelay();
    let longest = 0;
    let last = performance.now();
    for (const key of keysBetween(first, Math.min(first + atOnce, keys))) {
      const counted = count(key);
      if (counted instanceof Promise) await counted;
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    if (longest > stall) stall = Math.max(stall, longest - (processorDelay() - delayed));
  }
  return stall;
}

const scheduled = '/proc/self/schedstat';
const tellsDelay = existsSync(scheduled);

/** For how many milliseconds this thread has waited for a processor that others used, where the system tells: nothing that it did itself. */
export function processorDelay(): number {
  return tellsDelay ? Number(readFileSync(scheduled, 'utf8').split(' ')[1]) / 1e6 : 0;
}

/** The median of many short spells. Keys are new texts, made outside of the time that is taken. */
async function decide(count: (key: string) => unknown, keys: number, times: number): Promise<number> {
  const nanos: number[] = [];
  for (let done = 0; done < times; done += atOnce) {
    const first = (done * 7_919) % Math.max(1, keys - atOnce);
    const taken = keysBetween(first, first + atOnce);
    const start = process.hrtime.bigint();
    for (const key of taken) {
      const counted = count(key);
      if (counted instanceof Promise) await counted;
    }
    nanos.push(Number(process.hrtime.bigint() - start) / atOnce);
  }
  return median(nanos);
}

/** What the process holds once its garbage is collected. */
async function memory(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
