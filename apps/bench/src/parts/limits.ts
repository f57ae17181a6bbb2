import { compileRule, createRateLimiter, memoryRateLimitStore } from '@secapi/rate-limit';
import { MemoryStore, type Options } from 'express-rate-limit';
import type { Part } from './part.js';

const window = 900_000;

/** Counting in memory, with so many clients in turn. */
export function limitPart(count: number): Part {
  const keys = Array.from({ length: count }, (_, i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`);
  let turn = 0;
  const take = (): string => keys[turn++ % count] ?? '';
  const theirs = new MemoryStore();
  theirs.init({ windowMs: window } as Options); // it reads nothing else
  const limit = 1_000_000_000;
  const ours = memoryRateLimitStore({ maxKeys: Math.max(count * 2, 100_000) });
  const rule = compileRule({ name: 'api', limit, window: '15m' });
  const limiter = createRateLimiter({
    store: memoryRateLimitStore({ maxKeys: Math.max(count * 2, 100_000) }),
  });
  const map = new Map<string, { count: number; until: number }>();
  return {
    title: `limit in memory, ${count.toLocaleString('en')} keys in turn`,
    note: "express-rate-limit's store in fixed windows and without its middleware; secapi's store in sliding windows, and the limiter on top of it.",
    contenders: [
      { name: 'express-rate-limit, store', run: () => theirs.increment(take()), inFlight: 50 },
      {
        name: 'secapi, store',
        run: () => ours.consume([{ key: take(), limit, windowMs: window, cost: 1 }], Date.now()),
      },
      { name: 'secapi, limiter', run: () => limiter.reserve([{ rule, key: take() }]) },
      {
        name: 'floor: a map',
        run() {
          const key = take();
          const now = Date.now();
          let counter = map.get(key);
          if (!counter || counter.until < now) {
            counter = { count: 0, until: now + window };
            map.set(key, counter);
          }
          return ++counter.count <= limit;
        },
      },
    ],
  };
}
