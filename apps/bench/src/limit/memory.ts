import { compileRule, createRateLimiter, memoryRateLimitStore, rateLimitHeaders } from '@secapi/rate-limit';
import { MemoryStore, type Options, rateLimit } from 'express-rate-limit';
import type { Context } from 'koa';
import ratelimit from 'koa-ratelimit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Part } from '../parts/part.js';
import { knownKeys, newKeys } from './keys.js';

export const windowMs = 900_000;
/** High enough that nobody is refused. */
export const limit = 1_000_000_000;
export const rule = compileRule({ name: 'api', limit, window: '15m' });

/** Counting in memory, by the stores alone and with what a request needs around them. */
export function memoryParts(count: number): Part[] {
  const clients = `${count.toLocaleString('en')} clients in turn`;
  return [
    {
      ...storePart(count, knownKeys(count)),
      title: `limit in memory, ${clients}, keys known`,
      note: 'Stores alone: the same texts as keys again and again, as the address of a connection is. The peers count in fixed windows, secapi in sliding ones.',
    },
    {
      ...storePart(count, newKeys(count)),
      title: `limit in memory, ${clients}, keys new`,
      note: 'Stores alone: each key is a new text, as one from a header field or a token is. Making it is part of every row.',
    },
    requestPart(count, clients),
  ];
}

function storePart(count: number, take: () => string): Pick<Part, 'contenders'> {
  const theirs = new MemoryStore();
  theirs.init({ windowMs } as Options); // it reads nothing else
  const flexible = new RateLimiterMemory({ points: limit, duration: windowMs / 1_000 });
  const maxKeys = Math.max(count * 2, 100_000);
  const ours = memoryRateLimitStore({ maxKeys });
  const limiter = createRateLimiter({ store: memoryRateLimitStore({ maxKeys }) });
  const map = new Map<string, { count: number; until: number }>();
  return {
    contenders: [
      { name: 'express-rate-limit, store', run: () => theirs.increment(take()), inFlight: 1 },
      { name: 'rate-limiter-flexible', run: () => flexible.consume(take()), inFlight: 1 },
      {
        name: 'secapi, store',
        run: () => ours.consume([{ key: take(), limit, windowMs, cost: 1 }], Date.now()),
      },
      { name: 'secapi, limiter', run: () => limiter.reserve([{ rule, key: take() }]) },
      {
        name: 'floor: a map',
        run() {
          const key = take();
          const now = Date.now();
          let counter = map.get(key);
          if (!counter || counter.until < now) {
            counter = { count: 0, until: now + windowMs };
            map.set(key, counter);
          }
          return ++counter.count <= limit;
        },
      },
      { name: 'the key alone', run: take },
    ],
  };
}

/** What a request pays: the key from the request, the decision, the header fields on the response. */
function requestPart(count: number, clients: string): Part {
  const take = knownKeys(count);
  const express = rateLimit({
    windowMs,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
  });
  const koa = koaLimit(new Map());
  const limiter = createRateLimiter();
  return {
    title: `limit a request in memory, ${clients}`,
    note: 'The whole middleware of each peer, on a request and a response that do nothing; secapi: the limiter and its header fields.',
    contenders: [
      {
        name: 'express-rate-limit, middleware',
        inFlight: 1,
        run: () => express({ ip: take() } as never, responseOf() as never, nothing), // it looks at no more of them
      },
      { name: 'koa-ratelimit, middleware', inFlight: 1, run: () => koa(take()) },
      {
        name: 'secapi, limiter and header fields',
        run() {
          const response = responseOf();
          const reservation = limiter.reserve([{ rule, key: take() }]);
          if ('then' in reservation) throw new Error('the memory store waits');
          for (const [name, value] of rateLimitHeaders(reservation.states)) response.setHeader(name, value);
          return response;
        },
      },
    ],
  };
}

/** koa-ratelimit on a map, as a function of the key. */
export function koaLimit(db: Map<unknown, unknown>): (key: string) => unknown {
  const id = (ctx: Context): string => ctx.ip;
  const middleware = ratelimit({ driver: 'memory', db, duration: windowMs, max: limit, id });
  const next = (): Promise<void> => Promise.resolve();
  return (ip) => middleware({ ip, set: nothing } as never, next); // it looks at no more of a context
}

interface FakeResponse {
  readonly fields: Map<string, string>;
  setHeader(name: string, value: string): void;
  append(name: string, value: string): void;
}

function responseOf(): FakeResponse {
  const fields = new Map<string, string>();
  const set = (name: string, value: string): void => void fields.set(name, value);
  return { fields, setHeader: set, append: set };
}

function nothing(): void {}
