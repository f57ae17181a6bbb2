import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countWindow,
  judgeWindow,
  refundWindow,
  slideWindow,
  type WindowCounter,
  windowEnd,
} from '../src/index.js';

const empty: WindowCounter = { start: 0, previous: 0, current: 0 };

function judge(counter: WindowCounter, limit: number, windowMs: number, now: number, cost = 1) {
  return judgeWindow(slideWindow(counter, windowMs, now), { limit, windowMs, cost }, now, 'k');
}

/** Any counter that requests can lead to, slid to the time at which it is looked at. */
const situation = fc
  .record({
    limit: fc.integer({ min: 1, max: 12 }),
    windowMs: fc.integer({ min: 1, max: 60 }),
    start: fc.integer({ min: 0, max: 1_000 }),
    previous: fc.nat(12),
    current: fc.nat(12),
    elapsed: fc.nat(150),
    cost: fc.integer({ min: 1, max: 12 }),
  })
  .map((s) => ({
    ...s,
    previous: Math.min(s.previous, s.limit),
    current: Math.min(s.current, s.limit),
    cost: Math.min(s.cost, s.limit),
    now: s.start + s.elapsed,
  }));

describe('the sliding window', () => {
  it('counts from limit - 1 down to 0 and then refuses', () => {
    let counter = empty;
    const seen: (number | string)[] = [];
    for (let i = 0; i < 4; i++) {
      const state = judge(counter, 3, 900_000, 0);
      seen.push(state.allowed ? state.remaining : 'refused');
      if (state.allowed) counter = countWindow(counter, 1);
    }
    expect(seen).toEqual([2, 1, 0, 'refused']);
    expect(judge(counter, 3, 900_000, 0)).toMatchObject({
      retryAfterMs: 900_000,
      resetMs: 900_000,
      remaining: 0,
    });
  });

  it('says the exact moment of the next admission, to the millisecond', () => {
    fc.assert(
      fc.property(situation, ({ limit, windowMs, start, previous, current, cost, now }) => {
        const counter = { start, previous, current };
        const state = judge(counter, limit, windowMs, now, cost);
        expect(state.allowed).toBe(state.retryAfterMs === 0);
        expect(judge(counter, limit, windowMs, now + state.retryAfterMs, cost).allowed).toBe(true);
        for (let ms = 0; ms < state.retryAfterMs; ms++) {
          expect(judge(counter, limit, windowMs, now + ms, cost).allowed).toBe(false);
        }
      }),
    );
  });

  it('says the exact moment at which more quota is back', () => {
    fc.assert(
      fc.property(situation, ({ limit, windowMs, start, previous, current, cost, now }) => {
        const counter = slideWindow({ start, previous, current }, windowMs, now);
        const state = judge(counter, limit, windowMs, now, cost);
        fc.pre(state.allowed);
        const after = countWindow(counter, cost);
        const left = (time: number) => {
          const next = judge(after, limit, windowMs, time);
          return next.allowed ? next.remaining + 1 : 0;
        };
        expect(left(now + state.resetMs)).toBeGreaterThan(state.remaining);
        expect(left(now + state.resetMs - 1)).toBe(state.remaining);
      }),
    );
  });

  it('never makes a request of cost 1 wait for longer than a window', () => {
    fc.assert(
      fc.property(situation, ({ limit, windowMs, start, previous, current, now }) => {
        expect(judge({ start, previous, current }, limit, windowMs, now).retryAfterMs).toBeLessThanOrEqual(
          windowMs,
        );
      }),
    );
  });

  it('stays in force until its end and not a millisecond longer', () => {
    fc.assert(
      fc.property(situation, ({ windowMs, start, previous, current }) => {
        const counter = { start, previous, current };
        const end = windowEnd(counter, windowMs);
        const used = (time: number) => {
          const slid = slideWindow(counter, windowMs, time);
          return slid.previous + slid.current;
        };
        expect(used(end)).toBe(0);
        if (end > start) expect(used(end - 1)).toBeGreaterThan(0);
      }),
    );
  });

  it('admits fewer than twice the limit in any stretch of one window, and exactly one at a limit of 1', () => {
    const run = fc.record({
      limit: fc.integer({ min: 1, max: 6 }),
      windowMs: fc.integer({ min: 2, max: 40 }),
      gaps: fc.array(fc.nat(30), { maxLength: 120 }),
    });
    fc.assert(
      fc.property(run, ({ limit, windowMs, gaps }) => {
        let counter = empty;
        let now = 0;
        const admitted: number[] = [];
        for (const gap of gaps) {
          now += gap;
          counter = slideWindow(counter, windowMs, now);
          if (!judge(counter, limit, windowMs, now).allowed) continue;
          counter = countWindow(counter, 1);
          admitted.push(now);
        }
        for (const end of admitted) {
          const inside = admitted.filter((time) => time > end - windowMs && time <= end).length;
          expect(inside).toBeLessThan(2 * limit);
        }
      }),
    );
  });

  it('gives a refund to the window that the request was counted in', () => {
    const counter = { start: 1_000, previous: 3, current: 2 };
    expect(refundWindow(counter, 1_000, 1, 1_000)).toEqual({ start: 1_000, previous: 3, current: 1 });
    expect(refundWindow(counter, 1_000, 1, 999)).toEqual({ start: 1_000, previous: 2, current: 2 });
    expect(refundWindow(counter, 1_000, 1, -1)).toEqual(counter);
    expect(refundWindow({ ...counter, current: 0 }, 1_000, 5, 1_500).current).toBe(0);
  });

  it('keeps what was counted when the clock is set back', () => {
    const full = { start: 50_000, previous: 0, current: 3 };
    expect(judge(full, 3, 1_000, 40_000).allowed).toBe(false);
    expect(judge(full, 3, 1_000, 40_000).retryAfterMs).toBe(1_000);
  });
});
