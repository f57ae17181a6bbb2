import { describe, expect, it } from 'vitest';
import { createWorld, password } from './support/world.js';

const email = 'alice@mail.example';

describe('links in mails', () => {
  it('lead to the configured base URL, with the token in the fragment', async () => {
    const links = { baseUrl: 'https://app.example/en/', resetPassword: '/new-password' };
    const world = createWorld(() => ({ links }));
    await world.accounts.register({ email, password, name: 'Alice' });
    const mail = await world.mailTo(email);
    expect(mail.text).toContain(`https://app.example/en/verify-email#token=${mail.token}`);
    await world.accounts.verifyEmail({ token: mail.token ?? '' });
    await world.accounts.requestPasswordReset({ email });
    const reset = await world.mailTo(email);
    expect(reset.text).toContain(`https://app.example/en/new-password#token=${reset.token}`);
  });

  it('are in no mail that only informs, and in none at all without a base URL', async () => {
    const world = createWorld();
    await world.accounts.register({ email, password, name: 'Alice' });
    const mail = await world.mailTo(email);
    expect(mail.text).not.toContain('http');
    expect(mail.text).toContain(String(mail.token));
    const linked = createWorld(() => ({ links: { baseUrl: 'https://app.example' } }));
    await linked.signUp();
    await linked.accounts.register({ email, password, name: 'Alice' });
    expect((await linked.mailTo(email)).text).not.toContain('http');
  });

  it.each(['https://app.example', 'https://app.example/base', 'http://localhost:5173', 'http://[::1]:80'])(
    'may lead to %s',
    (baseUrl) => {
      expect(() => createWorld(() => ({ links: { baseUrl } }))).not.toThrow();
    },
  );

  it.each([
    ...['', 'app.example', '//app.example', 'http://app.example', 'ftp://app.example', 'javascript:alert(1)'],
    ...['https://user:secret@app.example', 'https://app.example/?next=', 'https://app.example/#', null, 7],
    ...['http://localhost.evil.example', 'http://127.0.0.1.evil.example'],
  ])('may not lead to %s', (baseUrl) => {
    expect(() => createWorld(() => ({ links: { baseUrl: baseUrl as string } }))).toThrow(/links\.baseUrl/);
  });

  it.each(['verify', '//evil.example', '/a?b', '/a#b', '/\\evil.example', ''])(
    'takes no %j for a path',
    (path) => {
      const links = { baseUrl: 'https://app.example', verifyEmail: path };
      expect(() => createWorld(() => ({ links }))).toThrow(/links\.verifyEmail/);
    },
  );
});
