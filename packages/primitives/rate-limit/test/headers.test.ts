import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRule, createRateLimiter, type Reservation, rateLimitHeaders } from '../src/index.js';

const api = compileRule({ name: 'api', limit: 100, window: '15m' });
const login = compileRule({ name: 'login', limit: 5, window: '1h' });

describe('the header fields', () => {
  it('tell of each limit by draft 11', () => {
    const limiter = createRateLimiter({ now: () => 1_700_000_000_000 });
    const reservation = limiter.reserve([{ rule: api, key: 'a' }]) as Reservation;
    expect(rateLimitHeaders(reservation.states)).toEqual([
      ['ratelimit-policy', '"api";q=100;w=900'],
      ['ratelimit', '"api";r=99;t=900'],
    ]);
  });

  it('hold several limits as one list, and Retry-After when one refuses', () => {
    const states = [
      { rule: api, allowed: true, remaining: 50, resetMs: 8_001, retryAfterMs: 0 },
      { rule: login, allowed: false, remaining: 0, resetMs: 1, retryAfterMs: 1 },
    ];
    expect(rateLimitHeaders(states)).toEqual([
      ['ratelimit-policy', '"api";q=100;w=900, "login";q=5;w=3600'],
      ['ratelimit', '"api";r=50;t=9, "login";r=0;t=1'],
      ['retry-after', '1'],
    ]);
  });

  it('are absent when nothing is limited', () => {
    expect(rateLimitHeaders([])).toEqual([]);
  });

  it('name a wait that agrees with t and that lets the client in again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 6, maxLength: 30 }), (gaps) => {
        let time = 1_700_000_000_000;
        const limiter = createRateLimiter({ now: () => time });
        for (const gap of gaps) {
          time += gap;
          const reservation = limiter.reserve([{ rule: login, key: 'a' }]) as Reservation;
          const fields = new Map(rateLimitHeaders(reservation.states));
          const t = /t=(\d+)$/.exec(fields.get('ratelimit') ?? '')?.[1];
          expect(Number(t)).toBeLessThanOrEqual(3_600);
          if (reservation.allowed) {
            expect(fields.has('retry-after')).toBe(false);
            continue;
          }
          expect(fields.get('retry-after')).toBe(t);
          expect(fields.get('retry-after')).toMatch(/^[1-9]\d*$/);
          time += Number(t) * 1_000;
          expect((limiter.reserve([{ rule: login, key: 'a' }]) as Reservation).allowed).toBe(true);
        }
      }),
    );
  });
});
