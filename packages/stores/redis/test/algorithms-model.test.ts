import { isDeepStrictEqual } from 'node:util';
import {
  type AlgorithmName,
  concurrency,
  decideLimit,
  fixedWindow,
  gcra,
  inspectLimit,
  type LimitAlgorithm,
  type LimitEntry,
  type LimitState,
  memoryRateLimitStore,
  type RefundEntry,
  refundLimit,
  slidingLog,
  slidingWindow,
  tokenBucket,
} from '@secapi/rate-limit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rateLimitStore } from '../src/rate-limit-store.js';
import { describeWithRedis } from './support.js';

/*
 * One model, three implementations: the pure functions, the memory store, Redis. An algorithm in Lua that rounds another way than the one in TypeScript was
 * right in every example, and let one request too many through in a thousand.
 */

const runs = Number(process.env.MODEL_RUNS ?? 30); // of some 100 calls each; more of them when something was changed

const pure: Readonly<Record<AlgorithmName, LimitAlgorithm<unknown>>> = Object.fromEntries(
  [slidingWindow, fixedWindow, slidingLog, tokenBucket, gcra, concurrency].map((algorithm) => [
    algorithm.name,
    algorithm as LimitAlgorithm<unknown>, // each is only given its own states
  ]),
) as Record<AlgorithmName, LimitAlgorithm<unknown>>;
const names = Object.keys(pure) as AlgorithmName[];

interface Scale {
  readonly windowMs: number;
  /** A limit changes from one of these to another, and with it its burst. */
  readonly limits: readonly number[];
  readonly bursts: readonly number[];
  readonly costs: readonly number[];
}

const small: Scale = { windowMs: 997, limits: [5, 3, 7], bursts: [4, 1, 7], costs: [1, 1, 1, 2, 6] };
const scales: readonly Scale[] = [
  small,
  // As large as numbers may be: `limit * windowMs` just stays below 2^53.
  {
    windowMs: 2_678_400_000,
    limits: [3_000_000, 2_999_999, 1_000],
    bursts: [1_234_567, 2_999_999, 1],
    costs: [1, 999, 777_777, 1_500_000],
  },
];
const largeLog: Scale = {
  windowMs: 2_678_400_000,
  limits: [1_000, 600, 999],
  bursts: [],
  costs: [1, 9, 400],
};

const clock = fc.oneof(
  { weight: 12, arbitrary: fc.constant(0) },
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 400 }) },
  { weight: 3, arbitrary: fc.integer({ min: 300, max: 2_500 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 3_000_000_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -1_500, max: -1 }) }, // set back
  { weight: 1, arbitrary: fc.integer({ min: -3_000_000_000, max: -1 }) },
);
/** What happens, of limits by these algorithms: some requests in one turn, each against some limits. */
function stepOf(chosen: readonly AlgorithmName[], clocks: fc.Arbitrary<number>) {
  const asked = fc.record({
    algorithm: fc.constantFrom(...chosen),
    scale: fc.nat(1),
    key: fc.nat(1),
    cost: fc.nat(4),
  });
  const request = fc.array(asked, { minLength: 1, maxLength: 4 });
  // Requests that have nothing to do with each other, which Redis decides another way.
  const apart = fc
    .uniqueArray(asked, {
      minLength: 2,
      maxLength: 6,
      selector: ({ algorithm, scale, key }) => `${algorithm} ${scale} ${key}`,
    })
    .map((all) => all.map((one) => [one]));
  const refund = fc.array(fc.nat(30), { minLength: 1, maxLength: 3 });
  return fc.record({
    wait: clocks,
    version: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(2) }),
    act: fc.oneof(
      { weight: 8, arbitrary: fc.record({ consume: fc.array(request, { minLength: 1, maxLength: 3 }) }) },
      { weight: 4, arbitrary: fc.record({ consume: apart }) },
      { weight: 3, arbitrary: fc.record({ refund }) },
      { weight: 2, arbitrary: fc.record({ inspect: request }) },
      { weight: 1, arbitrary: fc.record({ reset: asked }) },
    ),
  });
}

function toEntry(
  run: number,
  version: number,
  one: { algorithm: AlgorithmName; scale: number; key: number; cost: number },
) {
  const { algorithm } = one;
  const log = algorithm === 'sliding-log' || algorithm === 'concurrency';
  const scale = one.scale === 0 ? small : log ? largeLog : (scales[1] ?? small);
  const bucket = algorithm === 'token-bucket' || algorithm === 'gcra';
  return {
    key: `${run} ${algorithm} ${one.scale} ${one.key}`,
    algorithm,
    windowMs: scale.windowMs,
    limit: scale.limits[version] ?? 1,
    cost: scale.costs[one.cost % scale.costs.length] ?? 1,
    ...(bucket && version > 0 ? { burst: scale.bursts[version] ?? 1 } : {}),
  };
}

/** The pure functions with a map of states, as a store. */
function modelStore() {
  const states = new Map<string, unknown>();
  const entriesOf = new Map<string, LimitEntry>();
  const algorithmOf = ({ algorithm = 'sliding-window' }: Pick<LimitEntry, 'algorithm'>) => pure[algorithm];
  const stateOf = (entry: LimitEntry, now: number): unknown =>
    states.get(entry.key) ?? algorithmOf(entry).empty(now);
  /** What has counted nothing is not kept: after a clock was set back, its time would count. */
  const keep = (entry: LimitEntry, state: unknown, now: number): void => {
    if (isDeepStrictEqual(state, algorithmOf(entry).empty(now))) states.delete(entry.key);
    else states.set(entry.key, state);
    entriesOf.set(entry.key, entry);
  };

  return {
    consume(entries: readonly LimitEntry[], now: number): LimitState[] {
      const before = entries.map((entry) => algorithmOf(entry).advance(stateOf(entry, now), entry, now));
      const decisions = entries.map((entry) => {
        const { decision, state } = decideLimit(
          algorithmOf(entry),
          stateOf(entry, now),
          entry,
          now,
          entry.key,
        );
        keep(entry, state, now);
        return decision;
      });
      if (decisions.every(({ allowed }) => allowed)) return decisions;
      entries.forEach((entry, i) => void keep(entry, before[i], now));
      return decisions.map((decision, i) => {
        const entry = entries[i];
        if (!entry || !decision.allowed) return decision;
        const standing = inspectLimit(algorithmOf(entry), before[i], entry, now, entry.key);
        return { ...standing, allowed: true, retryAfterMs: 0 };
      });
    },
    refund(entries: readonly RefundEntry[], now: number): void {
      for (const { at, limit = 1, ...rest } of entries) {
        const entry = { ...rest, limit };
        keep(entry, refundLimit(algorithmOf(entry), stateOf(entry, now), entry, at, now), now);
      }
    },
    inspect: (entries: readonly LimitEntry[], now: number): LimitState[] =>
      entries.map((entry) => inspectLimit(algorithmOf(entry), stateOf(entry, now), entry, now, entry.key)),
    /** Whose counters are no more in force. */
    over: (now: number): string[] =>
      [...states].flatMap(([key, state]) => {
        const entry = entriesOf.get(key);
        return entry && algorithmOf(entry).end(state, entry) <= now ? [key] : [];
      }),
    reset: (keys: readonly string[]): void => keys.forEach((key) => void states.delete(key)),
  };
}

describeWithRedis('six algorithms', (bench) => {
  /** Drives all three, and says how many requests they allowed and refused. */
  async function drive(chosen: readonly AlgorithmName[], numRuns: number, clocks: fc.Arbitrary<number>) {
    const redis = rateLimitStore(bench.redis, { deadline: '5s', rememberBlocked: false }, true);
    const told = { allowed: 0, refused: 0 };
    let run = 0;
    const steps = fc.array(stepOf(chosen, clocks), { minLength: 60, maxLength: 120 });
    const property = fc.asyncProperty(steps, async (all) => {
      run += 1;
      const model = modelStore();
      const memory = memoryRateLimitStore({ maxKeys: 100, maxLogged: 20_000 });
      const counted: RefundEntry[] = [];
      let now = 1_700_000_000_000;
      for (const { wait, version, act } of all) {
        if (wait < 0) {
          // When a store throws away what is over is its own affair: it must not come back with the clock in one and not in another.
          const over = model.over(now);
          model.reset(over);
          memory.reset(over);
          await redis.reset(over);
        }
        now += wait;
        if ('consume' in act) {
          const requests = act.consume.map((some) => some.map((one) => toEntry(run, version, one)));
          const expected = requests.map((entries) => model.consume(entries, now));
          const inMemory = requests.map((entries) => memory.consume(entries, now));
          const inRedis = await Promise.all(requests.map((entries) => redis.consume(entries, now)));
          expect(inRedis).toEqual(expected);
          expect(inMemory).toEqual(expected);
          requests.forEach((entries, i) => {
            const allowed = expected[i]?.every((state) => state.allowed) === true;
            told[allowed ? 'allowed' : 'refused'] += 1;
            if (allowed) for (const entry of entries) counted.push({ ...entry, at: now });
          });
        } else if ('refund' in act) {
          const taken = act.refund.flatMap((place) => counted.splice(place, 1));
          model.refund(taken, now);
          memory.refund(taken, now);
          await Promise.all(taken.map((one) => redis.refund([one], now)));
        } else if ('inspect' in act) {
          const entries = act.inspect.map((one) => toEntry(run, version, one));
          const expected = model.inspect(entries, now);
          expect(await redis.inspect?.(entries, now)).toEqual(expected);
          expect(memory.inspect(entries, now)).toEqual(expected);
        } else {
          const { key } = toEntry(run, version, act.reset);
          model.reset([key]);
          memory.reset([key]);
          await redis.reset([key]);
        }
      }
    });
    await fc.assert(property, { numRuns });
    return told;
  }

  it.each([
    ['the logs', ['sliding-log', 'concurrency']],
    ['the others', ['sliding-window', 'fixed-window', 'token-bucket', 'gcra']],
    ['all of them', names],
  ] as const)(
    '%s say the same in pure functions, in memory and in Redis, whatever is asked and wherever the clock goes',
    async (_, chosen) => {
      const { allowed, refused } = await drive(chosen, runs, clock);
      expect(allowed).toBeGreaterThan(runs * 20);
      expect(refused).toBeGreaterThan(runs * 10);
    },
    60_000 + runs * 400,
  );

  it(
    'say the same in memory, logs too, as long as the clock goes on',
    async () => {
      const { refused } = await drive(names, runs, fc.oneof(fc.constant(0), fc.nat(400), fc.nat(3_000_000)));
      expect(refused).toBeGreaterThan(runs * 10);
    },
    60_000 + runs * 400,
  );
});
