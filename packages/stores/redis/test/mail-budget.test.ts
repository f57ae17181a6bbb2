import { memoryMailBudget } from '@secapi/accounts';
import { mailBudgetStoreSuite } from '@secapi/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redisMailBudget } from '../src/index.js';
import { mailBudget } from '../src/mail-budget.js';
import { describeOnBoth, describeWithRedis } from './support.js';

describeOnBoth('the mail budget', (bench) => {
  mailBudgetStoreSuite({ describe, it, expect }, async () => {
    await bench.flush();
    return { store: redisMailBudget(bench.client, { deadline: '5s' }), close: async () => {} };
  });
});

describeWithRedis('the mail budget', (bench) => {
  it('admits exactly 3 of 100 parallel mails', async () => {
    const budget = redisMailBudget(bench.redis, { deadline: '5s' });
    const taken = await Promise.all(Array.from({ length: 100 }, () => budget.take('ada', 3, 3_600_000, 0)));
    expect(taken.filter(Boolean)).toHaveLength(3);
  });

  it('says the same as the memory one', async () => {
    const steps = fc.array(fc.record({ wait: fc.nat(4_000), key: fc.constantFrom('a', 'b') }), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        await bench.server.admin.flushall();
        const redis = mailBudget(bench.redis, { deadline: '5s' }, true);
        const memory = memoryMailBudget();
        let now = 1_700_000_000_000;
        for (const { wait, key } of all) {
          now += wait;
          expect(await redis.take(key, 3, 10_000, now)).toBe(await memory.take(key, 3, 10_000, now));
        }
      }),
      { numRuns: 40 },
    );
  });
});
