import { describe, expect, it } from 'vitest';
import {
  compileRule,
  createRateLimiter,
  type LimitEntry,
  type MaybePromise,
  memoryRateLimitStore,
  type RateLimitStore,
  type Reservation,
} from '../src/index.js';

const api = compileRule({ name: 'api', limit: 100, window: '15m' });
const login = compileRule({ name: 'login', limit: 5, window: '1h' });

function plain(reservation: MaybePromise<Reservation>): Reservation {
  if (reservation instanceof Promise) throw new Error('a promise where a plain value was promised');
  return reservation;
}

/** The memory store behind a promise, as a store over a network answers; it notes what it was asked. */
function remote(options: { hang?: boolean; fail?: boolean } = {}) {
  const memory = memoryRateLimitStore();
  const asked: LimitEntry[] = [];
  const store: RateLimitStore = {
    async consume(entries, now) {
      asked.push(...entries);
      if (options.hang) await new Promise(() => {});
      if (options.fail) throw new Error('connection lost');
      return memory.consume(entries, now);
    },
    async refund(entries, now) {
      if (options.fail) throw new Error('connection lost');
      memory.refund(entries, now);
    },
    async reset(keys) {
      memory.reset(keys);
    },
  };
  return { store, asked, options };
}

describe('the limiter', () => {
  it('lets exactly 100 of 300 parallel requests through', async () => {
    for (const store of [memoryRateLimitStore(), remote().store]) {
      const limiter = createRateLimiter({ store });
      const all = await Promise.all(
        Array.from({ length: 300 }, async () => limiter.reserve([{ rule: api, key: '203.0.113.7' }])),
      );
      const admitted = all.filter((reservation) => reservation.allowed);
      expect(admitted.map((reservation) => reservation.states[0]?.remaining)).toEqual(
        Array.from({ length: 100 }, (_, i) => 99 - i),
      );
    }
  });

  it('lets exactly 5 of 200 parallel failures through, while the work takes its time', async () => {
    const limiter = createRateLimiter();
    let tried = 0;
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        const reservation = await limiter.reserve([{ rule: login, key: 'ada@example.com' }]);
        if (!reservation.allowed) return;
        tried += 1;
        await Promise.resolve();
      }),
    );
    expect(tried).toBe(5);
  });

  it('does not count what was given back, once however often it is asked', async () => {
    for (const store of [memoryRateLimitStore(), remote().store]) {
      const limiter = createRateLimiter({ store });
      const first = await limiter.reserve([{ rule: login, key: 'a' }]);
      await limiter.reserve([{ rule: login, key: 'a' }]);
      await first.refund();
      await first.refund();
      const third = await limiter.reserve([{ rule: login, key: 'a' }]);
      expect(third.states[0]?.remaining).toBe(3);
    }
  });

  it('gives nothing back for a refused reservation', () => {
    const limiter = createRateLimiter();
    const one = compileRule({ name: 'one', limit: 1, window: '1m' });
    plain(limiter.reserve([{ rule: one, key: 'a' }]));
    void plain(limiter.reserve([{ rule: one, key: 'a' }])).refund();
    expect(plain(limiter.reserve([{ rule: one, key: 'a' }])).allowed).toBe(false);
  });

  it('counts against all limits or none', () => {
    const limiter = createRateLimiter();
    const requests = [
      { rule: api, key: 'address' },
      { rule: login, key: 'account' },
    ];
    for (let i = 0; i < 5; i++) expect(plain(limiter.reserve(requests)).allowed).toBe(true);
    const refused = plain(limiter.reserve(requests));
    expect(refused.allowed).toBe(false);
    expect(refused.states.map((state) => [state.rule.name, state.allowed])).toEqual([
      ['api', true],
      ['login', false],
    ]);
    expect(plain(limiter.reserve([{ rule: api, key: 'address' }])).states[0]?.remaining).toBe(94);
  });

  it('keeps the keys of two rules apart', () => {
    const limiter = createRateLimiter();
    const a = compileRule({ name: 'a', limit: 1, window: '1m' });
    const b = compileRule({ name: 'b', limit: 1, window: '1m' });
    expect(plain(limiter.reserve([{ rule: a, key: 'x' }])).allowed).toBe(true);
    expect(plain(limiter.reserve([{ rule: b, key: 'x' }])).allowed).toBe(true);
    expect(plain(limiter.reserve([{ rule: a, key: 'x' }])).allowed).toBe(false);
  });

  it('lets in again at the moment that it names', () => {
    let time = 1_700_000_000_000;
    const limiter = createRateLimiter({ now: () => time });
    for (let i = 0; i < 5; i++) plain(limiter.reserve([{ rule: login, key: 'a' }]));
    const wait = plain(limiter.reserve([{ rule: login, key: 'a' }])).states[0]?.retryAfterMs ?? 0;
    time += wait - 1;
    expect(plain(limiter.reserve([{ rule: login, key: 'a' }])).allowed).toBe(false);
    time += 1;
    expect(plain(limiter.reserve([{ rule: login, key: 'a' }])).allowed).toBe(true);
  });

  it('takes the cost of a request', () => {
    const limiter = createRateLimiter();
    expect(plain(limiter.reserve([{ rule: login, key: 'a', cost: 4 }])).states[0]?.remaining).toBe(1);
    expect(plain(limiter.reserve([{ rule: login, key: 'a', cost: 2 }])).allowed).toBe(false);
    expect(plain(limiter.reserve([{ rule: login, key: 'a', cost: 1 }])).allowed).toBe(true);
    expect(() => limiter.reserve([{ rule: login, key: 'a', cost: -1 }])).toThrow('reserve.cost');
  });

  it('forgets a key when an operator asks', async () => {
    for (const store of [memoryRateLimitStore(), remote().store]) {
      const limiter = createRateLimiter({ store });
      for (let i = 0; i < 6; i++) await limiter.reserve([{ rule: login, key: 'a' }]);
      await limiter.reset([{ rule: login, key: 'a' }]);
      expect((await limiter.reserve([{ rule: login, key: 'a' }])).states[0]?.remaining).toBe(4);
    }
  });

  it('shows a shared store pseudonyms, never an address or an account', async () => {
    const { store, asked } = remote();
    const limiter = createRateLimiter({ store, key: new Uint8Array(32).fill(7) });
    await limiter.reserve([{ rule: login, key: 'ada@example.com' }]);
    await limiter.reserve([{ rule: login, key: 'ada@example.com' }]);
    await limiter.reserve([{ rule: login, key: 'bob@example.com' }]);
    expect(JSON.stringify(asked)).not.toContain('example');
    expect(asked[0]?.key).toBe(asked[1]?.key);
    expect(asked[0]?.key).not.toBe(asked[2]?.key);
  });
});

describe('a store that fails', () => {
  const cases = [
    ['hangs', { hang: true }, 'RATE_LIMIT_STORE_TIMEOUT'],
    ['rejects', { fail: true }, 'RATE_LIMIT_STORE_FAILED'],
  ] as const;

  it.each(cases)('and %s is replaced by this process’s memory', async (_, options, code) => {
    const seen: string[] = [];
    const limiter = createRateLimiter({
      store: remote(options).store,
      deadline: '20ms',
      onStoreFailure: (error) => seen.push(error.code),
    });
    const all = await Promise.all(
      Array.from({ length: 20 }, async () => limiter.reserve([{ rule: login, key: 'ada@example.com' }])),
    );
    expect(all.filter((reservation) => reservation.allowed)).toHaveLength(5);
    expect(all.every((reservation) => reservation.decidedBy === 'local')).toBe(true);
    expect(new Set(seen)).toEqual(new Set([code]));
    await all[0]?.refund();
    expect((await limiter.reserve([{ rule: login, key: 'ada@example.com' }])).allowed).toBe(true);
  });

  it.each(cases)('and %s refuses under "deny" and lets through under "allow"', async (_, options) => {
    for (const whenStoreFails of ['deny', 'allow'] as const) {
      const limiter = createRateLimiter({ store: remote(options).store, deadline: '20ms', whenStoreFails });
      const reservation = await limiter.reserve([{ rule: login, key: 'a' }]);
      expect(reservation.allowed).toBe(whenStoreFails === 'allow');
      expect(reservation.decidedBy).toBe('nobody');
    }
  });

  it('and throws at once is treated alike', () => {
    const broken: RateLimitStore = {
      consume() {
        throw new Error('broken');
      },
      refund() {},
      reset() {},
    };
    const limiter = createRateLimiter({ store: broken, whenStoreFails: 'deny' });
    expect(plain(limiter.reserve([{ rule: login, key: 'a' }])).allowed).toBe(false);
  });

  it('decides again as soon as it is back', async () => {
    const { store, options } = remote({ fail: true });
    const limiter = createRateLimiter({ store });
    expect((await limiter.reserve([{ rule: login, key: 'a' }])).decidedBy).toBe('local');
    options.fail = false;
    expect((await limiter.reserve([{ rule: login, key: 'a' }])).decidedBy).toBe('store');
  });

  it('does not make a refund fail', async () => {
    const { store, options } = remote();
    const seen: string[] = [];
    const limiter = createRateLimiter({ store, onStoreFailure: (error) => seen.push(error.code) });
    const reservation = await limiter.reserve([{ rule: login, key: 'a' }]);
    options.fail = true;
    await reservation.refund();
    expect(seen).toEqual(['RATE_LIMIT_STORE_FAILED']);
  });

  it('that answers with too little has allowed nothing', () => {
    const short: RateLimitStore = { consume: () => [], refund() {}, reset() {} };
    expect(plain(createRateLimiter({ store: short }).reserve([{ rule: login, key: 'a' }])).allowed).toBe(
      false,
    );
  });
});

describe('the limiter’s options', () => {
  it.each([
    [{ whenStoreFails: 'open' }, 'createRateLimiter.whenStoreFails'],
    [{ deadline: Number.NaN }, 'createRateLimiter.deadline'],
    [{ key: new Uint8Array(8) }, 'createRateLimiter.key'],
    [{ limit: 5 }, 'createRateLimiter.limit'],
  ])('%j are refused', (options, where) => {
    expect(() => createRateLimiter(options as object)).toThrow(where);
  });
});
