import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRule, createAccessList, createPenalties, createRateLimiter } from '../src/index.js';

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

describe('penalties', () => {
  it('delay first, twice as long each time, and then ban for longer and longer', () => {
    let now = 0;
    const penalties = createPenalties({ ...options, now: () => now });
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
    const penalties = createPenalties({ ...options, now: () => now });
    for (let i = 0; i < 5; i++) penalties.offend('a');
    for (now = 0; now < 10_000; now += 500) {
      expect(penalties.offend('a')).toEqual({ banned: true, retryAfterMs: 10_000 - now, delayMs: 0 });
    }
    expect(penalties.check('a').banned).toBe(false);
    expect(penalties.offend('a').retryAfterMs).toBe(30_000);
  });

  it('are forgotten after a quiet time, counted from the end of a ban', () => {
    let now = 0;
    const penalties = createPenalties({ ...options, now: () => now });
    for (let i = 0; i < 5; i++) penalties.offend('a');
    now = 10_000 + 99_999;
    expect(penalties.check('a').delayMs).toBe(300);
    now += 1;
    expect(penalties.check('a').delayMs).toBe(0);
    expect(penalties.offend('a')).toEqual({ banned: false, retryAfterMs: 0, delayMs: 0 });
  });

  it('end when an operator pardons', () => {
    const penalties = createPenalties({ ...options, now: () => 0 });
    for (let i = 0; i < 5; i++) penalties.offend('a');
    penalties.pardon('a');
    expect(penalties.check('a').banned).toBe(false);
    expect(penalties.size).toBe(0);
  });

  it('free no offender for a new one, however many come', () => {
    let now = 0;
    const penalties = createPenalties({ ...options, maxKeys: 100, now: () => now });
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
        const penalties = createPenalties({ ...options, now: () => now });
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
    const penalties = createPenalties({ ...options, now: () => now });
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
    [{ maxKeys: 0 }, 'maxKeys'],
    [{ forever: true }, 'forever'],
  ])('refuse %j', (wrong, where) => {
    expect(() => createPenalties(wrong as never)).toThrow(`createPenalties.${where}`);
  });
});

describe('an access list', () => {
  const inside = (address: number) => address < 10;
  const bad = (address: number) => address % 2 === 1;

  it('denies before it allows, and leaves everybody else to the limits', () => {
    const judge = createAccessList<number>({ allow: inside, deny: bad });
    expect([4, 5, 14, 15].map(judge)).toEqual(['allow', 'deny', 'limit', 'deny']);
    expect([4, 5].map(createAccessList<number>({}))).toEqual(['limit', 'limit']);
  });

  it('opens nothing when a list answers with a promise or not at all', () => {
    const late = async () => true;
    expect(createAccessList<number>({ allow: late as never })(1)).toBe('limit');
    expect(createAccessList<number>({ deny: (() => undefined) as never })(1)).toBe('deny');
  });

  it('refuses what is not a function', () => {
    expect(() => createAccessList({ allow: ['10.0.0.0/8'] as never })).toThrow('createAccessList.allow');
    expect(() => createAccessList({ block: bad } as never)).toThrow('createAccessList.block');
  });
});
