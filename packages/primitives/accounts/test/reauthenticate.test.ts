import { expect, it } from 'vitest';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';

/** What a token says of the sign-in, in milliseconds. */
const authenticatedAt = (token: string) => (JSON.parse(token) as { at: number }).at;

async function signedIn() {
  const world = createWorld();
  const subject = await world.signUp();
  const here = await world.signIn();
  return { ...world, here, me: { subject, session: here.session.id } };
}

it('says in the token when the session signed in, and a refresh does not make it younger', async () => {
  const { accounts, here, clock } = await signedIn();
  const signedInAt = clock.time;
  expect(authenticatedAt(here.accessToken)).toBe(signedInAt);
  clock.time += 3_600_000;
  const refreshed = await accounts.refresh({ token: here.refreshToken });
  expect(refreshed.ok && authenticatedAt(refreshed.accessToken)).toBe(signedInAt);
});

it('gives a token as recent as now to who knows the password, for the same session', async () => {
  const { accounts, me, clock, accepts, events } = await signedIn();
  clock.time += 3_600_000;
  events.length = 0;
  const result = await accounts.reauthenticate({ ...me, password });
  expect(result.ok && authenticatedAt(result.accessToken)).toBe(clock.time);
  expect(result.ok && JSON.parse(result.accessToken)).toMatchObject({ sid: me.session, sub: me.subject });
  expect(events).toMatchObject([
    { event: 'authn_login_success', actor: me.subject, target: me.session, details: { again: true } },
  ]);
  await accounts.logout(me);
  expect(result.ok && accepts(result.accessToken)).toBe(false);
});

it('refuses a wrong password, counts it with the changes of password, and not with the logins', async () => {
  const { accounts, me, guess, namesOf } = await signedIn();
  for (let i = 0; i < 4; i++) {
    expect(await accounts.reauthenticate({ ...me, password: `wrong guess number ${i}` })).toEqual({
      ok: false,
      reason: 'INVALID_CREDENTIALS',
    });
  }
  await accounts.changePassword({ ...me, current: 'wrong guess number 4', password: newPassword });
  expect(await accounts.reauthenticate({ ...me, password })).toMatchObject({ ok: false });
  expect(await accounts.changePassword({ ...me, current: password, password: newPassword })).toMatchObject({
    ok: false,
  });
  expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
  expect(namesOf().filter((name) => name === 'authn_login_fail')).toHaveLength(5);
  expect(await guess(1)).toMatchObject([{ ok: false }]);
});

it('leaves the owner on a known device the attempts that a stolen access token would use up', async () => {
  const { accounts, me, here } = await signedIn();
  const deviceCookie = here.deviceCookie.value;
  for (let i = 0; i < 12; i++) await accounts.reauthenticate({ ...me, password: 'wrong guess' });
  expect(await accounts.reauthenticate({ ...me, password })).toMatchObject({ ok: false });
  expect(await accounts.reauthenticate({ ...me, password, deviceCookie })).toMatchObject({ ok: true });
  for (let i = 0; i < 5; i++) await accounts.reauthenticate({ ...me, password: 'wrong guess', deviceCookie });
  expect(await accounts.reauthenticate({ ...me, password, deviceCookie })).toMatchObject({ ok: false });
  // Neither count is that of the logins.
  expect(await accounts.login({ email, password, deviceCookie })).toMatchObject({ ok: true });
  expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
});

it('tells of the lock that wrong passwords of somebody signed in begin, once', async () => {
  const { accounts, me, events } = await signedIn();
  events.length = 0;
  for (let i = 0; i < 7; i++) await accounts.reauthenticate({ ...me, password: 'wrong guess' });
  const locks = events.filter(({ event }) => event === 'authn_login_lock');
  expect(locks).toMatchObject([
    { outcome: 'denied', target: me.subject, details: { failures: 5, seconds: 60 } },
  ]);
});

it.each(['ended', "somebody else's", 'gone'])(
  'refuses a session that is %s, whatever the password',
  async (what) => {
    const { accounts, me, signUp, signIn } = await signedIn();
    if (what === 'ended') await accounts.logout(me);
    const other =
      what === "somebody else's"
        ? await signUp('bob@mail.example').then(() => signIn('bob@mail.example'))
        : undefined;
    const session = other?.session.id ?? (what === 'gone' ? 'none' : me.session);
    expect(await accounts.reauthenticate({ ...me, session, password })).toEqual({
      ok: false,
      reason: 'INVALID_CREDENTIALS',
    });
  },
);

it('refuses an account that is gone with the same work as a wrong password', async () => {
  const { accounts, me, calls } = await signedIn();
  const work = async (subject: string, secret: string) => {
    calls.length = 0;
    await accounts.reauthenticate({ ...me, subject, password: secret });
    return [...calls];
  };
  expect(await work('nobody', password)).toEqual(await work(me.subject, 'wrong guess number 1'));
});

it('lets go of a password whose client has gone, and counts nothing', async () => {
  const world = createWorld(({ hasher }) => ({
    hasher: {
      ...hasher,
      hash: (secret) => hasher.hash(secret),
      async verify(secret, hash, { signal } = {}) {
        signal?.throwIfAborted();
        return hasher.verify(secret, hash);
      },
    },
  }));
  await world.signUp();
  const client = { signal: AbortSignal.abort(new Error('gone')) };
  for (let i = 0; i < 20; i++) {
    await expect(world.accounts.login({ email, password: 'wrong guess', client })).rejects.toThrow('gone');
  }
  expect(world.calls.filter((call) => call.startsWith('lockout'))).toEqual([]);
  const here = await world.signIn();
  const me = { subject: here.account.id, session: here.session.id };
  await expect(world.accounts.reauthenticate({ ...me, password, client })).rejects.toThrow('gone');
  expect(await world.accounts.reauthenticate({ ...me, password })).toMatchObject({ ok: true });
});
