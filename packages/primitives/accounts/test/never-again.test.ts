import { describe, expect, it } from 'vitest';
// Its source: for a test alone, the package needs no dependency on another one.
import { createPasswordHasher } from '../../hashing/src/index.js';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';
const other = 'mallory@mail.example';

describe('a session that was there before a login (CVE-2022-25896, CVE-2023-29019)', () => {
  async function setUp() {
    const world = createWorld();
    await world.signUp();
    await world.signUp(other);
    const planted = await world.signIn(other);
    return { ...world, planted };
  }

  it('is never the session of the login, and is over with it', async () => {
    const { accounts, accepts, planted, events } = await setUp();
    events.length = 0;
    const login = await accounts.login({ email, password, refreshToken: planted.refreshToken });
    if (!login.ok) throw new Error('not signed in');
    expect(login.session.id).not.toBe(planted.session.id);
    expect(login.refreshToken).not.toBe(planted.refreshToken);
    expect(accepts(planted.accessToken)).toBe(false);
    expect(await accounts.refresh({ token: planted.refreshToken })).toMatchObject({ ok: false });
    expect(events.map(({ event, target }) => [event, target])).toContainEqual([
      'authn_token_revoked',
      planted.session.id,
    ]);
    expect(accepts(login.accessToken)).toBe(true);
    expect(await accounts.refresh({ token: login.refreshToken })).toMatchObject({ ok: true });
  });

  it('goes on where the login fails, and where the client brings none', async () => {
    const { accounts, accepts, planted } = await setUp();
    const failed = await accounts.login({
      email,
      password: newPassword,
      refreshToken: planted.refreshToken,
    });
    expect(failed.ok).toBe(false);
    await accounts.login({ email, password });
    expect(accepts(planted.accessToken)).toBe(true);
    expect(await accounts.refresh({ token: planted.refreshToken })).toMatchObject({ ok: true });
  });

  it('is over and told of where its token had been used before', async () => {
    const { accounts, planted, accepts, namesOf } = await setUp();
    const thief = await accounts.refresh({ token: planted.refreshToken });
    const login = await accounts.login({ email, password, refreshToken: planted.refreshToken });
    expect(login.ok).toBe(true);
    expect(namesOf()).toContain('authn_token_reuse');
    expect(thief.ok && accepts(thief.accessToken)).toBe(false);
    expect(thief.ok && (await accounts.refresh({ token: thief.refreshToken })).ok).toBe(false);
  });

  it.each(['', 'nonsense', 'x'.repeat(5_000)])(
    'costs no login its success when its token is %j',
    async (token) => {
      const { accounts } = await setUp();
      expect(await accounts.login({ email, password, refreshToken: token })).toMatchObject({ ok: true });
    },
  );

  it('gets another device cookie, which opens nothing by itself', async () => {
    const { accounts, signIn } = await setUp();
    const [first, second] = [await signIn(), await signIn()];
    expect(first.deviceCookie.value).not.toBe(second.deviceCookie.value);
    const deviceCookie = first.deviceCookie.value;
    expect(await accounts.login({ email, password: newPassword, deviceCookie })).toMatchObject({ ok: false });
  });
});

it('issues no token before everything is proven (GHSA-4qvm-r4pr-v3wg)', async () => {
  const { accounts, signUp, guess, calls } = createWorld();
  const subject = await signUp();
  await accounts.register({ email: other, password, name: 'M' });
  await guess(5);
  calls.length = 0;
  await accounts.login({ email, password }); // locked
  await accounts.login({ email: other, password }); // waits
  await accounts.login({ email: 'nobody@mail.example', password });
  await accounts.reauthenticate({ subject, session: 'none', password });
  await accounts.reauthenticate({ subject, session: 'none', password: newPassword });
  expect(calls.filter((call) => /^(issuer\.|sessions\.start)/.test(call))).toEqual([]);
});

it('lets nothing of a request into the links of its mails (CVE-2026-27959)', async () => {
  const world = createWorld(() => ({ links: { baseUrl: 'https://app.example' } }));
  const client = {
    address: '192.0.2.1',
    userAgent: 'https://evil.example/',
    requestId: 'evil.example:x@app.example',
    host: 'evil.example', // not an option, and so not looked at
  };
  const name = 'Alice https://evil.example/';
  await world.accounts.register({ email, password, name, client });
  const { token = '' } = await world.mailTo(email);
  await world.accounts.verifyEmail({ token, client });
  await world.accounts.requestPasswordReset({ email, client });
  await world.accounts.idle();
  await world.accounts.register({ email, password, name, client });
  await world.accounts.idle();
  expect(world.outbox).toHaveLength(3);
  for (const mail of world.outbox) {
    expect(JSON.stringify(mail)).not.toContain('evil');
    for (const [link] of mail.text.matchAll(/https?:\S+/g)) {
      const { origin, search, hash } = new URL(link);
      expect([origin, search, hash]).toEqual(['https://app.example', '', `#token=${mail.token}`]);
    }
  }
});

it('tells passwords apart that differ after byte 72, in every flow (CVE-2025-22228)', async () => {
  const hasher = createPasswordHasher({ memory: 7_168, iterations: 5 });
  const world = createWorld(() => ({ hasher }));
  const long = 'é'.repeat(36); // 72 bytes
  const subject = await world.signUp(email, `${long} one`);
  const { session } = await world.signIn(email, `${long} one`);
  const me = { subject, session: session.id };
  const two = `${long} two`;
  expect(await world.accounts.login({ email, password: two })).toMatchObject({ ok: false });
  expect(await world.accounts.reauthenticate({ ...me, password: two })).toMatchObject({ ok: false });
  expect(await world.accounts.changePassword({ ...me, current: two, password: newPassword })).toMatchObject({
    ok: false,
  });
  expect(await world.accounts.reauthenticate({ ...me, password: `${long} one` })).toMatchObject({ ok: true });
});

it('keeps no count where a client could set it back (CVE-2026-103977)', async () => {
  const { accounts, signUp, signIn, events } = createWorld();
  const subject = await signUp();
  const { deviceCookie, session, refreshToken } = await signIn();
  // Whatever the client holds, it is the same after each failure, and sending it again changes nothing.
  events.length = 0;
  for (let i = 0; i < 8; i++) {
    await accounts.login({ email, password: newPassword, deviceCookie: deviceCookie.value, refreshToken });
  }
  const known = events.filter(({ event, details }) => event === 'authn_login_fail' && details?.knownDevice);
  expect(known.map(({ details }) => details?.failures)).toEqual([1, 2, 3, 4, 5]);

  const me = { subject, session: session.id };
  for (let i = 0; i < 5; i++) await accounts.reauthenticate({ ...me, password: newPassword });
  const elsewhere = { subject, session: (await signIn()).session.id };
  for (const who of [me, elsewhere]) {
    expect(await accounts.reauthenticate({ ...who, password })).toMatchObject({ ok: false });
  }
});

it('gives no free guess to a client that goes away: who gets a verdict is counted', async () => {
  const hasher = createPasswordHasher({ memory: 7_168, iterations: 5 });
  const world = createWorld(({ lockout }) => ({ hasher, lockout: { ...lockout, limit: 100 } }));
  await world.signUp();
  const signals = [
    ...[undefined, AbortSignal.abort(), undefined],
    ...Array.from({ length: 24 }, (_, i) => AbortSignal.timeout(10 * i)),
  ];
  const answers = await Promise.all(
    signals.map((signal) =>
      world.accounts.login({ email, password: newPassword, client: { signal } }).then(
        () => 'answered',
        (error: { code?: string }) => error.code,
      ),
    ),
  );
  expect(new Set(answers)).toEqual(new Set(['answered', 'HASHING_ABORTED']));
  const counted = world.calls.filter((call) => call === 'lockout.attempt');
  expect(counted).toHaveLength(answers.filter((answer) => answer === 'answered').length);
});

it('mails another token where one was spent in vain', async () => {
  let broken = false;
  const world = createWorld(({ store }) => ({
    store: new Proxy(store, {
      get: (target, key, receiver) =>
        key === 'setPasswordHash' && broken
          ? () => Promise.reject(new Error('down'))
          : Reflect.get(target, key, receiver),
    }),
  }));
  await world.signUp();
  await world.accounts.requestPasswordReset({ email });
  const token = await world.tokenFor(email);
  broken = true;
  await expect(world.accounts.confirmPasswordReset({ token, password: newPassword })).rejects.toThrow('down');
  broken = false;
  const next = await world.tokenFor(email);
  expect(next).not.toBe(token);
  expect(await world.accounts.confirmPasswordReset({ token, password: newPassword })).toMatchObject({
    reason: 'TOKEN_INVALID',
  });
  expect(await world.accounts.confirmPasswordReset({ token: next, password: newPassword })).toEqual({
    ok: true,
  });
});
