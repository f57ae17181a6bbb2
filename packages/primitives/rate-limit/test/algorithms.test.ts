import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlgorithmRequest,
  concurrency,
  decideLimit,
  fixedWindow,
  gcra,
  inspectLimit,
  type LimitAlgorithm,
  type LimitBounds,
  refundLimit,
  slidingLog,
  slidingWindow,
  tokenBucket,
} from '../src/index.js';

interface Hit {
  readonly at: number;
  readonly cost: number;
}

/** How much is taken at `now`, told from the whole history, one millisecond after another where need be. */
type Reference = (hits: readonly Hit[], bounds: LimitBounds, now: number) => number;

const sum = (hits: readonly Hit[]) => hits.reduce((total, { cost }) => total + cost, 0);

/** The windows of a history: each begins with the first hit after the one before has ended. */
function windows(hits: readonly Hit[], windowMs: number) {
  const found: { start: number; count: number }[] = [];
  for (const { at, cost } of hits) {
    const last = found.at(-1);
    if (last && at < last.start + windowMs) last.count += cost;
    else found.push({ start: at, count: cost });
  }
  return found;
}

const inLastWindow: Reference = (hits, { windowMs }, now) =>
  sum(hits.filter(({ at }) => at > now - windowMs && at <= now));

const missingTokens: Reference = (hits, { limit, windowMs }, now) => {
  if (hits.length === 0) return 0;
  let parts = 0n;
  for (let time = hits[0]?.at ?? 0; time <= now; time++) {
    for (const hit of hits) if (hit.at === time) parts += BigInt(hit.cost) * BigInt(windowMs);
    if (time === now) break;
    parts -= BigInt(limit);
    if (parts < 0n) parts = 0n;
  }
  return Number((parts + BigInt(windowMs) - 1n) / BigInt(windowMs));
};

const references: {
  algorithm: LimitAlgorithm<unknown>;
  used: Reference;
  most: (b: LimitBounds) => number;
}[] = [
  {
    algorithm: fixedWindow as LimitAlgorithm<unknown>,
    used(hits, { windowMs }, now) {
      const last = windows(hits, windowMs).at(-1);
      return last && now < last.start + windowMs ? last.count : 0;
    },
    most: ({ limit }) => 2 * limit,
  },
  { algorithm: slidingLog as LimitAlgorithm<unknown>, used: inLastWindow, most: ({ limit }) => limit },
  { algorithm: concurrency as LimitAlgorithm<unknown>, used: inLastWindow, most: ({ limit }) => limit },
  {
    algorithm: tokenBucket as LimitAlgorithm<unknown>,
    used: missingTokens,
    most: ({ limit, burst = limit }) => burst + limit,
  },
  {
    algorithm: gcra as LimitAlgorithm<unknown>,
    used: missingTokens,
    most: ({ limit, burst = limit }) => burst + limit,
  },
];
const all = [
  ...references,
  {
    algorithm: slidingWindow as LimitAlgorithm<unknown>,
    most: ({ limit }: LimitBounds) => Math.max(1, 2 * limit - 1),
  },
];

const bounds = fc
  .record({
    limit: fc.integer({ min: 1, max: 8 }),
    windowMs: fc.integer({ min: 1, max: 50 }),
    burst: fc.integer({ min: 1, max: 8 }),
  })
  .map((b): Required<LimitBounds> => ({ ...b, burst: Math.min(b.burst, b.limit) }));
const steps = fc.array(
  fc.record({ wait: fc.oneof(fc.nat(3), fc.nat(60)), cost: fc.constantFrom(1, 1, 1, 2, 3, 9) }),
  { maxLength: 40 },
);
const capacity = (algorithm: LimitAlgorithm<unknown>, { limit, burst = limit }: LimitBounds) =>
  ['gcra', 'token-bucket'].includes(algorithm.name) ? burst : limit;

describe.each(references)('$algorithm.name', ({ algorithm, used }) => {
  it('decides as the exact reference does: verdict, what is left and every wait, to the millisecond', () => {
    fc.assert(
      fc.property(bounds, steps, (limits, sequence) => {
        const room = capacity(algorithm, limits);
        const hits: Hit[] = [];
        let now = 1_000;
        let state = algorithm.empty(now);
        for (const { wait, cost } of sequence) {
          now += wait;
          const before = used(hits, limits, now);
          const seen = inspectLimit(algorithm, state, { ...limits, cost }, now);
          const { decision, state: next } = decideLimit(algorithm, state, { ...limits, cost }, now, 'k');
          state = next;
          expect(decision.allowed).toBe(before + cost <= room);
          expect(seen).toMatchObject({ allowed: decision.allowed, remaining: room - before });
          if (decision.allowed) hits.push({ at: now, cost });
          expect(decision.remaining).toBe(room - before - (decision.allowed ? cost : 0));
          const taken = (ms: number) => used(hits, limits, now + ms);
          if (decision.allowed) {
            expect(taken(decision.resetMs)).toBeLessThan(taken(0));
            expect(taken(decision.resetMs - 1)).toBe(taken(0));
          } else if (cost > room) {
            expect(decision.retryAfterMs).toBe(limits.windowMs);
          } else {
            expect(taken(decision.retryAfterMs) + cost).toBeLessThanOrEqual(room);
            expect(taken(decision.retryAfterMs - 1) + cost).toBeGreaterThan(room);
          }
        }
        const end = algorithm.end(state, limits);
        if (end > now) {
          expect(used(hits, limits, end)).toBe(0);
          expect(used(hits, limits, end - 1)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(all)('$algorithm.name', ({ algorithm, most }) => {
  it('never lets through more than its bound in any stretch of one window', () => {
    fc.assert(
      fc.property(bounds, steps, (limits, sequence) => {
        const hits: Hit[] = [];
        let now = 1_000;
        let state = algorithm.empty(now);
        for (const { wait, cost } of sequence) {
          now += wait;
          const { decision, state: next } = decideLimit(algorithm, state, { ...limits, cost }, now);
          state = next;
          if (decision.allowed) hits.push({ at: now, cost });
        }
        for (const { at } of hits) expect(inLastWindow(hits, limits, at)).toBeLessThanOrEqual(most(limits));
      }),
    );
  });

  it('is after a refund as if the request had never been', () => {
    fc.assert(
      fc.property(bounds, steps, fc.nat(40), (limits, sequence, flight) => {
        let now = 1_000;
        let state = algorithm.empty(now);
        for (const { wait, cost } of sequence) {
          now += wait;
          const request: AlgorithmRequest = { ...limits, cost };
          const without = state;
          const { decision, state: counted } = decideLimit(algorithm, state, request, now);
          if (!decision.allowed) continue;
          const given = refundLimit(algorithm, counted, request, decision.at, now + flight);
          const seen = (of: unknown, at: number) =>
            inspectLimit(algorithm, of, { ...limits, cost: 1 }, at).remaining;
          // A window that the refunded request began has still begun: looked at while it lasts.
          expect(seen(given, now + flight)).toBeGreaterThanOrEqual(seen(counted, now + flight));
          expect(seen(given, now + flight)).toBe(seen(without, now + flight));
          state = counted;
        }
      }),
    );
  });

  it('is not opened by a refund that comes after all has come back, nor by one that comes twice', () => {
    fc.assert(
      fc.property(bounds, (limits) => {
        const request = { ...limits, cost: 1 };
        const room = capacity(algorithm, limits);
        const first = decideLimit(algorithm, algorithm.empty(0), request, 0);
        const later = 3 * limits.windowMs;
        const second = decideLimit(algorithm, first.state, request, later);
        const late = refundLimit(algorithm, second.state, request, 0, later);
        expect(inspectLimit(algorithm, late, request, later).remaining).toBe(room - 1);
        const once = refundLimit(algorithm, second.state, request, later, later);
        const twice = refundLimit(algorithm, once, request, later, later);
        expect(inspectLimit(algorithm, twice, request, later).remaining).toBe(room);
      }),
    );
  });

  it('stays shut when the clock is set back, and for one window at most', () => {
    fc.assert(
      fc.property(bounds, fc.integer({ min: 1, max: 1_000_000 }), (limits, jump) => {
        const request = { ...limits, cost: 1 };
        let now = 10_000_000;
        let state = algorithm.empty(now);
        let decision = decideLimit(algorithm, state, request, now);
        while (decision.decision.allowed) {
          state = decision.state;
          decision = decideLimit(algorithm, state, request, now);
        }
        now -= jump;
        const back = decideLimit(algorithm, state, request, now);
        expect(back.decision.allowed).toBe(false);
        expect(back.decision.retryAfterMs).toBeGreaterThan(0);
        expect(back.decision.retryAfterMs).toBeLessThanOrEqual(limits.windowMs);
        expect(
          decideLimit(algorithm, back.state, request, now + back.decision.retryAfterMs).decision.allowed,
        ).toBe(true);
      }),
    );
  });
});

describe('algorithms', () => {
  it('GCRA decides as a token bucket of its size does, at any scale', () => {
    const large = fc.record({
      limit: fc.integer({ min: 1, max: 1_000_000 }),
      windowMs: fc.integer({ min: 1_000, max: 2_678_400_000 }),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    const walk = fc.array(
      fc.record({ wait: fc.nat(100_000), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(large, walk, ({ limit, windowMs, share }, sequence) => {
        const burst = Math.ceil(limit * share);
        let now = 1_700_000_000_000;
        let bucket = tokenBucket.empty(now);
        let cells = gcra.empty(now);
        for (const { wait, part } of sequence) {
          now += wait;
          const request = { limit, windowMs, burst, cost: Math.max(1, Math.floor(burst * part)) };
          const one = decideLimit(tokenBucket, bucket, request, now);
          const other = decideLimit(gcra, cells, request, now);
          expect(other.decision).toEqual(one.decision);
          bucket = one.state;
          cells = other.state;
        }
      }),
    );
  });

  it('holds at most `limit` leases, and frees them when they end or expire', () => {
    const request = { limit: 2, windowMs: 30_000, cost: 1 };
    const first = decideLimit(concurrency, concurrency.empty(0), request, 0);
    const second = decideLimit(concurrency, first.state, request, 10);
    expect(decideLimit(concurrency, second.state, request, 20).decision).toMatchObject({
      allowed: false,
      retryAfterMs: 29_980,
    });
    const ended = refundLimit(concurrency, second.state, request, second.decision.at, 20);
    expect(decideLimit(concurrency, ended, request, 20).decision.allowed).toBe(true);
    expect(decideLimit(concurrency, second.state, request, 30_000).decision.allowed).toBe(true);
    // The end of a lease that has expired frees nobody else's.
    const third = decideLimit(concurrency, second.state, request, 30_000);
    const late = refundLimit(concurrency, third.state, request, first.decision.at, 30_001);
    expect(inspectLimit(concurrency, late, request, 30_001).remaining).toBe(0);
  });

  it('a limit that is lowered counts what was counted, and shuts for one window at most', () => {
    for (const algorithm of [tokenBucket, gcra] as LimitAlgorithm<unknown>[]) {
      const before = { limit: 999_983, windowMs: 60_000, cost: 999_983 };
      const { state } = decideLimit(algorithm, algorithm.empty(0), before, 0);
      const after = decideLimit(algorithm, state, { limit: 2, windowMs: 60_000, cost: 1 }, 1);
      expect(after.decision.allowed).toBe(false);
      expect(after.decision.retryAfterMs).toBeLessThanOrEqual(60_000);
    }
  });
});
