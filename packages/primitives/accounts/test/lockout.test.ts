import { describe, expect, it } from 'vitest';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';
const minute = 60_000;

describe('lockout', () => {
  it('admits exactly the limit of 50 parallel wrong logins', async () => {
    const { accounts, signUp, events } = createWorld();
    await signUp();
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => accounts.login({ email, password: `wrong guess number ${i}` })),
    );
    const admitted = events.filter(({ event, details }) => event === 'authn_login_fail' && !details?.locked);
    expect(admitted).toHaveLength(5);
    expect(events.filter(({ event }) => event === 'authn_login_lock')).toHaveLength(1);
    expect(await accounts.login({ email, password })).toMatchObject({ ok: false });
  });

  it('does not count what succeeds: 50 parallel right logins all do', async () => {
    const { accounts, signUp, guess } = createWorld();
    await signUp();
    await guess(4);
    const results = await Promise.all(Array.from({ length: 50 }, () => accounts.login({ email, password })));
    expect(results.every(({ ok }) => ok)).toBe(true);
    await guess(4);
    expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
  });

  it('refuses the right password while locked, and counts it, so that the next delay is longer', async () => {
    const { accounts, signUp, guess, clock, events } = createWorld();
    await signUp();
    await guess(5);
    for (let i = 0; i < 2; i++)
      expect(await accounts.login({ email, password })).toMatchObject({ ok: false });
    clock.time += minute;
    await guess(1);
    const delays = events
      .filter(({ event }) => event === 'authn_login_lock')
      .map(({ details }) => details?.seconds);
    expect(delays).toEqual([60, 480]);
  });

  it('grows to an hour and no further, with one attempt a lock', async () => {
    const { signUp, guess, clock, events } = createWorld();
    await signUp();
    await guess(5);
    const delay = () =>
      Number(events.findLast(({ event }) => event === 'authn_login_lock')?.details?.seconds);
    const delays = [delay()];
    for (let i = 0; i < 8; i++) {
      clock.time += delay() * 1_000;
      await guess(1);
      delays.push(delay());
    }
    expect(delays).toEqual([60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
  });

  it('ends with its delay for the one who knows the password', async () => {
    const { accounts, signUp, guess, clock } = createWorld();
    await signUp();
    await guess(5);
    clock.time += minute - 1;
    expect(await accounts.login({ email, password })).toMatchObject({ ok: false });
    clock.time += 1;
    expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
    await guess(4);
    expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
  });

  it('counts one account under all spellings of its address, and nobody else with it', async () => {
    const { accounts, signUp, guess } = createWorld();
    await signUp();
    await signUp('bob@mail.example');
    for (const spelling of [email, 'Alice@mail.example', 'ALICE@MAIL.EXAMPLE', 'aLice@mail.Example', email]) {
      await guess(1, spelling);
    }
    expect(await accounts.login({ email, password })).toMatchObject({ ok: false });
    expect(await accounts.login({ email: 'bob@mail.example', password })).toMatchObject({ ok: true });
  });

  it('hands stores neither an address nor a nonce', async () => {
    const keys: string[] = [];
    const { signUp, signIn, guess } = createWorld(({ lockout }) => ({
      lockout: {
        store: {
          attempt(key, policy, now, correct) {
            keys.push(key);
            return lockout?.store?.attempt(key, policy, now, correct) ?? { allowed: true, failures: 0 };
          },
          succeed: () => {},
          clear: () => {},
        },
      },
    }));
    await signUp();
    const { deviceCookie } = await signIn();
    await guess(1, email, deviceCookie.value);
    const nonce = deviceCookie.value.split('.')[1] ?? 'none';
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(key).toMatch(/^[\w-]{43}$/);
      expect(key).not.toContain(nonce);
    }
  });
});

describe('a known device', () => {
  it('is not shut out by the guesses of others', async () => {
    const { accounts, signUp, signIn, guess } = createWorld();
    await signUp();
    const { deviceCookie } = await signIn();
    await guess(50);
    expect(await accounts.login({ email, password })).toMatchObject({ ok: false });
    const again = await signIn(email, password, deviceCookie.value);
    expect(again.deviceCookie.value).not.toBe(deviceCookie.value);
    expect(await accounts.login({ email, password })).toMatchObject({ ok: false });
    await signIn(email, password, again.deviceCookie.value);
  });

  it('past its own limit counts as unknown', async () => {
    const { accounts, signUp, signIn, guess, events } = createWorld();
    await signUp();
    const cookie = (await signIn()).deviceCookie.value;
    await guess(5, email, cookie);
    expect(await accounts.login({ email, password, deviceCookie: cookie })).toMatchObject({ ok: true });
    const other = (await signIn()).deviceCookie.value;
    await guess(10, email, other);
    const admitted = events.filter(({ event, details }) => event === 'authn_login_fail' && !details?.locked);
    expect(admitted.map(({ details }) => details?.knownDevice)).toEqual([
      ...Array(5).fill(true), // the first device
      ...Array(5).fill(true),
      ...Array(5).fill(false),
    ]);
    expect(await accounts.login({ email, password, deviceCookie: other })).toMatchObject({ ok: false });
  });

  it('is known to its own account alone, unforged and for its time', async () => {
    const { accounts, signUp, signIn, guess, clock, events } = createWorld();
    await signUp();
    await signUp('mallory@mail.example');
    const own = (await signIn()).deviceCookie.value;
    const mallory = (await signIn('mallory@mail.example')).deviceCookie.value;
    const [id = '', nonce = '', expiry = '', signature = ''] = own.split('.');
    const [malloryId = '', malloryNonce = '', malloryExpiry = '', mallorySignature = ''] = mallory.split('.');
    const forged = [
      mallory,
      `${id}.${malloryNonce}.${malloryExpiry}.${mallorySignature}`,
      `${id}.${nonce}.${Number(expiry) + 1}.${signature}`,
      `${id}.${'A'.repeat(22)}.${expiry}.${signature}`,
      `${id}.${nonce}.${expiry}.${'A'.repeat(43)}`,
      `${id}.${nonce}.${expiry}`,
      `${own}x`,
      'x'.repeat(10_000),
      '',
    ];
    expect(malloryId).not.toBe(id);
    await guess(5);
    events.length = 0;
    for (const deviceCookie of forged) {
      expect(await accounts.login({ email, password, deviceCookie })).toMatchObject({ ok: false });
    }
    expect(events.some(({ details }) => details?.knownDevice)).toBe(false);
    await signIn(email, password, own);
    clock.time += 180 * 24 * 60 * minute;
    await guess(5);
    expect(await accounts.login({ email, password, deviceCookie: own })).toMatchObject({ ok: false });
  });

  it('is not known to a service with another key', async () => {
    const one = createWorld();
    const two = createWorld(({ store }) => ({ store, devices: { key: new Uint8Array(32).fill(8) } }));
    await one.signUp();
    await two.signUp();
    const cookie = (await one.signIn()).deviceCookie.value;
    await two.guess(5);
    expect(await two.accounts.login({ email, password, deviceCookie: cookie })).toMatchObject({ ok: false });
  });
});

it('a reset is open while locked, and ends the lock', async () => {
  const { accounts, signUp, guess, tokenFor } = createWorld();
  await signUp();
  await guess(30);
  expect(await accounts.requestPasswordReset({ email })).toEqual({ ok: true });
  const token = await tokenFor(email);
  expect(await accounts.confirmPasswordReset({ token, password: newPassword })).toEqual({ ok: true });
  expect(await accounts.login({ email, password: newPassword })).toMatchObject({ ok: true });
});
