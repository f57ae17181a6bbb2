import { describe, expect, it } from 'vitest';
import {
  compileRule,
  createRateLimiter,
  legacyRateLimitHeaders,
  memoryRateLimitStore,
  type RateLimitStore,
} from '../src/index.js';

const api = compileRule({ name: 'api', limit: 3, window: '1h' });
const stricter = compileRule({ name: 'stricter', limit: 1, window: '1h' });

/** The memory store, answering with promises as a distant one does. */
function distant(): RateLimitStore {
  const store = memoryRateLimitStore();
  return {
    consume: async (entries, now) => store.consume(entries, now),
    refund: async (entries, now) => store.refund(entries, now),
    inspect: async (entries, now) => store.inspect(entries, now),
    reset: async (keys) => store.reset(keys),
  };
}

describe.each([
  ['memory', memoryRateLimitStore],
  ['a distant store', distant],
])('a limiter on %s', (_name, store) => {
  it('tells of an observed limit what it would have refused, and refuses nothing for it', async () => {
    const limiter = createRateLimiter({ now: () => 0, store: store() });
    const requests = [
      { rule: stricter, key: 'ada', observe: true },
      { rule: api, key: 'ada' },
    ];
    const seen: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      const { allowed, states, observed } = await limiter.reserve(requests);
      seen.push([allowed, states.map((state) => state.rule.name), observed.map((state) => state.allowed)]);
    }
    expect(seen).toEqual([
      [true, ['api'], [true]],
      [true, ['api'], [false]],
      [true, ['api'], [false]],
      [false, ['api'], []],
    ]);
  });

  it('gives back what an observed limit counted, too', async () => {
    const limiter = createRateLimiter({ now: () => 0, store: store() });
    const requests = [{ rule: stricter, key: 'ada', observe: true }];
    for (let i = 0; i < 3; i++) {
      const reservation = await limiter.reserve(requests);
      expect(reservation).toMatchObject({ allowed: true, observed: [{ allowed: true, remaining: 0 }] });
      await reservation.refund();
    }
  });

  it('shows an operator what is left without counting, and forgets it when told to', async () => {
    const limiter = createRateLimiter({ now: () => 0, store: store(), key: new Uint8Array(32) });
    const requests = [{ rule: api, key: 'ada' }];
    await limiter.reserve(requests);
    for (let i = 0; i < 3; i++) {
      expect(await limiter.inspect(requests)).toMatchObject([
        { rule: { name: 'api' }, allowed: true, remaining: 2, resetMs: 3_600_000, retryAfterMs: 0 },
      ]);
    }
    await limiter.reset(requests);
    expect(await limiter.inspect(requests)).toMatchObject([{ remaining: 3, resetMs: 0 }]);
  });

  it('takes a rule that has changed at the next request, and keeps what was counted', async () => {
    const limiter = createRateLimiter({ now: () => 0, store: store() });
    const plans = {
      free: compileRule({ name: 'plan', limit: 1, window: '1h' }),
      pro: compileRule({ name: 'plan', limit: 3, window: '1h' }),
    };
    const ask = async (plan: keyof typeof plans) =>
      (await limiter.reserve([{ rule: plans[plan], key: 'ada' }])).allowed;
    expect([await ask('free'), await ask('free'), await ask('pro'), await ask('free')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

it('says when a store can’t be inspected', () => {
  const { consume, refund, reset } = memoryRateLimitStore();
  const limiter = createRateLimiter({ store: { consume, refund, reset } });
  expect(() => limiter.inspect([{ rule: api, key: 'ada' }])).toThrow('inspect');
});

describe('the header fields of old', () => {
  const state = {
    allowed: true,
    remaining: 2,
    resetMs: 1_500,
    retryAfterMs: 0,
    at: 1_700_000_000_000,
    rule: api,
  };

  it('tell of the limit with the smallest part left, by a time that lies not too early', () => {
    expect(legacyRateLimitHeaders([state, { ...state, rule: stricter, remaining: 1 }])).toEqual([
      ['x-ratelimit-limit', '3'],
      ['x-ratelimit-remaining', '2'],
      ['x-ratelimit-reset', '1700000002'],
    ]);
  });

  it('tell of the limit that refuses longest', () => {
    const refused = { ...state, allowed: false, remaining: 1, resetMs: 10_000, retryAfterMs: 10_000 };
    expect(
      legacyRateLimitHeaders([state, { ...refused, retryAfterMs: 5 }, { ...refused, rule: stricter }]),
    ).toEqual([
      ['x-ratelimit-limit', '1'],
      ['x-ratelimit-remaining', '0'],
      ['x-ratelimit-reset', '1700000010'],
    ]);
    expect(legacyRateLimitHeaders([])).toEqual([]);
  });
});
