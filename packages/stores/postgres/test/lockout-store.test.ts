import { memoryLockoutStore } from '@secapi/accounts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { postgresLockoutStore } from '../src/index.js';
import { onBoth } from './databases.js';

const policy = { limit: 3, windowMs: 20_000, baseDelayMs: 1_500, maxDelayMs: 9_000 };

onBoth((test) => {
  it('says of lockouts what the memory store says, whatever comes in whatever order', async () => {
    const db = await test.fresh();
    const step = fc.record({
      wait: fc.nat(8_000),
      key: fc.constantFrom('a', 'b'),
      act: fc.constantFrom('fail', 'fail', 'fail', 'pass', 'succeed', 'clear'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await db.query('DELETE FROM secapi_lockout');
        const [postgres, memory] = [postgresLockoutStore(db), memoryLockoutStore()];
        let now = 1_700_000_000_000;
        for (const { wait, key, act } of steps) {
          now += wait;
          if (act === 'succeed' || act === 'clear') {
            await postgres[act](key, now);
            await memory[act](key, now);
          } else {
            const expected = await memory.attempt(key, policy, now, act === 'pass');
            expect(await postgres.attempt(key, policy, now, act === 'pass')).toEqual(expected);
          }
        }
      }),
      { numRuns: 40 },
    );
    await db.close();
  }, 60_000);

  it('sweeps out what is forgotten', async () => {
    const db = await test.fresh();
    const store = postgresLockoutStore(db);
    for (let i = 0; i < 50; i++) await store.attempt(`old ${i}`, policy, 1_000);
    for (let i = 0; i < 10; i++) await store.attempt('new', policy, 1_000_000);
    expect((await db.query('SELECT key FROM secapi_lockout')).rows).toEqual([{ key: 'new' }]);
    await db.close();
  });
});
