import { compileRule, createRateLimiter, type RateLimiter, type Reservation } from '@secapi/rate-limit';
import { connectRedis, pingRedis, redisRateLimitStore } from '@secapi/redis';
import type { Options } from 'express-rate-limit';
import { Redis } from 'ioredis';
import { type RedisReply, RedisStore } from 'rate-limit-redis';
import { RateLimiterRedis, RateLimiterUnion } from 'rate-limiter-flexible';
import type { Part } from '../parts/part.js';
import { partTablesOf } from '../parts/tables.js';
import type { Table } from '../table.js';
import type { Contender, TimerPlan } from '../timer.js';
import { knownKeys } from './keys.js';
import { limit, rule, windowMs } from './memory.js';
import { startRedis } from './redis-server.js';

const clients = 10_000;
const names = ['address', 'account', 'tenant'] as const;

/** Counting in Redis, on a server of its own; nothing where there is none. */
export async function redisTables(plan: TimerPlan): Promise<Table[]> {
  const server = await startRedis();
  if (!server) return [];
  const ours = connectRedis(server.url, { commandTimeout: '30s' });
  const theirs = [0, 1, 2].map(() => new Redis(server.url));
  const [storeClient, flexibleClient, plain] = theirs as [Redis, Redis, Redis];
  try {
    const ping = await pingRedis(ours, '10s');
    if (!ping.ok) throw new Error('Redis does not answer');
    const parts = [
      ...[1, 50, 500].map((inFlight) => onePart(inFlight, ours, storeClient, flexibleClient, plain)),
      await blockedPart(ours, storeClient, flexibleClient),
      ...[1, 50].map((inFlight) => threePart(inFlight, ours, storeClient, flexibleClient)),
    ];
    return await partTablesOf(parts, plan);
  } finally {
    for (const client of [ours, ...theirs]) client.disconnect();
    await server.stop();
  }
}

function onePart(
  inFlight: number,
  ours: Redis,
  storeClient: Redis,
  flexibleClient: Redis,
  plain: Redis,
): Part {
  const take = knownKeys(clients);
  const limiter = limiterOn(ours);
  const store = storeOn(storeClient, 'one:');
  const flexible = flexibleOn(flexibleClient, 'one', limit);
  return {
    title: `limit in Redis, ${inFlight} in flight`,
    note: 'rate-limit-redis and rate-limiter-flexible count in fixed windows, secapi in sliding ones; each on a connection of its own.',
    perSecond: true,
    contenders: [
      { name: 'rate-limit-redis', inFlight, run: () => store.increment(take()) },
      { name: 'rate-limiter-flexible', inFlight, run: () => flexible.consume(take()) },
      { name: 'secapi', inFlight, run: () => decided(limiter.reserve([{ rule, key: take() }])) },
      { name: 'floor: INCR alone', inFlight, run: () => plain.incr(take()) },
    ],
  };
}

/** A client that is over its limit and goes on knocking. */
async function blockedPart(ours: Redis, storeClient: Redis, flexibleClient: Redis): Promise<Part> {
  const inFlight = 50;
  const one = compileRule({ name: 'blocked', limit: 1, window: '15m' });
  const request = [{ rule: one, key: '203.0.113.7' }];
  const limiter = limiterOn(ours);
  const store = storeOn(storeClient, 'blocked:');
  const flexible = new RateLimiterRedis({
    storeClient: flexibleClient,
    keyPrefix: 'blocked',
    points: 1,
    duration: windowMs / 1_000,
    inMemoryBlockOnConsumed: 2,
  });
  const knock = (): Promise<unknown> => flexible.consume('203.0.113.7').catch(refused);
  await decided(limiter.reserve(request));
  for (let i = 0; i < 3; i++) await knock();
  return {
    title: `a blocked key, Redis behind, ${inFlight} in flight`,
    note: 'rate-limiter-flexible remembers the block until it ends (inMemoryBlockOnConsumed), secapi for a second at a time, so that it hears of refunds and resets elsewhere; rate-limit-redis asks each time.',
    perSecond: true,
    contenders: [
      { name: 'rate-limit-redis', inFlight, run: () => store.increment('203.0.113.7') },
      { name: 'rate-limiter-flexible', inFlight, run: knock },
      { name: 'secapi', inFlight, run: () => decided(limiter.reserve(request), false) },
    ],
  };
}

function threePart(inFlight: number, ours: Redis, storeClient: Redis, flexibleClient: Redis): Part {
  const take = knownKeys(clients);
  const limiter = limiterOn(ours);
  const rules = names.map((name) => compileRule({ name, limit, window: '15m' }));
  const stores = names.map((name) => storeOn(storeClient, `${name}:`));
  const flexible = names.map((name) => flexibleOn(flexibleClient, name, limit));
  const union = new RateLimiterUnion(...flexible);
  const contenders: Contender[] = [
    {
      name: 'rate-limit-redis, three in turn',
      inFlight,
      async run() {
        const key = take();
        for (const store of stores) await store.increment(key);
      },
    },
    {
      name: 'rate-limiter-flexible, three in turn',
      inFlight,
      async run() {
        const key = take();
        for (const one of flexible) await one.consume(key);
      },
    },
    { name: 'rate-limiter-flexible, union', inFlight, run: () => union.consume(take()) },
    {
      name: 'secapi, three limits',
      inFlight,
      run() {
        const key = take();
        return decided(limiter.reserve(rules.map((each) => ({ rule: each, key }))));
      },
    },
    { name: 'secapi, one limit', inFlight, run: () => decided(limiter.reserve([{ rule, key: take() }])) },
  ];
  return {
    title: `three limits on one request, in Redis, ${inFlight} in flight`,
    note: 'Of an address, an account and a tenant. Three middlewares of express-rate-limit ask one after the other; a union asks three times at once, and counts those that have room even if another refuses. secapi counts all or none.',
    perSecond: true,
    contenders,
  };
}

function limiterOn(redis: Redis): RateLimiter {
  // Nothing here may be late: what is late is counted in memory, which would be faster.
  return createRateLimiter({ store: redisRateLimitStore(redis, { deadline: '30s' }), deadline: '60s' });
}

function storeOn(redis: Redis, prefix: string): RedisStore {
  const store = new RedisStore({
    prefix,
    sendCommand: (command: string, ...args: string[]) => redis.call(command, ...args) as Promise<RedisReply>, // as its README has it
  });
  void store.init({ windowMs } as Options); // it reads nothing else
  return store;
}

function flexibleOn(redis: Redis, keyPrefix: string, points: number): RateLimiterRedis {
  return new RateLimiterRedis({ storeClient: redis, keyPrefix, points, duration: windowMs / 1_000 });
}

/** What the store decided, as it should have: a figure for anything else would mean nothing. */
async function decided(
  reservation: Reservation | Promise<Reservation>,
  allowed = true,
): Promise<Reservation> {
  const done = await reservation;
  if (done.decidedBy !== 'store' || done.allowed !== allowed) throw new Error('the store did not decide');
  return done;
}

function refused(result: unknown): unknown {
  if (result instanceof Error) throw result;
  return result;
}
