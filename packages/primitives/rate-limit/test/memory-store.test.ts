import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryRateLimitStore } from '../src/index.js';

const hour = 3_600_000;

function entry(key: string, limit: number, windowMs = hour, cost = 1) {
  return { key, limit, windowMs, cost };
}

/**
 * The same store, written as plainly as can be: a list of what was counted for each key, and every wait found by trying one
 * millisecond after another.
 */
function model(maxKeys: number) {
  interface Counter {
    start: number;
    hits: { window: number; at: number; cost: number }[]; // window 0 is the one under way, -1 the one before
    windowMs: number;
  }
  const counters = new Map<string, Counter>();
  const used = (counter: Counter, now: number, windowMs: number) => {
    const passed = Math.floor((now - counter.start) / windowMs);
    const elapsed = now - counter.start - passed * windowMs;
    const sum = (window: number) =>
      counter.hits
        .filter((hit) => hit.window === window + passed)
        .reduce((total, hit) => total + hit.cost, 0);
    return sum(0) + Math.floor((sum(-1) * (windowMs - 1 - elapsed)) / windowMs);
  };
  const settle = (now: number) => {
    for (const [key, counter] of counters) {
      const passed = Math.floor((now - counter.start) / counter.windowMs);
      counter.start += passed * counter.windowMs;
      counter.hits = counter.hits
        .map((hit) => ({ ...hit, window: hit.window - passed }))
        .filter((hit) => hit.window >= -1 && hit.cost > 0);
      const current = counter.hits.some((hit) => hit.window === 0);
      if (!current && used(counter, now, counter.windowMs) === 0) counters.delete(key);
    }
  };
  const own = () => [...counters.keys()].filter((key) => !key.startsWith('shared')).length;

  return {
    consume(requests: ReturnType<typeof entry>[], now: number) {
      settle(now);
      const before = structuredClone([...counters]);
      const places: string[] = [];
      const verdicts = requests.map(({ key, limit, windowMs, cost }) => {
        const place = counters.has(key) || own() < maxKeys ? key : `shared ${limit}/${windowMs}`;
        places.push(place);
        const counter = counters.get(place) ?? { start: now, hits: [], windowMs };
        if (used(counter, now, windowMs) + cost > limit) {
          let wait = 1;
          while (wait < windowMs * 3 && used(counter, now + wait, windowMs) + cost > limit) wait += 1;
          return { allowed: false, wait: cost > limit ? windowMs : wait };
        }
        counter.hits.push({ window: 0, at: now, cost });
        counters.set(place, counter);
        return { allowed: true, wait: 0 };
      });
      if (!verdicts.every((verdict) => verdict.allowed)) {
        counters.clear();
        for (const [key, counter] of before) counters.set(key, counter);
      }
      return { verdicts, places };
    },
    refund(place: string, at: number, cost: number, now: number) {
      settle(now);
      const hit = counters.get(place)?.hits.find((one) => one.at === at && one.cost === cost);
      if (hit) hit.cost = 0;
      settle(now);
    },
    remaining(place: string, limit: number, windowMs: number, now: number) {
      const counter = counters.get(place);
      return limit - (counter ? used(counter, now, windowMs) : 0);
    },
    size: own,
  };
}

describe('the memory store', () => {
  it('decides as the plain model does, whatever is asked in whatever order', () => {
    // One window for a key and one limit for a window, as a rule has it.
    const shapes = [entry('', 3, 7), entry('', 5, 20), entry('', 1, 11)];
    const request = fc
      .record({ key: fc.nat(6), shape: fc.nat(2), cost: fc.constantFrom(1, 1, 1, 2, 6) })
      .map(({ key, shape, cost }) => ({ ...entry('', 1), ...shapes[shape], key: `${shape}:${key}`, cost }));
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          wait: fc.nat(6),
          requests: fc.array(request, { minLength: 1, maxLength: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ wait: fc.nat(25), refund: fc.nat(20) }) },
    );
    fc.assert(
      fc.property(fc.constantFrom(2, 4, 100), fc.array(step, { maxLength: 80 }), (maxKeys, steps) => {
        const store = memoryRateLimitStore({ maxKeys });
        const expected = model(maxKeys);
        const counted: {
          real: { key: string; windowMs: number; cost: number; at: number };
          place: string;
        }[] = [];
        let now = 1_000;
        for (const one of steps) {
          now += one.wait;
          if ('refund' in one) {
            const [taken] = counted.splice(one.refund, 1);
            if (!taken) continue;
            store.refund([taken.real], now);
            expected.refund(taken.place, taken.real.at, taken.real.cost, now);
            continue;
          }
          const states = store.consume(one.requests, now);
          const { verdicts, places } = expected.consume(one.requests, now);
          expect(states.map(({ allowed, retryAfterMs }) => ({ allowed, wait: retryAfterMs }))).toEqual(
            verdicts,
          );
          const admitted = verdicts.every((verdict) => verdict.allowed);
          one.requests.forEach(({ limit, windowMs, cost }, i) => {
            const state = states[i];
            const place = places[i];
            if (!state || place === undefined) throw new Error('a state is missing');
            const last = places.lastIndexOf(place) === i;
            if (last && state.allowed)
              expect(state.remaining).toBe(expected.remaining(place, limit, windowMs, now));
            if (admitted) counted.push({ real: { key: state.counter, windowMs, cost, at: state.at }, place });
          });
          expect(store.size).toBeLessThanOrEqual(maxKeys);
          expect(store.size).toBeGreaterThanOrEqual(expected.size());
        }
      }),
      { numRuns: 400 },
    );
  });

  it('answers with a plain value', () => {
    expect(Array.isArray(memoryRateLimitStore().consume([entry('a', 1)], 0))).toBe(true);
  });

  it('counts all entries or none', () => {
    const store = memoryRateLimitStore();
    store.consume([entry('account', 1)], 0);
    for (let i = 0; i < 10; i++) {
      const states = store.consume([entry('address', 5), entry('account', 1)], 0);
      expect(states.map((state) => state.allowed)).toEqual([true, false]);
      expect(states[0]?.remaining).toBe(5);
    }
    expect(store.consume([entry('address', 5)], 0)[0]?.remaining).toBe(4);
  });

  it('counts one key that stands twice in a request twice', () => {
    const store = memoryRateLimitStore();
    const twice = [entry('a', 3), entry('a', 3)];
    expect(store.consume(twice, 0).every((state) => state.allowed)).toBe(true);
    expect(store.consume(twice, 0).every((state) => state.allowed)).toBe(false);
    expect(store.consume([entry('a', 3)], 0)[0]).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('does not let refused requests prolong the block', () => {
    const store = memoryRateLimitStore();
    store.consume([entry('a', 1)], 0);
    for (let now = 0; now < hour; now += 60_000)
      expect(store.consume([entry('a', 1)], now)[0]?.allowed).toBe(false);
    expect(store.consume([entry('a', 1)], hour)[0]?.allowed).toBe(true);
  });

  it('never frees a counter in force, whatever number of fresh keys comes', () => {
    const store = memoryRateLimitStore({ maxKeys: 1_000 });
    for (let i = 0; i < 5; i++) store.consume([entry('victim', 5)], 0);
    let admitted = 0;
    for (let i = 0; i < 20_000; i++)
      if (store.consume([entry(`fresh ${i}`, 5)], i)[0]?.allowed) admitted += 1;
    expect(store.size).toBe(1_000);
    expect(admitted).toBe(999 + 5); // a counter each while there is room, then one for all of them
    expect(store.consume([entry('victim', 5)], 20_000)[0]?.allowed).toBe(false);
  });

  it('takes new keys again once counters are no more in force', () => {
    const store = memoryRateLimitStore({ maxKeys: 100 });
    for (let i = 0; i < 300; i++) store.consume([entry(`fresh ${i}`, 1)], 0);
    for (let i = 0; i < 100; i++)
      expect(store.consume([entry(`later ${i}`, 1)], hour)[0]?.allowed).toBe(true);
    expect(store.size).toBe(100);
  });

  it('refuses new keys when even the shared counters are used up', () => {
    const store = memoryRateLimitStore({ maxKeys: 1 });
    store.consume([entry('first', 5)], 0);
    for (let i = 0; i < 64; i++) expect(store.consume([entry('x', 5 + i)], 0)[0]?.allowed).toBe(true);
    expect(store.consume([entry('x', 100)], 0)[0]).toMatchObject({ allowed: false, retryAfterMs: hour });
    expect(store.consume([entry('first', 5)], 0)[0]?.allowed).toBe(true);
  });

  it('gives back to the shared counter what was counted on it', () => {
    const store = memoryRateLimitStore({ maxKeys: 1 });
    store.consume([entry('first', 1)], 0);
    const [state] = store.consume([entry('second', 1)], 0);
    expect(store.consume([entry('third', 1)], 0)[0]?.allowed).toBe(false);
    store.refund([{ key: state?.counter ?? '', windowMs: hour, cost: 1, at: state?.at ?? 0 }], 0);
    expect(store.consume([entry('third', 1)], 0)[0]?.allowed).toBe(true);
  });

  it('takes no place for a cost above the limit', () => {
    const store = memoryRateLimitStore();
    for (let i = 0; i < 100; i++)
      expect(store.consume([entry(`k${i}`, 5, hour, 6)], 0)[0]?.allowed).toBe(false);
    expect(store.size).toBe(0);
  });

  it('keeps every key apart through thousands of insertions and removals', () => {
    const store = memoryRateLimitStore({ maxKeys: 4_000 });
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 4_000; i++) store.consume([entry(`k${i}`, 9)], round * 2 * hour);
      store.reset(Array.from({ length: 2_000 }, (_, i) => `k${i * 2}`));
      for (let i = 0; i < 4_000; i++) {
        const remaining = store.consume([entry(`k${i}`, 9)], round * 2 * hour)[0]?.remaining;
        expect(remaining).toBe(i % 2 === 0 ? 8 : 7);
      }
    }
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9])('refuses %d as its bound', (maxKeys) => {
    expect(() => memoryRateLimitStore({ maxKeys })).toThrow('memoryRateLimitStore.maxKeys');
  });
});
