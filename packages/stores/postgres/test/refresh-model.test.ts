import { memoryRefreshStore, type RefreshStore } from '@secapi/tokens';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { postgresRefreshStore } from '../src/index.js';
import { onBoth } from './databases.js';

const start = 1_800_000_000_000;
const minute = 60_000; // lifetimes in minutes: a store may forget a family a day after its end

const step = fc.oneof(
  fc.record({ kind: fc.constant('login' as const), subject: fc.constantFrom('ann', 'bob') }),
  fc.record({ kind: fc.constant('rotate' as const), token: fc.nat({ max: 30 }) }),
  fc.record({ kind: fc.constant('revoke' as const), family: fc.nat({ max: 6 }), mine: fc.boolean() }),
  fc.record({
    kind: fc.constant('revokeAll' as const),
    subject: fc.constantFrom('ann', 'bob'),
    except: fc.nat({ max: 6 }),
  }),
  fc.record({
    kind: fc.constant('wait' as const),
    time: fc.constantFrom(0.5, 1_000, 4_999, 5_000, 5_001, minute, 10 * minute, 40 * minute),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a store answers to a history, all of it. */
async function play(store: RefreshStore, steps: readonly Step[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  const tokens: string[] = ['never issued'];
  let now = start;
  let families = 0;
  for (const [i, each] of steps.entries()) {
    now += each.kind === 'wait' ? each.time : 1;
    switch (each.kind) {
      case 'login': {
        const times = {
          createdAt: now,
          lastUsedAt: now,
          expiresAt: now + 12 * minute,
          absoluteExpiresAt: now + 30 * minute,
        };
        await store.create({ id: `f${families++}`, subject: each.subject, device: {}, ...times }, `t${i}`);
        tokens.push(`t${i}`);
        break;
      }
      case 'rotate': {
        const digest = tokens[each.token % tokens.length] ?? '';
        answers.push(
          await store.rotate({
            digest,
            nextDigest: `t${i}`,
            salt: `s${i}`,
            now,
            graceMs: 5_000,
            idleMs: 12 * minute,
          }),
        );
        tokens.push(`t${i}`);
        break;
      }
      case 'revoke':
        answers.push(await store.revoke(`f${each.family}`, now, each.mine ? 'ann' : undefined));
        break;
      case 'revokeAll':
        answers.push((await store.revokeAll(each.subject, now, `f${each.except}`)).sort());
        break;
      case 'wait':
        break;
    }
    answers.push(await store.list('ann', now), await store.find('f0'));
  }
  return answers;
}

onBoth((test) => {
  it('gives the verdicts that memory gives, in any history of logins, rotations, thefts and revocations', async () => {
    const db = await test.fresh();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        await db.query('TRUNCATE secapi_refresh_family CASCADE');
        expect(await play(postgresRefreshStore(db), steps)).toEqual(await play(memoryRefreshStore(), steps));
      }),
      { numRuns: 40 },
    );
    await db.close();
  });

  it('keeps its bounds: sessions of a subject, rotations of a session, and what died long ago', async () => {
    const db = await test.fresh();
    const store = postgresRefreshStore(db, { maxPerSubject: 3, maxPerFamily: 3 });
    const family = (id: string, createdAt: number) => ({
      id,
      subject: 'ann',
      device: {},
      createdAt,
      lastUsedAt: createdAt,
      expiresAt: createdAt + minute,
      absoluteExpiresAt: createdAt + minute,
    });
    for (let i = 0; i < 5; i++) await store.create(family(`f${i}`, start + i), `d${i}`);
    expect((await store.list('ann', start + 9)).map(({ id }) => id)).toEqual(['f4', 'f3', 'f2']);
    const turn = (digest: string, nextDigest: string) =>
      store.rotate({ digest, nextDigest, salt: 's', now: start + 10, graceMs: 0, idleMs: minute });
    expect((await turn('d4', 'e1')).outcome).toBe('rotated');
    expect((await turn('e1', 'e2')).outcome).toBe('rotated');
    expect((await turn('e2', 'e3')).outcome).toBe('expired');
    await store.create({ ...family('new', start + 2 * minute + 86_400_000), subject: 'bob' }, 'n');
    const { rows } = await db.query(
      'SELECT f.id FROM secapi_refresh_family f JOIN secapi_refresh_token t ON t.family_id = f.id',
    );
    expect(rows).toEqual([{ id: 'new' }]);
    expect(() => postgresRefreshStore(db, { maxPerSubject: 0 })).toThrow(/maxPerSubject/);
    await db.close();
  });
});
