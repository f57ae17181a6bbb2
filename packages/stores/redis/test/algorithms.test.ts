import { expect, it } from 'vitest';
import { redisRateLimitStore } from '../src/index.js';
import { limitEntry as entry, refundsOf as given, algorithmNames as names, passed } from './limits.js';
import { describeOnBoth } from './support.js';

const options = { deadline: '5s', rememberBlocked: false } as const;

describeOnBoth('each algorithm', (bench) => {
  it.each(names)(
    'with %s, lets exactly 100 of 300 parallel requests of two processes through',
    async (name) => {
      const stores = [1, 2].map(() => redisRateLimitStore(bench.client, options));
      const all = await Promise.all(
        Array.from({ length: 300 }, async (_, i) => {
          const states = await stores[i % 2]?.consume([entry(name, 'a', 100), entry(name, `b${i}`, 5)], 0);
          return states !== undefined && passed(states);
        }),
      );
      expect(all.filter(Boolean)).toHaveLength(100);
      const refused = all.indexOf(false);
      const [own] = (await stores[0]?.inspect?.([entry(name, `b${refused}`, 5)], 0)) ?? [];
      expect(own?.remaining).toBe(5); // what another limit refused is not counted
    },
  );

  it.each(names)('with %s, gives back, inspects without counting, and forgets', async (name) => {
    const store = redisRateLimitStore(bench.client, options);
    const entries = [entry(name, 'a', 3), entry(name, 'b', 2, 2)];
    const inspect = async () => (await store.inspect?.(entries, 0))?.map((state) => state.remaining);
    expect(await inspect()).toEqual([3, 2]);
    const [state] = await store.consume(entries, 0);
    expect(await inspect()).toEqual([2, 0]);
    expect(await inspect()).toEqual([2, 0]);
    expect(passed(await store.consume(entries, 0))).toBe(false);
    await store.refund(given(entries, state?.at ?? 0), 0);
    expect(await inspect()).toEqual([3, 2]);
    expect(passed(await store.consume(entries, 0))).toBe(true);
    await store.reset(entries.map(({ key }) => key));
    expect(await inspect()).toEqual([3, 2]);
  });

  it('are decided together, six of them on one request', async () => {
    const store = redisRateLimitStore(bench.client, options);
    const entries = names.map((name) => entry(name, 'a', name === 'gcra' ? 2 : 3));
    const verdicts = [];
    for (let i = 0; i < 3; i++) verdicts.push(passed(await store.consume(entries, 0)));
    expect(verdicts).toEqual([true, true, false]);
    const left = (await store.inspect?.(entries, 0))?.map(({ remaining }) => remaining);
    expect(left).toEqual([1, 1, 1, 1, 0, 1]);
  });
});
