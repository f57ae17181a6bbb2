import { describe, expect, it } from 'vitest';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';
const invalid = { ok: false, reason: 'TOKEN_INVALID' };

describe('requestPasswordReset', () => {
  it('answers the same, before anything is looked up, for an address with and without an account', async () => {
    const { accounts, signUp, calls, outbox } = createWorld();
    await signUp();
    for (const address of [email, 'nobody@mail.example', 'no address', '']) {
      calls.length = 0;
      const answer = accounts.requestPasswordReset({ email: address });
      expect(calls).toEqual([]);
      expect(await answer).toEqual({ ok: true });
      await accounts.idle();
    }
    expect(outbox.map(({ to }) => to)).toEqual([email]);
  });

  it('mails to the address as it is stored, not as it was spelt', async () => {
    const { accounts, signUp, mailTo } = createWorld();
    await signUp();
    await accounts.requestPasswordReset({ email: 'ALICE@mail.example' });
    expect((await mailTo(email)).text).toContain('15 minutes');
  });

  it('mails ten times an hour, and a known device still gets one when strangers have used them up', async () => {
    const { accounts, signUp, signIn, outbox } = createWorld();
    await signUp();
    const { deviceCookie } = await signIn();
    for (let i = 0; i < 30; i++) await accounts.requestPasswordReset({ email });
    await accounts.idle();
    expect(outbox.length).toBe(9); // the tenth was the registration's
    expect(await accounts.requestPasswordReset({ email, deviceCookie: deviceCookie.value })).toEqual({
      ok: true,
    });
    await accounts.idle();
    expect(outbox.length).toBe(10);
  });
});

describe('confirmPasswordReset', () => {
  async function asked() {
    const world = createWorld();
    const id = await world.signUp();
    const session = await world.signIn();
    await world.accounts.requestPasswordReset({ email });
    return { ...world, id, session, token: await world.tokenFor(email) };
  }

  it('sets the password, ends every session and every access token, and says so by mail', async () => {
    const { accounts, token, session, id, options, accepts, clock, outbox, namesOf } = await asked();
    clock.time += 60_000;
    expect(await accounts.confirmPasswordReset({ token, password: newPassword })).toEqual({ ok: true });
    expect(accepts(session.accessToken)).toBe(false);
    expect(await options.sessions.list(id)).toEqual([]);
    expect(await accounts.refresh({ token: session.refreshToken })).toMatchObject({ ok: false });
    expect(await accounts.login({ email, password })).toMatchObject({ ok: false });
    const login = await accounts.login({ email, password: newPassword });
    expect(login.ok && accepts(login.accessToken)).toBe(true);
    await accounts.idle();
    expect(outbox.at(-1)).toMatchObject({ to: email, subject: expect.stringContaining('was changed') });
    expect(namesOf()).toContain('authn_password_reset');
  });

  it('works once, for one of 50 at the same time', async () => {
    const { accounts, token } = await asked();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        accounts.confirmPasswordReset({ token, password: `${newPassword} number ${i}` }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await accounts.confirmPasswordReset({ token, password: newPassword })).toEqual(invalid);
  });

  it('lets one of two tokens win that are used at the same time', async () => {
    const { accounts, token, tokenFor } = await asked();
    await accounts.requestPasswordReset({ email });
    const passwords = [newPassword, 'nine doubtful egrets'];
    const tokens = [token, await tokenFor(email)];
    const results = await Promise.all(
      passwords.map((each, i) => accounts.confirmPasswordReset({ token: tokens[i] ?? '', password: each })),
    );
    const winners = passwords.filter((_, i) => results[i]?.ok);
    expect(winners).toHaveLength(1);
    expect(await accounts.login({ email, password: winners[0] ?? '' })).toMatchObject({ ok: true });
  });

  it('works for 15 minutes', async () => {
    const late = await asked();
    late.clock.time += 15 * 60_000;
    expect(await late.accounts.confirmPasswordReset({ token: late.token, password: newPassword })).toEqual(
      invalid,
    );
    const inTime = await asked();
    inTime.clock.time += 15 * 60_000 - 1;
    expect(
      await inTime.accounts.confirmPasswordReset({ token: inTime.token, password: newPassword }),
    ).toEqual({
      ok: true,
    });
  });

  it('dies with the password: by a change, or by another reset', async () => {
    const { accounts, token, session, id, tokenFor } = await asked();
    await accounts.requestPasswordReset({ email });
    const other = await tokenFor(email);
    expect(other).not.toBe(token);
    const change = { subject: id, session: session.session.id, current: password, password: newPassword };
    expect(await accounts.changePassword(change)).toEqual({ ok: true });
    for (const each of [token, other]) {
      expect(await accounts.confirmPasswordReset({ token: each, password })).toEqual(invalid);
    }
    await accounts.requestPasswordReset({ email });
    const first = await tokenFor(email);
    await accounts.requestPasswordReset({ email });
    const second = await tokenFor(email);
    expect(await accounts.confirmPasswordReset({ token: second, password })).toEqual({ ok: true });
    expect(await accounts.confirmPasswordReset({ token: first, password: newPassword })).toEqual(invalid);
    expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
  });

  it('keeps the token when the password is refused, or the hasher busy', async () => {
    const { accounts, token } = await asked();
    expect(await accounts.confirmPasswordReset({ token, password: 'short' })).toMatchObject({
      reason: 'PASSWORD_TOO_SHORT',
    });
    expect(await accounts.confirmPasswordReset({ token, password: newPassword })).toEqual({ ok: true });
    let full = false;
    const busy = createWorld(({ hasher }) => ({
      hasher: {
        verify: (text, hash) => hasher.verify(text, hash),
        hash: (text) => (full ? Promise.reject(new Error('busy')) : hasher.hash(text)),
      },
    }));
    await busy.signUp();
    await busy.accounts.requestPasswordReset({ email });
    const kept = await busy.tokenFor(email);
    full = true;
    await expect(busy.accounts.confirmPasswordReset({ token: kept, password: newPassword })).rejects.toThrow(
      'busy',
    );
    full = false;
    expect(await busy.accounts.confirmPasswordReset({ token: kept, password: newPassword })).toEqual({
      ok: true,
    });
  });

  it('refuses the own name only to the one who proved it, and mails another token', async () => {
    const { accounts, token, tokenFor } = await asked();
    const own = 'alice and her horses';
    expect(await accounts.confirmPasswordReset({ token: 'A'.repeat(43), password: own })).toEqual(invalid);
    expect(await accounts.confirmPasswordReset({ token, password: own })).toMatchObject({
      reason: 'PASSWORD_CONTEXT_WORD',
      message: expect.stringContaining('new mail'),
    });
    const another = await tokenFor(email);
    expect(another).not.toBe(token);
    expect(await accounts.confirmPasswordReset({ token: another, password: newPassword })).toEqual({
      ok: true,
    });
  });

  it('does not take a token of another purpose', async () => {
    const { accounts, tokenFor } = createWorld();
    await accounts.register({ email, password, name: 'Alice' });
    const token = await tokenFor(email);
    expect(await accounts.confirmPasswordReset({ token, password: newPassword })).toEqual(invalid);
    expect(await accounts.verifyEmail({ token })).toMatchObject({ ok: true });
  });
});
