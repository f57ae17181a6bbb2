import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRefreshFamilies, memoryRefreshStore, type RotateResult } from '../src/index.js';
import { fakeClock, start } from './support.js';

const day = 86_400_000;

function setUp(options = {}) {
  const now = fakeClock();
  const store = memoryRefreshStore();
  return { now, store, families: createRefreshFamilies({ store, now, ...options }) };
}

function tokenOf(result: RotateResult): string {
  if (!result.ok) throw new Error(result.reason);
  return result.token;
}

describe('a refresh family against a model of it', () => {
  it('never has two living tokens, whatever is done in whatever order', async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('use' as const),
        which: fc.nat(30),
        times: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({
        do: fc.constant('wait' as const),
        ms: fc.constantFrom(1, 4_999, 5_000, 5_001, day, 14 * day),
      }),
      fc.record({ do: fc.constant('revoke' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { families, now } = setUp();
        const { token, session } = await families.start({ subject: 'u' });
        // The model: the chain of tokens, when each was used, and what became of the family.
        const chain: { token: string; usedAt?: number }[] = [{ token }];
        let [expiresAt, dead] = [start + 14 * day, false];
        for (const action of steps) {
          if (action.do === 'wait') now.advance(action.ms);
          else if (action.do === 'revoke') {
            expect(await families.revoke(session.id)).toBe(!dead && now() < expiresAt);
            dead ||= now() < expiresAt;
          } else {
            const at = action.which % chain.length;
            const used = chain[at] as { token: string; usedAt?: number };
            const results = await Promise.all(
              Array.from({ length: action.times }, () => families.rotate(used.token)),
            );
            const raced =
              used.usedAt !== undefined && at === chain.length - 2 && now() - used.usedAt <= 5_000;
            if (dead) for (const result of results) expect(result).toMatchObject({ reason: 'revoked' });
            else if (now() >= expiresAt)
              for (const result of results) expect(result).toMatchObject({ reason: 'expired' });
            else if (used.usedAt === undefined) {
              expect(new Set(results.map(tokenOf)).size).toBe(1);
              used.usedAt = now();
              chain.push({ token: tokenOf(results[0] as RotateResult) });
              expiresAt = Math.min(now() + 14 * day, start + 90 * day);
            } else if (raced)
              for (const result of results) expect(tokenOf(result)).toBe(chain[at + 1]?.token);
            else {
              expect(results.filter((result) => !result.ok && result.reason === 'reused')).toHaveLength(1);
              dead = true;
            }
          }
          expect((await families.list('u')).length).toBe(!dead && now() < expiresAt ? 1 : 0);
        }
      }),
      { numRuns: 100 },
    );
  });
});
