import { describe, expect, it } from 'vitest';
import {
  compileRule,
  createRateLimiter,
  memoryRateLimitStore,
  type RateLimitStore,
  type Reservation,
} from '../src/index.js';

const memory = memoryRateLimitStore();

/** A store that fails, as one over a network does. */
function broken(processes?: number): RateLimitStore {
  const fail = () => Promise.reject(new Error('connection lost'));
  return {
    algorithms: memory.algorithms,
    consume: fail,
    refund: fail,
    reset: fail,
    ...(processes === undefined ? {} : { processes: () => processes }),
  };
}

async function passed(limiter: ReturnType<typeof createRateLimiter>, rule: ReturnType<typeof compileRule>) {
  let count = 0;
  for (let i = 0; i < rule.limit + 1; i++) {
    if ((await limiter.reserve([{ rule, key: 'a' }])).allowed) count += 1;
  }
  return count;
}

describe('while the store fails', () => {
  const ten = compileRule({ name: 'ten', limit: 10, window: '1m' });

  it('a process counts its part of a limit, rounded up: what it was told, or what the store has seen', async () => {
    expect(await passed(createRateLimiter({ store: broken() }), ten)).toBe(10);
    expect(await passed(createRateLimiter({ store: broken(), processes: 4 }), ten)).toBe(3);
    expect(await passed(createRateLimiter({ store: broken(5) }), ten)).toBe(2);
    expect(await passed(createRateLimiter({ store: broken(5), processes: 2 }), ten)).toBe(5);
    expect(await passed(createRateLimiter({ store: broken(1_000) }), ten)).toBe(1);
    expect(await passed(createRateLimiter({ store: broken(0) }), ten)).toBe(10);
  });

  it('has its part of a burst as well', async () => {
    const bucket = compileRule({ name: 'b', limit: 100, window: '1h', algorithm: 'token-bucket', burst: 20 });
    expect(await passed(createRateLimiter({ store: broken(4), now: () => 1e12 }), bucket)).toBe(5);
  });

  it('counts all of it while the store answers, however many share it', async () => {
    const store = { ...memoryRateLimitStore(), processes: () => 4 };
    expect(await passed(createRateLimiter({ store, processes: 4 }), ten)).toBe(10);
  });

  it('each limit goes its own way', async () => {
    const rules = (['local', 'allow', 'deny'] as const).map((whenStoreFails) =>
      compileRule({ name: whenStoreFails, limit: 2, window: '1m', whenStoreFails }),
    );
    for (const whenStoreFails of ['local', 'allow', 'deny'] as const) {
      const limiter = createRateLimiter({ store: broken(), whenStoreFails });
      const counts = await Promise.all(rules.map((rule) => passed(limiter, rule)));
      expect(counts).toEqual([2, 3, 0]);
    }
  });

  it('a request with several limits needs all of them, and is counted by none when one refuses', async () => {
    const local = compileRule({ name: 'local', limit: 2, window: '1m' });
    const open = compileRule({ name: 'open', limit: 1, window: '1m', whenStoreFails: 'allow' });
    const closed = compileRule({ name: 'closed', limit: 9, window: '1m', whenStoreFails: 'deny' });
    const limiter = createRateLimiter({ store: broken() });
    const ask = (...asked: (typeof local)[]): Promise<Reservation> =>
      Promise.resolve(limiter.reserve(asked.map((rule) => ({ rule, key: 'a' }))));
    const denied = await ask(local, open, closed);
    expect(denied.states.map((state) => state.allowed)).toEqual([true, true, false]);
    expect([denied.allowed, denied.decidedBy]).toEqual([false, 'nobody']);
    const first = await ask(open, local);
    expect(first).toMatchObject({ allowed: true, decidedBy: 'local' });
    expect(first.states.map((state) => [state.rule.name, state.remaining])).toEqual([
      ['open', 1],
      ['local', 1],
    ]);
    await first.refund();
    expect((await ask(open, local)).allowed).toBe(true);
    expect((await ask(open, local)).allowed).toBe(true);
    expect((await ask(open, local)).states.map((state) => state.allowed)).toEqual([true, false]);
  });

  it('a rule names one of the three', () => {
    expect(() =>
      compileRule({ name: 'a', limit: 1, window: '1m', whenStoreFails: 'open' as 'deny' }),
    ).toThrow(/whenStoreFails is not known/);
    expect(() => createRateLimiter({ processes: 0.5 })).toThrow(/createRateLimiter.processes/);
  });
});

describe('what is given back of a reservation', () => {
  const all = compileRule({ name: 'all', limit: 3, window: '1m' });
  const failures = compileRule({ name: 'failures', limit: 3, window: '1m' });
  const held = compileRule({ name: 'held', limit: 3, window: '1m', algorithm: 'concurrency' });

  it('is that of the limits that are named, once', async () => {
    const limiter = createRateLimiter();
    const requests = [all, failures, held].map((rule) => ({ rule, key: 'a' }));
    const left = async () => (await limiter.inspect(requests)).map((state) => state.remaining);
    const reservation = await limiter.reserve(requests);
    expect(await left()).toEqual([2, 2, 2]);
    await reservation.refund((state) => state.rule === failures);
    await reservation.refund((state) => state.rule === failures);
    expect(await left()).toEqual([2, 3, 2]);
    await reservation.release();
    expect(await left()).toEqual([2, 3, 3]);
    await reservation.refund();
    expect(await left()).toEqual([3, 3, 3]);
  });
});
