import { describe, expect, it } from 'vitest';
import type { LoggedIn } from '../src/index.js';
import { createWorld } from './support/world.js';

const asking = ({ account, session }: LoggedIn) => ({ subject: account.id, session: session.id });

describe('sessions', () => {
  it('are listed with the current one marked, and nobody else is in the list', async () => {
    const { accounts, signUp, signIn } = createWorld();
    await signUp();
    await signUp('bob@mail.example');
    const [one, two] = [await signIn(), await signIn()];
    await signIn('bob@mail.example');
    const list = await accounts.sessions(asking(two));
    expect(list.map(({ id, current }) => [id, current])).toEqual([
      [one.session.id, false],
      [two.session.id, true],
    ]);
  });

  it('logout ends the current one alone, its access tokens from then on', async () => {
    const { accounts, signUp, signIn, accepts } = createWorld();
    await signUp();
    const [one, two] = [await signIn(), await signIn()];
    await accounts.logout(asking(one));
    expect([one, two].map(({ accessToken }) => accepts(accessToken))).toEqual([false, true]);
    expect(await accounts.refresh({ token: one.refreshToken })).toMatchObject({ ok: false });
    expect(await accounts.refresh({ token: two.refreshToken })).toMatchObject({ ok: true });
    await expect(accounts.logout(asking(one))).resolves.toEqual({ ok: true });
  });

  it('logoutAll ends every one, and a login in the same second is not shut out by it', async () => {
    const { accounts, signUp, signIn, accepts, clock } = createWorld();
    await signUp();
    await signUp('bob@mail.example');
    const bob = await signIn('bob@mail.example');
    const early = await signIn();
    clock.time += 60_000;
    const late = await signIn();
    expect(await accounts.logoutAll(asking(late))).toEqual({ ok: true, ended: 2 });
    const after = await signIn();
    expect([early, late, after, bob].map(({ accessToken }) => accepts(accessToken))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('endSession ends one of the own, and does not find those of others', async () => {
    const { accounts, signUp, signIn, accepts } = createWorld();
    await signUp();
    await signUp('bob@mail.example');
    const [one, two, bob] = [await signIn(), await signIn(), await signIn('bob@mail.example')];
    const refused = { ok: false, reason: 'SESSION_NOT_FOUND' };
    for (const id of [bob.session.id, 'nothing', '', 'x'.repeat(10_000)]) {
      expect(await accounts.endSession({ ...asking(one), id })).toEqual(refused);
    }
    expect(accepts(bob.accessToken)).toBe(true);
    expect(await accounts.endSession({ ...asking(one), id: two.session.id })).toEqual({ ok: true });
    expect([one, two].map(({ accessToken }) => accepts(accessToken))).toEqual([true, false]);
    expect(await accounts.endSession({ ...asking(one), id: two.session.id })).toEqual(refused);
  });

  it('a logout that failed half-way can be done again and then is complete', async () => {
    for (const failing of ['revocations.revoke', 'sessions.revoke', 'sessions.list', 'sessions.revokeAll']) {
      let broken = false;
      const guard = (name: string) => {
        if (broken && name === failing) throw new Error('out of reach');
      };
      const { accounts, signUp, signIn, accepts } = createWorld(({ revocations, sessions }) => ({
        revocations: {
          async revoke(entry) {
            guard('revocations.revoke');
            return revocations.revoke(entry);
          },
        },
        sessions: {
          start: (input) => sessions.start(input),
          rotate: (...input) => sessions.rotate(...input),
          find: (id) => sessions.find(id),
          async list(subject) {
            guard('sessions.list');
            return sessions.list(subject);
          },
          async revoke(...input) {
            guard('sessions.revoke');
            return sessions.revoke(...input);
          },
          async revokeAll(...input) {
            guard('sessions.revokeAll');
            return sessions.revokeAll(...input);
          },
        },
      }));
      await signUp();
      const [one, two] = [await signIn(), await signIn()];
      broken = true;
      await Promise.allSettled([accounts.logout(asking(one)), accounts.logoutAll(asking(two))]);
      broken = false;
      await accounts.logout(asking(one));
      await accounts.logoutAll(asking(two));
      for (const { accessToken, refreshToken } of [one, two]) {
        expect(accepts(accessToken), failing).toBe(false);
        expect(await accounts.refresh({ token: refreshToken }), failing).toMatchObject({ ok: false });
      }
    }
  });
});
