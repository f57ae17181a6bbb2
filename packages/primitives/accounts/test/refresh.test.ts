import { describe, expect, it } from 'vitest';
import { createWorld } from './support/world.js';

describe('refresh', () => {
  it('goes on with the session under a new token', async () => {
    const { accounts, signUp, signIn, accepts, clock } = createWorld();
    await signUp();
    const first = await signIn();
    clock.time += 600_000;
    const next = await accounts.refresh({ token: first.refreshToken });
    expect(next).toMatchObject({ ok: true, session: { id: first.session.id }, expiresIn: 900, raced: false });
    expect(next.ok && next.refreshToken).not.toBe(first.refreshToken);
    expect(next.ok && accepts(next.accessToken)).toBe(true);
  });

  it('ends a session whose token comes a second time, its access tokens too', async () => {
    const { accounts, signUp, signIn, accepts, events } = createWorld();
    const id = await signUp();
    const first = await signIn();
    const other = await signIn();
    const next = await accounts.refresh({ token: first.refreshToken });
    expect(await accounts.refresh({ token: first.refreshToken })).toEqual({
      ok: false,
      reason: 'REFRESH_REUSED',
    });
    expect(next.ok && (await accounts.refresh({ token: next.refreshToken }))).toEqual({
      ok: false,
      reason: 'REFRESH_INVALID',
    });
    expect(accepts(first.accessToken)).toBe(false);
    expect(next.ok && accepts(next.accessToken)).toBe(false);
    expect(accepts(other.accessToken)).toBe(true);
    expect(await accounts.refresh({ token: other.refreshToken })).toMatchObject({ ok: true });
    expect(events.find(({ event }) => event === 'authn_token_reuse')).toMatchObject({
      target: first.session.id,
      details: { subject: id },
    });
  });

  it.each(['', 'x', 'A'.repeat(43), 'x'.repeat(100_000)])(
    'refuses what was never a token (%#)',
    async (token) => {
      const { accounts, calls } = createWorld();
      expect(await accounts.refresh({ token })).toEqual({ ok: false, reason: 'REFRESH_INVALID' });
      expect(calls).not.toContain('revocations.revoke');
    },
  );

  it('refuses an expired session', async () => {
    const { accounts, signUp, signIn, clock } = createWorld();
    await signUp();
    const { refreshToken } = await signIn();
    clock.time += 14 * 86_400_000;
    expect(await accounts.refresh({ token: refreshToken })).toEqual({ ok: false, reason: 'REFRESH_INVALID' });
  });

  it('ends the session of an account that is gone', async () => {
    let gone = false;
    const { accounts, signUp, signIn, options } = createWorld(({ store }) => ({
      store: {
        ...{ findByEmail: (email) => store.findByEmail(email), create: (account) => store.create(account) },
        findById: async (id) => (gone ? undefined : store.findById(id)),
        setPasswordHash: (...input) => store.setPasswordHash(...input),
        addPending: (pending) => store.addPending(pending),
        completePending: (...input) => store.completePending(...input),
      },
    }));
    const id = await signUp();
    const { refreshToken } = await signIn();
    gone = true;
    expect(await accounts.refresh({ token: refreshToken })).toEqual({ ok: false, reason: 'REFRESH_INVALID' });
    expect(await options.sessions.list(id)).toEqual([]);
  });
});
