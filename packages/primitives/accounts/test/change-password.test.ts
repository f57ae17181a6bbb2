import { expect, it } from 'vitest';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';

async function signedIn() {
  const world = createWorld();
  const subject = await world.signUp();
  const [here, elsewhere] = [await world.signIn(), await world.signIn()];
  return { ...world, here, elsewhere, me: { subject, session: here.session.id } };
}

it('changes the password and ends every other session, not this one', async () => {
  const { accounts, here, elsewhere, me, accepts, namesOf, mailTo } = await signedIn();
  expect(await accounts.changePassword({ ...me, current: password, password: newPassword })).toEqual({
    ok: true,
  });
  expect([here, elsewhere].map(({ accessToken }) => accepts(accessToken))).toEqual([true, false]);
  expect(await accounts.refresh({ token: elsewhere.refreshToken })).toMatchObject({ ok: false });
  expect(await accounts.refresh({ token: here.refreshToken })).toMatchObject({ ok: true });
  expect(await accounts.login({ email, password })).toMatchObject({ ok: false });
  expect(await accounts.login({ email, password: newPassword })).toMatchObject({ ok: true });
  expect(namesOf()).toContain('authn_password_change');
  expect((await mailTo(email)).subject).toContain('was changed');
});

it('needs the current password, and stops guessing it without locking the login', async () => {
  const { accounts, me, elsewhere, accepts, namesOf } = await signedIn();
  const attempt = (current: string) => accounts.changePassword({ ...me, current, password: newPassword });
  for (let i = 0; i < 5; i++) expect(await attempt(`wrong guess number ${i}`)).toMatchObject({ ok: false });
  expect(await attempt(password)).toEqual({ ok: false, reason: 'INVALID_CREDENTIALS' });
  expect(namesOf().filter((name) => name === 'authn_password_change_fail')).toHaveLength(6);
  expect(accepts(elsewhere.accessToken)).toBe(true);
  expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
});

it('holds the new password to the rules, the own name among them', async () => {
  const { accounts, me } = await signedIn();
  for (const [bad, reason] of [
    ['short', 'PASSWORD_TOO_SHORT'],
    ['alice and her horses', 'PASSWORD_CONTEXT_WORD'],
  ] as const) {
    expect(await accounts.changePassword({ ...me, current: password, password: bad })).toMatchObject({
      reason,
    });
  }
});

it('lets one of 20 changes at the same time win', async () => {
  const { accounts, me } = await signedIn();
  const passwords = Array.from({ length: 20 }, (_, i) => `${newPassword} number ${i}`);
  const results = await Promise.all(
    passwords.map((each) => accounts.changePassword({ ...me, current: password, password: each })),
  );
  const winners = passwords.filter((_, i) => results[i]?.ok);
  expect(winners).toHaveLength(1);
  expect(await accounts.login({ email, password: winners[0] ?? '' })).toMatchObject({ ok: true });
});

it('refuses an account that is gone like a wrong password', async () => {
  const { accounts } = createWorld();
  const gone = { subject: 'nobody', session: 'none', current: password, password: newPassword };
  expect(await accounts.changePassword(gone)).toEqual({ ok: false, reason: 'INVALID_CREDENTIALS' });
});
