import { createRefreshFamilies } from '@secapi/tokens';
import { expect, it } from 'vitest';
import { pingRedis, redisRefreshStore } from '../src/index.js';
import { describeWithRedis, keysWithoutExpiry } from './support.js';

const clients = 10;
const rounds = 4;

describeWithRedis(
  'a Redis that writes each change to its disk and is killed under load',
  (bench) => {
    it('has for each client the state before or after its last rotation, so that none is logged out', async () => {
      const families = createRefreshFamilies({
        store: redisRefreshStore(bench.redis, { deadline: '2s' }),
        grace: '60s',
      });
      const tokens = await Promise.all(
        Array.from({ length: clients }, async () => (await families.start({ subject: 'ann' })).token),
      );
      let rotations = 0;
      const rotate = async (client: number): Promise<void> => {
        const result = await families.rotate(tokens[client] ?? '');
        if (!result.ok) throw new Error(`an honest client was refused: ${result.reason}`);
        tokens[client] = result.token;
        rotations++;
      };
      for (let round = 0; round < rounds; round++) {
        const goal = rotations + 30 + round * 7;
        const load = Array.from({ length: clients }, async (_, client) => {
          for (;;) await rotate(client);
        });
        const failures = Promise.allSettled(load);
        await expect.poll(() => rotations, { interval: 1, timeout: 10_000 }).toBeGreaterThan(goal);
        await bench.server.kill9();
        for (const failure of await failures) {
          // Each ends with the error of a lost connection, not with a refusal.
          expect(failure).toMatchObject({
            status: 'rejected',
            reason: { code: expect.stringMatching(/^REDIS_/) },
          });
        }
        await bench.server.restart();
        expect(await pingRedis(bench.redis, '10s')).toEqual({ ok: true });
        expect(await pingRedis(bench.server.admin, '10s')).toEqual({ ok: true });
        expect(await keysWithoutExpiry(bench.server.admin)).toEqual([]);
        await Promise.all(tokens.map((_, client) => rotate(client)));
        expect(await families.list('ann')).toHaveLength(clients);
      }
    });
  },
  { appendOnly: true },
);
