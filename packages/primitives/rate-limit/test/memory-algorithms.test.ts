import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlgorithmName,
  concurrency,
  decideLimit,
  fixedWindow,
  gcra,
  type LimitAlgorithm,
  type LimitEntry,
  memoryRateLimitStore,
  refundLimit,
  slidingLog,
  slidingWindow,
  tokenBucket,
} from '../src/index.js';

const pure = Object.fromEntries(
  [slidingWindow, fixedWindow, slidingLog, tokenBucket, gcra, concurrency].map((algorithm) => [
    algorithm.name,
    algorithm as LimitAlgorithm<unknown>,
  ]),
) as Record<AlgorithmName, LimitAlgorithm<unknown>>;
const names = Object.keys(pure) as AlgorithmName[];
const hour = 3_600_000;

function entry(algorithm: AlgorithmName, key: string, limit: number, windowMs = hour, cost = 1): LimitEntry {
  return { key: `${algorithm} ${key}`, limit, windowMs, cost, algorithm };
}

describe('the memory store', () => {
  it('decides for each algorithm as the pure function does, alone and several at once', () => {
    const request = fc.record({
      algorithm: fc.constantFrom(...names),
      key: fc.constantFrom('a', 'b'),
      cost: fc.constantFrom(1, 1, 2, 6),
    });
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          wait: fc.nat(9),
          requests: fc.array(request, { minLength: 1, maxLength: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ wait: fc.nat(30), refund: fc.nat(10) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = memoryRateLimitStore();
        const states = new Map<string, unknown>();
        const stateOf = (one: LimitEntry, now: number, from = states) =>
          from.get(one.key) ?? pure[one.algorithm ?? 'sliding-window'].empty(now);
        const counted: { one: LimitEntry; at: number }[] = [];
        let now = 1_700_000_000_000;
        for (const one of steps) {
          now += one.wait;
          if ('refund' in one) {
            const [taken] = counted.splice(one.refund, 1);
            if (!taken) continue;
            const { one: from, at } = taken;
            store.refund([{ ...from, at }], now);
            const algorithm = pure[from.algorithm ?? 'sliding-window'];
            states.set(from.key, refundLimit(algorithm, stateOf(from, now), from, at, now));
            continue;
          }
          const entries = one.requests.map(({ algorithm, key, cost }) => ({
            ...entry(algorithm, key, 5, 20, cost),
            ...(algorithm === 'gcra' || algorithm === 'token-bucket' ? { burst: 3 } : {}),
          }));
          const inspected = store.inspect(entries, now);
          const after = new Map(states);
          const expected = entries.map((asked) => {
            const algorithm = pure[asked.algorithm ?? 'sliding-window'];
            const { decision, state } = decideLimit(
              algorithm,
              stateOf(asked, now, after),
              asked,
              now,
              asked.key,
            );
            after.set(asked.key, state);
            return decision;
          });
          const actual = store.consume(entries, now);
          const alone = decideLimit(
            pure[entries[0]?.algorithm ?? 'gcra'],
            stateOf(entries[0] ?? entry('gcra', '', 1), now),
            entries[0] ?? entry('gcra', '', 1),
            now,
          ).decision;
          expect(inspected[0]).toMatchObject({ allowed: alone.allowed, retryAfterMs: alone.retryAfterMs });
          expect(actual.map(({ allowed, retryAfterMs }) => [allowed, retryAfterMs])).toEqual(
            expected.map(({ allowed, retryAfterMs }) => [allowed, retryAfterMs]),
          );
          if (!expected.every(({ allowed }) => allowed)) continue;
          expect(actual).toEqual(expected);
          for (const [key, state] of after) states.set(key, state);
          for (const [i, asked] of entries.entries()) counted.push({ one: asked, at: actual[i]?.at ?? 0 });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('decides sliding windows as the pure functions do, wherever the clock jumps', () => {
    const cost = fc.constantFrom(1, 1, 1, 2, 7);
    const jump = fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: -60, max: 60 }));
    const run = fc.record({
      limit: fc.integer({ min: 1, max: 6 }),
      windowMs: fc.integer({ min: 1, max: 25 }),
      steps: fc.array(fc.tuple(jump, cost), { maxLength: 80 }),
    });
    fc.assert(
      fc.property(run, ({ limit, windowMs, steps }) => {
        const store = memoryRateLimitStore();
        let now = 1_700_000_000_000;
        let state = slidingWindow.empty(now);
        for (const [wait, taken] of steps) {
          now += wait;
          const request = { key: 'a', limit, windowMs, cost: taken };
          const expected = decideLimit(slidingWindow, state, request, now, 'a');
          expect(store.consume([request], now)).toEqual([expected.decision]);
          state = expected.state;
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(names)(
    'with %s, lets exactly the limit of 200 requests of one millisecond through',
    (algorithm) => {
      const store = memoryRateLimitStore();
      const states = Array.from({ length: 200 }, () => store.consume([entry(algorithm, 'a', 5)], 0)[0]);
      expect(states.filter((state) => state?.allowed)).toHaveLength(5);
    },
  );

  it.each(names)('with %s, keeps a counter in force whatever number of fresh keys comes', (algorithm) => {
    const store = memoryRateLimitStore({ maxKeys: 500, maxLogged: 500 });
    for (let i = 0; i < 5; i++) store.consume([entry(algorithm, 'victim', 5)], 0);
    let admitted = 0;
    for (let i = 0; i < 5_000; i++)
      if (store.consume([entry(algorithm, `fresh ${i}`, 5)], 1)[0]?.allowed) admitted += 1;
    expect(store.size).toBeLessThanOrEqual(500);
    expect(admitted).toBeLessThanOrEqual(499 + 5); // one each while there is room, then one limit for all
    expect(store.consume([entry(algorithm, 'victim', 5)], 2)[0]?.allowed).toBe(false);
    // Once the windows have ended there is room again.
    expect(store.consume([entry(algorithm, 'honest', 5)], 3 * hour)[0]).toMatchObject({
      allowed: true,
      remaining: 4,
    });
    expect(store.consume([entry(algorithm, 'victim', 5)], 3 * hour)[0]?.allowed).toBe(true);
  });

  it('lets a key whose log is in force go on when all entries are taken, and counts no less', () => {
    const store = memoryRateLimitStore({ maxLogged: 3 });
    const take = (now: number) => store.consume([entry('sliding-log', 'honest', 3, 1_000)], now)[0];
    take(0);
    for (let i = 0; i < 2; i++) store.consume([entry('sliding-log', `flood ${i}`, 3)], 0);
    expect(take(500)?.allowed).toBe(true);
    expect(take(600)).toMatchObject({ allowed: true, remaining: 0 });
    expect(take(1_000)?.allowed).toBe(false); // the first counts with the newest one now
    expect(take(1_600)?.allowed).toBe(true);
  });

  it('gives a request with a log back what another limit refused', () => {
    const store = memoryRateLimitStore();
    store.consume([entry('gcra', 'account', 1)], 0);
    for (let now = 1; now < 9; now++) {
      const both = [entry('sliding-log', 'address', 2), entry('gcra', 'account', 1)];
      expect(store.consume(both, now).map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
        [true, 2],
        [false, 0],
      ]);
    }
  });

  it('keeps counters of several algorithms apart, and the largest numbers exact', () => {
    const store = memoryRateLimitStore({ maxKeys: 3_000 });
    for (const algorithm of ['fixed-window', 'token-bucket', 'gcra'] as const)
      for (let i = 0; i < 1_000; i++) store.consume([entry(algorithm, `k${i}`, 1_000_000_000, 2_678_400)], 7);
    for (const algorithm of ['fixed-window', 'token-bucket', 'gcra'] as const)
      for (let i = 0; i < 1_000; i += 97) {
        const [state] = store.consume([entry(algorithm, `k${i}`, 1_000_000_000, 2_678_400, 3)], 7);
        expect(state?.remaining).toBe(999_999_996);
      }
  });

  it('forgets a key of any algorithm', () => {
    const store = memoryRateLimitStore();
    for (const algorithm of names) {
      store.consume([entry(algorithm, 'a', 1)], 0);
      store.reset([entry(algorithm, 'a', 1).key]);
      expect(store.consume([entry(algorithm, 'a', 1)], 0)[0]?.allowed).toBe(true);
    }
  });
});
