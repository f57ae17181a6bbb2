import { describe, expect, it } from 'vitest';
import type { AccountsOptions } from '../src/index.js';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';
const parts = ['store', 'hasher', 'sessions', 'issuer', 'oneTime', 'revocations'] as const;

/** A fuse for the n-th call of any part: it burns before the call does anything, or after it has done all. */
interface Fuse {
  left: number;
  readonly after: boolean;
  burnt: string | undefined;
}

class Injected extends Error {}

function fused<T extends object>(name: string, part: T, fuse: Fuse): T {
  return new Proxy(part, {
    get(target, key, receiver) {
      const method: unknown = Reflect.get(target, key, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        const burns = fuse.left-- === 1;
        if (burns) fuse.burnt = `${name}.${String(key)}`;
        if (burns && !fuse.after) throw new Injected();
        const result: unknown = await method.apply(target, args);
        if (burns) throw new Injected();
        return result;
      };
    },
  });
}

function fusedWorld(fuse: Fuse) {
  return createWorld((made) => ({
    ...Object.fromEntries(parts.map((name) => [name, fused(name, made[name], fuse)])),
    lockout: { store: fused('lockout', made.lockout?.store as object, fuse) as never },
    mailBudget: made.mailBudget as NonNullable<AccountsOptions['mailBudget']>,
  }));
}

type World = ReturnType<typeof fusedWorld>;
interface Scene {
  readonly world: World;
  readonly subject: string;
  readonly here: Awaited<ReturnType<World['signIn']>>;
  readonly elsewhere: Awaited<ReturnType<World['signIn']>>;
}

/** Runs a flow once for every place where it can break, until it comes through unbroken. */
async function everywhere(
  run: (scene: Scene) => Promise<{ act: () => Promise<unknown>; check: (ok: boolean) => Promise<void> }>,
): Promise<string[]> {
  const broken: string[] = [];
  for (const after of [false, true]) {
    for (let n = 1; n < 60; n++) {
      const fuse: Fuse = { left: 0, after, burnt: undefined };
      const world = fusedWorld(fuse);
      const subject = await world.signUp();
      const [here, elsewhere] = [await world.signIn(), await world.signIn()];
      const { act, check } = await run({ world, subject, here, elsewhere });
      await world.accounts.idle();
      fuse.left = n;
      const ok = await act().then(
        (answer) => (answer as { ok: boolean }).ok,
        (error: unknown) => {
          if (!(error instanceof Injected)) throw error;
          return false;
        },
      );
      await world.accounts.idle();
      fuse.left = 0;
      await check(ok);
      if (fuse.burnt === undefined) break;
      broken.push(fuse.burnt);
    }
  }
  return broken;
}

const works = async (world: World, secret: string) =>
  (await world.accounts.login({ email, password: secret })).ok;

describe('whatever breaks at whichever step', () => {
  it('a login that failed costs nobody anything: the next one succeeds', async () => {
    const broken = await everywhere(async ({ world }) => ({
      act: () => world.accounts.login({ email, password }),
      check: async () => expect(await works(world, password)).toBe(true),
    }));
    expect(new Set(broken)).toEqual(
      new Set([
        ...['store.findByEmail', 'hasher.verify', 'lockout.attempt', 'lockout.succeed'],
        ...['sessions.start', 'store.findById', 'issuer.issue'],
      ]),
    );
  });

  it('a wrong guess never signs in, and counts whenever its verdict was told', async () => {
    await everywhere(async ({ world }) => ({
      act: () => world.accounts.login({ email, password: 'wrong guess' }),
      async check(ok) {
        expect(ok).toBe(false);
        const told = world.namesOf().includes('authn_login_fail');
        await world.guess(told ? 4 : 5); // of five
        expect(await works(world, password)).toBe(false);
      },
    }));
  });

  it('a reset sets one password or leaves the other, and what it answered ok to has ended every session', async () => {
    const broken = await everywhere(async ({ world, here, elsewhere }) => {
      await world.accounts.requestPasswordReset({ email });
      const token = await world.tokenFor(email);
      return {
        act: () => world.accounts.confirmPasswordReset({ token, password: newPassword }),
        async check(ok) {
          if (ok) {
            for (const session of [here, elsewhere]) {
              expect(world.accepts(session.accessToken)).toBe(false);
              expect(await world.accounts.refresh({ token: session.refreshToken })).toMatchObject({
                ok: false,
              });
            }
          }
          const [old, fresh] = [await works(world, password), await works(world, newPassword)];
          expect([old, fresh].filter(Boolean)).toHaveLength(1);
          if (ok) expect(fresh).toBe(true);
          // Whatever state it was left in, another reset mends it.
          await world.accounts.requestPasswordReset({ email });
          const again = { token: await world.tokenFor(email), password: `${newPassword} again` };
          expect(await world.accounts.confirmPasswordReset(again)).toEqual({ ok: true });
          for (const session of [here, elsewhere]) expect(world.accepts(session.accessToken)).toBe(false);
          // The first token is spent or dead with the password.
          expect(await world.accounts.confirmPasswordReset({ token, password })).toMatchObject({ ok: false });
        },
      };
    });
    expect(broken.length).toBeGreaterThan(16);
  });

  it('a change sets one password or leaves the other, and ends the other sessions when it answers ok', async () => {
    await everywhere(async ({ world, subject, here, elsewhere }) => {
      const me = { subject, session: here.session.id };
      return {
        act: () => world.accounts.changePassword({ ...me, current: password, password: newPassword }),
        async check(ok) {
          if (ok) expect(world.accepts(elsewhere.accessToken)).toBe(false);
          expect(world.accepts(here.accessToken)).toBe(true);
          const [old, fresh] = [await works(world, password), await works(world, newPassword)];
          expect([old, fresh].filter(Boolean)).toHaveLength(1);
          if (ok) expect(fresh).toBe(true);
          const current = fresh ? newPassword : password;
          const again = { ...me, current, password: `${newPassword} again` };
          expect(await world.accounts.changePassword(again)).toEqual({ ok: true });
          expect(world.accepts(elsewhere.accessToken)).toBe(false);
        },
      };
    });
  });

  it('a logout that failed can be done again, and then the session is over', async () => {
    await everywhere(async ({ world, subject, here, elsewhere }) => {
      const me = { subject, session: here.session.id };
      return {
        act: () => world.accounts.logout(me),
        async check(ok) {
          if (!ok) await world.accounts.logout(me);
          expect(world.accepts(here.accessToken)).toBe(false);
          expect(await world.accounts.refresh({ token: here.refreshToken })).toMatchObject({ ok: false });
          expect(world.accepts(elsewhere.accessToken)).toBe(true);
        },
      };
    });
  });

  it('a logout everywhere that failed can be done again, and then all are over', async () => {
    await everywhere(async ({ world, subject, here, elsewhere }) => {
      const me = { subject, session: here.session.id };
      return {
        act: () => world.accounts.logoutAll(me),
        async check(ok) {
          if (!ok) await world.accounts.logoutAll(me);
          for (const { accessToken, refreshToken } of [here, elsewhere]) {
            expect(world.accepts(accessToken)).toBe(false);
            expect(await world.accounts.refresh({ token: refreshToken })).toMatchObject({ ok: false });
          }
        },
      };
    });
  });

  it('a registration makes one account or none, and the token works once', async () => {
    const other = 'bob@mail.example';
    await everywhere(async ({ world }) => {
      await world.accounts.register({ email: other, password, name: 'Bob' });
      const token = await world.tokenFor(other);
      return {
        act: () => world.accounts.verifyEmail({ token }),
        async check(ok) {
          const again = await world.accounts.verifyEmail({ token });
          const login = await world.accounts.login({ email: other, password });
          expect(login.ok).toBe(true);
          if (ok) expect(again.ok).toBe(false);
        },
      };
    });
  });

  it('registering again succeeds, whatever the first time left', async () => {
    const other = 'bob@mail.example';
    const broken = await everywhere(async ({ world }) => ({
      act: () => world.accounts.register({ email: other, password, name: 'Bob' }),
      async check() {
        await world.accounts.register({ email: other, password: newPassword, name: 'Bob' });
        const token = await world.tokenFor(other);
        expect(await world.accounts.verifyEmail({ token })).toMatchObject({ ok: true });
        expect((await world.accounts.login({ email: other, password: newPassword })).ok).toBe(true);
        expect((await world.accounts.login({ email: other, password })).ok).toBe(false);
      },
    }));
    expect(new Set(broken)).toEqual(new Set(['hasher.hash', 'store.addPending', 'store.findByEmail']));
  });

  it('a step-up that failed gives no token and costs nothing: the next one succeeds', async () => {
    const broken = await everywhere(async ({ world, subject, here }) => {
      const me = { subject, session: here.session.id };
      return {
        act: () => world.accounts.reauthenticate({ ...me, password }),
        async check() {
          expect(await world.accounts.reauthenticate({ ...me, password })).toMatchObject({ ok: true });
          expect(world.accepts(here.accessToken)).toBe(true);
        },
      };
    });
    expect(new Set(broken)).toEqual(
      new Set([
        ...['store.findById', 'hasher.verify', 'lockout.attempt', 'lockout.succeed'],
        ...['sessions.find', 'issuer.issue'],
      ]),
    );
  });

  it('a refresh that failed leaves one line of tokens or none, and signing in again works', async () => {
    await everywhere(async ({ world, here, elsewhere }) => {
      let answered: { readonly ok: boolean; readonly refreshToken?: string } | undefined;
      return {
        async act() {
          answered = await world.accounts.refresh({ token: here.refreshToken });
          return answered;
        },
        async check(ok) {
          const again = await world.accounts.refresh({ token: here.refreshToken });
          // Who was answered has used the token up; who wasn't may have, and is then taken for a thief.
          if (ok) expect(again.ok).toBe(false);
          if (!again.ok) expect(world.accepts(here.accessToken)).toBe(false);
          const heir = answered?.refreshToken;
          if (heir) expect((await world.accounts.refresh({ token: heir })).ok).toBe(false);
          expect(world.accepts(elsewhere.accessToken)).toBe(true);
          expect(await works(world, password)).toBe(true);
        },
      };
    });
  });

  it('asking for a reset answers the same, also where everything behind it fails', async () => {
    await everywhere(async ({ world }) => ({
      act: () => world.accounts.requestPasswordReset({ email }),
      async check(ok) {
        expect(ok).toBe(true);
        await world.accounts.requestPasswordReset({ email });
        expect(await world.tokenFor(email)).toBeTypeOf('string');
      },
    }));
  });

  it('a mailer that fails changes no answer, and its operator hears of it', async () => {
    const world = createWorld(() => ({ mailer: { send: () => Promise.reject(new Error('no mail')) } }));
    expect(await world.accounts.register({ email, password, name: 'Alice' })).toEqual({ ok: true });
    expect(await world.accounts.requestPasswordReset({ email })).toEqual({ ok: true });
    await world.accounts.idle();
    expect(world.errors).toMatchObject([{ message: 'no mail' }]);
  });
});
