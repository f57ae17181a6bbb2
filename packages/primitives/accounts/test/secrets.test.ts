import { expect, it } from 'vitest';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';

it('no event holds a password, a hash, a token, a cookie or an address of mail', async () => {
  const secrets: string[] = [password, newPassword, email, 'nobody@mail.example'];
  const { accounts, tokenFor, signIn, guess, events, options } = createWorld();
  await accounts.register({ email, password, name: 'Alice' });
  await accounts.register({ email: 'nobody@mail.example', password, name: 'N' });
  const verification = await tokenFor(email);
  await accounts.verifyEmail({ token: verification });
  await accounts.verifyEmail({ token: verification });
  await accounts.register({ email, password, name: 'Alice' });
  await accounts.idle();
  const one = await signIn();
  const two = await signIn();
  const me = { subject: one.account.id, session: one.session.id };
  const next = await accounts.refresh({ token: one.refreshToken });
  await accounts.refresh({ token: two.refreshToken });
  await accounts.refresh({ token: two.refreshToken });
  await guess(7, email, one.deviceCookie.value);
  await accounts.login({ email: 'nobody@mail.example', password });
  await accounts.changePassword({ ...me, current: newPassword, password: newPassword });
  await accounts.changePassword({ ...me, current: password, password: newPassword });
  for (let i = 0; i < 12; i++) await accounts.requestPasswordReset({ email });
  const reset = await tokenFor(email);
  await accounts.confirmPasswordReset({ token: reset, password });
  await accounts.confirmPasswordReset({ token: reset, password });
  await accounts.logoutAll(me);
  for (const { refreshToken, accessToken, deviceCookie } of [one, two]) {
    secrets.push(refreshToken, accessToken, deviceCookie.value, deviceCookie.value.split('.')[1] ?? '');
  }
  secrets.push(verification, reset, next.ok ? next.refreshToken : '');
  secrets.push((await options.store.findByEmail(email))?.passwordHash ?? '');

  const names = new Set(events.map(({ event }) => event));
  expect(names.size).toBeGreaterThan(12);
  for (const event of events) {
    const line = JSON.stringify(event);
    for (const secret of secrets.filter(Boolean)) expect(line).not.toContain(secret);
  }
});

it('no mail repeats the name that a stranger may have typed', async () => {
  const { accounts, mailTo } = createWorld();
  await accounts.register({ email, password, name: 'Win at https://evil.example' });
  expect(JSON.stringify(await mailTo(email))).not.toContain('evil.example');
});
