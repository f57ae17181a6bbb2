import { describe, expect, it } from 'vitest';
import {
  createOneTimeTokens,
  createRefreshFamilies,
  memoryOneTimeStore,
  memoryRefreshStore,
  memoryRevocations,
  type RotateResult,
} from '../src/index.js';
import { fakeClock, start } from './support.js';

const many = <T>(work: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 50 }, (_, at) => work(at)));

function families() {
  const now = fakeClock();
  return { now, ...createRefreshFamilies({ store: memoryRefreshStore(), now }) };
}
const tokensOf = (results: readonly RotateResult[]) =>
  new Set(results.flatMap((result) => (result.ok ? [result.token] : [])));

describe('50 at once', () => {
  it('rotations of one token make one successor, of which one is the first', async () => {
    const { start: begin, rotate, list } = families();
    const { token } = await begin({ subject: 'u' });
    const results = await many(() => rotate(token));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(tokensOf(results).size).toBe(1);
    expect(results.filter((result) => result.ok && !result.raced)).toHaveLength(1);
    expect(await list('u')).toHaveLength(1);
  });

  it('uses of a stolen token and of its successor end the family, and leave nobody a way in', async () => {
    const { start: begin, rotate, list, now } = families();
    const { token: stolen } = await begin({ subject: 'u' });
    const next = await rotate(stolen);
    now.advance(5_001);
    const results = await many((at) => rotate(at % 2 === 0 && next.ok ? next.token : stolen));
    expect(results.some((result) => !result.ok && result.reason === 'reused')).toBe(true);
    expect(await list('u')).toEqual([]);
    for (const token of tokensOf(results)) expect(await rotate(token)).toMatchObject({ ok: false });
  });

  it('rotations, of 50 sessions each with its own, disturb nobody', async () => {
    const { start: begin, rotate, list } = families();
    const sessions = await many((at) => begin({ subject: `user-${at}` }));
    const rotated = await Promise.all(
      sessions.flatMap(({ token }) => Array.from({ length: 10 }, () => rotate(token))),
    );
    expect(tokensOf(rotated).size).toBe(50);
    for (const at of [0, 25, 49]) expect(await list(`user-${at}`)).toHaveLength(1);
  });

  it('rotations against one "all but this" leave this one alone, and no other', async () => {
    const { start: begin, rotate, revokeAll, list } = families();
    const sessions = await many(() => begin({ subject: 'u' }));
    const kept = sessions[7];
    const [rotated] = await Promise.all([
      many((at) => rotate(sessions[at]?.token ?? '')),
      revokeAll('u', { except: kept?.session.id }),
    ]);
    expect((await list('u')).map(({ id }) => id)).toEqual([kept?.session.id]);
    const alive = await Promise.all([...tokensOf(rotated)].map((token) => rotate(token)));
    expect(alive.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('ends of one session: one of them did it', async () => {
    const { start: begin, revoke } = families();
    const { session } = await begin({ subject: 'u' });
    expect((await many(() => revoke(session.id, 'u'))).filter(Boolean)).toHaveLength(1);
  });

  it('uses of each of 50 one-time tokens: one succeeds for each, and for its own subject', async () => {
    const tokens = createOneTimeTokens({ store: memoryOneTimeStore(), now: fakeClock() });
    const issued = await many((at) =>
      tokens.issue({ purpose: 'p', subject: `user-${at}`, lifetime: '1h', binding: `${at}` }),
    );
    const used = await Promise.all(
      issued.flatMap(({ token }, at) =>
        Array.from({ length: 10 }, () => tokens.consume({ purpose: 'p', token, binding: `${at}` })),
      ),
    );
    const subjects = used.flatMap((result) => (result.ok ? [result.subject] : []));
    expect(subjects.sort()).toEqual(Array.from({ length: 50 }, (_, at) => `user-${at}`).sort());
  });

  it('uses with the wrong state, and one with the right: at most one attempt is made on any token', async () => {
    const tokens = createOneTimeTokens({ store: memoryOneTimeStore(), now: fakeClock() });
    let looked = 0;
    const { token } = await tokens.issue({ purpose: 'p', subject: 'u', lifetime: '1h', binding: 'right' });
    const results = await many((at) =>
      tokens.consume({
        purpose: 'p',
        token,
        binding: async () => {
          looked++;
          return at === 49 ? 'right' : 'wrong';
        },
      }),
    );
    expect([looked, results.filter(({ ok }) => ok).length]).toEqual([1, 0]);
  });

  it('uses against revocations of a one-time token: one succeeds or none, and then it is gone', async () => {
    const tokens = createOneTimeTokens({ store: memoryOneTimeStore(), now: fakeClock() });
    const { token } = await tokens.issue({ purpose: 'p', subject: 'u', lifetime: '1h' });
    const results = await many(async (at) =>
      at % 5 === 4 ? tokens.revoke('p', 'u') : tokens.consume({ purpose: 'p', token }),
    );
    expect(results.filter((result) => result?.ok).length).toBeLessThanOrEqual(1);
    expect(await tokens.consume({ purpose: 'p', token })).toEqual({ ok: false, reason: 'invalid' });
  });

  it('revocations of one subject leave the latest in force', async () => {
    const now = fakeClock(start + 100_000);
    const revocations = memoryRevocations({ now });
    await many((at) =>
      revocations.revoke({
        kind: 'subject',
        id: 'u',
        at: start + ((at * 37) % 50) * 1_000,
        until: start + 900_000,
      }),
    );
    const issued = (iat: number) => revocations.isRevoked({ jti: 'j', sid: 's', sub: 'u', iat });
    expect([issued(start / 1_000 + 49), issued(start / 1_000 + 49.001)]).toEqual([true, false]);
  });
});
