import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileRule,
  createPenalties,
  createRateLimiter,
  type MaybePromise,
  memoryPenaltyStore,
  type PenaltiesOptions,
} from '../src/index.js';

const options = {
  delayAfter: 2,
  delay: '100ms',
  maxDelay: '300ms',
  banAfter: 5,
  ban: '10s',
  growth: 3,
  maxBan: '60s',
  forget: '100s',
} as const;

function plain<T>(value: MaybePromise<T>): T {
  if (value instanceof Promise) throw new Error('a promise where a plain value was promised');
  return value;
}

/** Penalties in memory, which answer at once. */
function inMemory({ maxKeys = 10_000, ...rest }: PenaltiesOptions & { maxKeys?: number }) {
  const store = memoryPenaltyStore({ maxKeys });
  const penalties = createPenalties({ ...rest, store });
  return {
    check: (key: string) => plain(penalties.check(key)),
    offend: (key: string) => plain(penalties.offend(key)),
    pardon: (key: string) => plain(penalties.pardon(key)),
    get size() {
      return store.size;
    },
  };
}

describe('penalties', () => {
  it('delay first, twice as long each time, and then ban for longer and longer', () => {
    let now = 0;
    const penalties = inMemory({ ...options, now: () => now });
    const seen: unknown[] = [];
    for (let i = 0; i < 9; i++) {
      const { banned, delayMs, retryAfterMs } = penalties.offend('203.0.113.7');
      seen.push(banned ? `banned ${retryAfterMs}` : delayMs);
      now += retryAfterMs;
    }
    expect(seen).toEqual([
      0,
      100,
      200,
      300,
      'banned 10000',
      'banned 30000',
      'banned 60000',
      'banned 60000',
      'banned 60000',
    ]);
    expect(penalties.check('203.0.113.7')).toEqual({ banned: false, retryAfterMs: 0, delayMs: 300 });
    expect(penalties.check('203.0.113.8')).toEqual({ banned: false, retryAfterMs: 0, delayMs: 0 });
  });

  it('are not prolonged by knocking', () => {
    let now = 0;
    const penalties = inMemory({ ...options, now: () => now });
    for (let i = 0; i < 5; i++) penalties.offend('a');
    for (now = 0; now < 10_000; now += 500) {
      expect(penalties.offend('a')).toEqual({ banned: true, retryAfterMs: 10_000 - now, delayMs: 0 });
    }
    expect(penalties.check('a').banned).toBe(false);
    expect(penalties.offend('a').retryAfterMs).toBe(30_000);
  });

  it('are forgotten after a quiet time, counted from the end of a ban', () => {
    let now = 0;
    const penalties = inMemory({ ...options, now: () => now });
    for (let i = 0; i < 5; i++) penalties.offend('a');
    now = 10_000 + 99_999;
    expect(penalties.check('a').delayMs).toBe(300);
    now += 1;
    expect(penalties.check('a').delayMs).toBe(0);
    expect(penalties.offend('a')).toEqual({ banned: false, retryAfterMs: 0, delayMs: 0 });
  });

  it('end when an operator pardons', () => {
    const penalties = inMemory({ ...options, now: () => 0 });
    for (let i = 0; i < 5; i++) penalties.offend('a');
    penalties.pardon('a');
    expect(penalties.check('a').banned).toBe(false);
    expect(penalties.size).toBe(0);
  });

  it('free no offender for a new one, however many come', () => {
    let now = 0;
    const penalties = inMemory({ ...options, maxKeys: 100, now: () => now });
    for (let i = 0; i < 5; i++) penalties.offend('banned');
    for (let i = 0; i < 3_000; i++) penalties.offend(`fresh ${i}`);
    expect(penalties.size).toBe(100);
    expect(penalties.check('banned').banned).toBe(true);
    for (let i = 0; i < 5; i++) expect(penalties.offend('late').banned).toBe(false);
    now = 1_000_000;
    for (let i = 0; i < 5; i++) penalties.offend('late');
    expect(penalties.check('late').banned).toBe(true);
  });

  it('never last longer than the longest ban, nor open, when the clock is set back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.integer({ min: 1, max: 10_000_000 }), (times, jump) => {
        let now = 1_000_000_000;
        const penalties = inMemory({ ...options, now: () => now });
        for (let i = 0; i < times; i++) penalties.offend('a');
        now -= jump;
        const { banned, retryAfterMs } = penalties.check('a');
        expect(banned).toBe(true);
        expect(retryAfterMs).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  it('go with a limit: who is refused too often is banned, and who is not isn’t', async () => {
    let now = 0;
    const limiter = createRateLimiter({ now: () => now });
    const penalties = inMemory({ ...options, now: () => now });
    const rule = compileRule({ name: 'api', limit: 3, window: '1m' });
    const ask = async (key: string): Promise<boolean> => {
      if (penalties.check(key).banned) return false;
      const { allowed } = await limiter.reserve([{ rule, key }]);
      if (!allowed) penalties.offend(key);
      return allowed;
    };
    for (let i = 0; i < 20; i++) await ask('attacker');
    for (let i = 0; i < 3; i++) expect(await ask('honest')).toBe(true);
    expect(penalties.check('attacker').banned).toBe(true);
    expect(penalties.check('honest')).toEqual({ banned: false, retryAfterMs: 0, delayMs: 0 });
    now = 70_000;
    expect(await ask('attacker')).toBe(true);
  });

  it.each([
    [{ delayAfter: 0 }, 'delayAfter'],
    [{ banAfter: 2 }, 'banAfter'],
    [{ growth: 0.5 }, 'growth'],
    [{ growth: Number.NaN }, 'growth'],
    [{ ban: '2d' }, 'maxBan'],
    [{ delay: '5s' }, 'maxDelay'],
    [{ forget: -1 }, 'forget'],
    [{ remember: -1 }, 'remember'],
    [{ deadline: 0 }, 'deadline'],
    [{ forever: true }, 'forever'],
  ])('refuse %j', (wrong, where) => {
    expect(() => createPenalties(wrong as never)).toThrow(`createPenalties.${where}`);
  });
});
