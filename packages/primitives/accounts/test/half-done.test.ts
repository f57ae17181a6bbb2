import { describe, expect, it } from 'vitest';
import type { AccountsOptions, LoggedIn } from '../src/index.js';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';
const steps = 20; // more than a reset has calls

/** Hears of every call of a part before it does anything. */
function watched<T extends object>(name: string, part: T, hear: (call: string) => Promise<void>): T {
  return new Proxy(part, {
    get(target, key, receiver) {
      const method: unknown = Reflect.get(target, key, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        await hear(`${name}.${String(key)}`);
        return method.apply(target, args);
      };
    },
  });
}

/** A world in which something happens just before the n-th call of a flow, and the m-th one fails. */
function createStage() {
  const plan = { count: 0, meddleAt: 0, failAt: 0, forGood: false, meddle: async () => {}, running: false };
  async function hear(): Promise<void> {
    if (!plan.running) return;
    plan.count++;
    const failing = plan.forGood && plan.failAt > 0 ? plan.count >= plan.failAt : plan.count === plan.failAt;
    if (failing) throw new Error('injected');
    if (plan.count !== plan.meddleAt) return;
    plan.running = false; // what meddles is not meddled with
    await plan.meddle();
    plan.running = true;
  }
  const names = ['store', 'sessions', 'oneTime', 'revocations'] as const;
  const world = createWorld((made) => ({
    ...Object.fromEntries(names.map((name) => [name, watched(name, made[name], hear)])),
    lockout: { store: watched('lockout', made.lockout?.store as object, hear) } as NonNullable<
      AccountsOptions['lockout']
    >,
  }));
  async function run<T>(flow: () => Promise<T>): Promise<T | undefined> {
    plan.running = true;
    const result = await flow().catch((error: Error) => {
      if (error.message !== 'injected') throw error;
      return undefined;
    });
    plan.running = false;
    return result;
  }
  return { ...world, plan, run };
}

async function isOpen(world: ReturnType<typeof createStage>, session: LoggedIn): Promise<boolean> {
  const refreshed = await world.accounts.refresh({ token: session.refreshToken });
  return refreshed.ok || world.accepts(session.accessToken);
}

describe('a login with the old password, at whatever step of a reset', () => {
  it('leaves no session behind a reset that answered, and none behind the next one where it failed', async () => {
    let [answered, failed, raced] = [0, 0, 0];
    for (let meddleAt = 1; meddleAt <= steps; meddleAt++) {
      for (let failAt = 0; failAt <= steps; failAt++) {
        const world = createStage();
        await world.signUp();
        const before = await world.signIn();
        await world.accounts.requestPasswordReset({ email });
        const token = await world.tokenFor(email);
        let during: LoggedIn | undefined;
        Object.assign(world.plan, { meddleAt, failAt });
        world.plan.meddle = async () => {
          const login = await world.accounts.login({ email, password });
          if (login.ok) during = login;
        };
        const answer = await world.run(() =>
          world.accounts.confirmPasswordReset({ token, password: newPassword }),
        );
        if (during) raced++;
        if (answer?.ok) {
          answered++;
          expect(await isOpen(world, before)).toBe(false);
          if (during) expect(await isOpen(world, during)).toBe(false);
        } else {
          failed++;
          await world.accounts.requestPasswordReset({ email });
          const again = { token: await world.tokenFor(email), password: `${newPassword} again` };
          expect(await world.accounts.confirmPasswordReset(again)).toEqual({ ok: true });
          expect(await isOpen(world, before)).toBe(false);
          if (during) expect(await isOpen(world, during)).toBe(false);
        }
      }
    }
    expect(answered).toBeGreaterThan(20);
    expect(failed).toBeGreaterThan(100);
    expect(raced).toBeGreaterThan(50);
  });

  it.each([
    ['nothing', 'a call that failed once', false, 0],
    ['at most the login of that very moment', 'stores that failed for good', true, 1],
  ])('survives %s where the password was changed in spite of %s', async (_what, _why, forGood, most) => {
    const survivors: number[] = [];
    for (let meddleAt = 1; meddleAt <= steps; meddleAt++) {
      for (let failAt = 1; failAt <= steps; failAt++) {
        const world = createStage();
        const id = await world.signUp();
        const before = await world.signIn();
        await world.accounts.requestPasswordReset({ email });
        const token = await world.tokenFor(email);
        Object.assign(world.plan, { meddleAt, failAt, forGood });
        world.plan.meddle = async () => {
          await world.accounts.login({ email, password });
        };
        await world.run(() => world.accounts.confirmPasswordReset({ token, password: newPassword }));
        if (!(await world.accounts.login({ email, password: newPassword })).ok) continue;
        expect(await isOpen(world, before)).toBe(false);
        survivors.push((await world.options.sessions.list(id)).length - 1); // one is ours
      }
    }
    expect(survivors.length).toBeGreaterThan(20);
    expect(Math.max(...survivors)).toBe(most);
  });
});

describe('a session that opens while the others end', () => {
  it.each(['change', 'logout'] as const)(
    'is over after a %s that answered, or after the next one',
    async (how) => {
      let raced = 0;
      for (let meddleAt = 1; meddleAt <= steps; meddleAt++) {
        for (let failAt = 0; failAt <= steps; failAt++) {
          const world = createStage();
          const subject = await world.signUp();
          const me = { subject, session: (await world.signIn()).session.id };
          const other = await world.signIn();
          let during: LoggedIn | undefined;
          Object.assign(world.plan, { meddleAt, failAt });
          world.plan.meddle = async () => {
            const login = await world.accounts.login({ email, password });
            if (login.ok) during = login;
          };
          const flow = (current: string, next: string) =>
            how === 'change'
              ? world.accounts.changePassword({ ...me, current, password: next })
              : world.accounts.logoutAll(me);
          const answer = await world.run<{ ok: boolean }>(() => flow(password, newPassword));
          if (!answer?.ok) {
            const again = (await flow(password, newPassword)).ok || (await flow(newPassword, password)).ok;
            expect(again).toBe(true);
          }
          if (during) raced++;
          for (const session of [other, during]) {
            // Whoever signs in after the last look at the list has a session of their own right.
            if (session && !(session === during && how === 'logout' && answer?.ok)) {
              expect(await isOpen(world, session)).toBe(false);
            }
          }
        }
      }
      expect(raced).toBeGreaterThan(50);
    },
  );
});

describe('a password that was set', () => {
  it.each(['reset', 'change'] as const)(
    'by a %s is told to the trail and its owner, whatever fails afterwards',
    async (how) => {
      let told = 0;
      for (let failAt = 1; failAt <= steps; failAt++) {
        const world = createStage();
        const subject = await world.signUp();
        const { session } = await world.signIn();
        await world.accounts.requestPasswordReset({ email });
        const token = await world.tokenFor(email);
        world.outbox.length = 0;
        world.events.length = 0;
        Object.assign(world.plan, { failAt });
        await world.run<unknown>(() =>
          how === 'reset'
            ? world.accounts.confirmPasswordReset({ token, password: newPassword })
            : world.accounts.changePassword({
                subject,
                session: session.id,
                current: password,
                password: newPassword,
              }),
        );
        await world.accounts.idle();
        const names = world.namesOf();
        const mails = world.outbox.map((mail) => mail.subject);
        const changed = (await world.accounts.login({ email, password: newPassword })).ok;
        expect(names.includes(how === 'reset' ? 'authn_password_reset' : 'authn_password_change')).toBe(
          changed,
        );
        expect(mails.some((text) => text.includes('was changed'))).toBe(changed);
        if (changed) told++;
      }
      expect(told).toBeGreaterThan(3);
    },
  );
});

it('a refresh token used twice ends its access tokens, if need be at the third time', async () => {
  for (let failAt = 0; failAt <= 6; failAt++) {
    const world = createStage();
    await world.signUp();
    const { accessToken, refreshToken } = await world.signIn();
    const thief = await world.accounts.refresh({ token: refreshToken });
    Object.assign(world.plan, { failAt });
    const answer = await world.run(() => world.accounts.refresh({ token: refreshToken }));
    if (!answer) await world.accounts.refresh({ token: refreshToken });
    expect(world.accepts(accessToken)).toBe(false);
    expect(thief.ok && world.accepts(thief.accessToken)).toBe(false);
  }
});
