import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus, shown } from '../support/claims.js';
import { join, login, newPerson, newUser, register, signIn } from '../support/journey.js';
import type { GetWorld } from './world.js';

/** Registering, verifying, signing in, and what passwords may be. */
export function accountClaims(world: GetWorld): void {
  describe('accounts', () => {
    it('registering, verifying and signing in lead to an account and nothing more than it', async () => {
      const { api } = world();
      const person = newPerson();
      const token = await register(api, person);
      expectProblem(await login(api, person), 401, 'INVALID_CREDENTIALS');
      const verified = await api.send('POST', '/api/auth/verify-email', { json: { token } });
      expectStatus(verified, 204);
      expect(verified.text).toBe('');
      const user = await signIn(api, person);
      const me = await user.send('GET', '/api/me');
      expectStatus(me, 200);
      expect(me.headers['cache-control']).toBe('no-store');
      expect(me.json()).toEqual({
        id: user.id,
        email: person.email,
        name: person.name,
        role: 'user',
        emailVerified: true,
      });
    });

    it('a login answers with a bearer token and two cookies that scripts and other hosts never see', async () => {
      const { api } = world();
      const answer = await login(api, await join(api));
      expectStatus(answer, 200);
      expect(answer.json()).toEqual({
        accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        tokenType: 'Bearer',
        expiresIn: expect.any(Number),
      });
      expect(answer.headers['cache-control']).toBe('no-store');
      const cookies = answer.headers['set-cookie'] ?? [];
      expect(cookies.map((cookie) => cookie.split('=', 1)[0]).sort()).toEqual([
        '__Host-device',
        '__Host-refresh',
      ]);
      for (const cookie of cookies) {
        const attributes = cookie
          .split('; ')
          .slice(1)
          .map((part) => part.toLowerCase());
        expect(attributes).toEqual(expect.arrayContaining(['path=/', 'secure', 'httponly']));
        expect(cookie).toMatch(/; samesite=(lax|strict)/i);
        expect(cookie).not.toMatch(/; domain/i);
      }
    });

    it('a token out of a mail works once', async () => {
      const { api } = world();
      const token = await register(api, newPerson());
      const use = () => api.send('POST', '/api/auth/verify-email', { json: { token } });
      const statuses = (await Promise.all([use(), use(), use(), use()])).map(({ status }) => status).sort();
      expect(statuses[0]).toBe(204);
      expect(statuses.filter((status) => status === 204)).toHaveLength(1);
      expectProblem(await use(), 400, 'TOKEN_INVALID');
    });

    it('of two registrations of one address the first verified wins, and the other dies', async () => {
      const { api } = world();
      const [first, second] = [newPerson(), newPerson()];
      const rival = { ...second, email: first.email };
      const tokens = [await register(api, first), await register(api, rival)];
      expectStatus(await api.send('POST', '/api/auth/verify-email', { json: { token: tokens[1] } }), 204);
      expectProblem(
        await api.send('POST', '/api/auth/verify-email', { json: { token: tokens[0] } }),
        400,
        'TOKEN_INVALID',
      );
      expectProblem(await login(api, first), 401, 'INVALID_CREDENTIALS');
      expectStatus(await login(api, rival), 200);
    });

    it('nobody registers as an administrator', async () => {
      const { api } = world();
      const { email, password, name } = newPerson();
      const answer = await api.send('POST', '/api/auth/register', {
        json: { email, password, name, role: 'admin' },
      });
      expectProblem(answer, 422, 'VALIDATION_FAILED');
    });
  });

  describe('passwords', () => {
    const letters = 'a wide river, ';

    it.each([
      ['14 characters', 'qxzvbnmwktrpls', 'PASSWORD_TOO_SHORT'],
      ['none', '', 'PASSWORD_TOO_SHORT'],
      ['a common one', 'passwordpassword', 'PASSWORD_TOO_COMMON'],
      ['one letter again and again', 'aaaaaaaaaaaaaaaaaaaa', 'PASSWORD_TOO_COMMON'],
    ])('%s is refused, and never repeated', async (_, password, code) => {
      const { api } = world();
      const answer = await api.send('POST', '/api/auth/register', { json: { ...newPerson(), password } });
      expectProblem(answer, 422, code);
      if (password !== '') expect(answer.text).not.toContain(password);
      expect(answer.text).not.toContain('qxzv');
    });

    it.each([
      ['15 characters', 'qxzvbnmwktrplsh'],
      ['128 characters', letters.repeat(10).slice(0, 128)],
      ['spaces, letters of all alphabets and pictures', ' пароль 密碼 🔑 ünïcödé '],
      ['quotes, zeros and angle brackets', `'";--<b>\\0\t${letters}`],
    ])('%s is a password', async (_, password) => {
      const { api } = world();
      const person = await join(api, { ...newPerson(), password });
      expectStatus(await login(api, person), 200);
      expectProblem(await login(api, { ...person, password: `${password}x` }), 401, 'INVALID_CREDENTIALS');
    });

    it('two that differ only after byte 72 are different', async () => {
      const { api } = world();
      const long = `${letters.repeat(6).slice(0, 72)}-first`;
      const person = await join(api, { ...newPerson(), password: long });
      expectProblem(
        await login(api, { ...person, password: `${long.slice(0, 72)}-other` }),
        401,
        'INVALID_CREDENTIALS',
      );
      expectStatus(await login(api, person), 200);
    });

    it('the same rules hold for a change and for a reset', async () => {
      const { api } = world();
      const user = await newUser(api);
      const json = { current: user.password, password: 'passwordpassword' };
      expectProblem(
        await user.send('POST', '/api/auth/change-password', { json }),
        422,
        'PASSWORD_TOO_COMMON',
      );
      expectStatus(await api.send('POST', '/api/auth/password-reset', { json: { email: user.email } }), 202);
      const { token } = await api.mail(user.email);
      const confirm = (password: string) =>
        api.send('POST', '/api/auth/password-reset/confirm', { json: { token, password } });
      const refused = await confirm('too short');
      expectProblem(refused, 422, 'PASSWORD_TOO_SHORT');
      expect(refused.text, shown(refused)).not.toContain('too short');
      expectStatus(await confirm('saffron anchors beneath the pier'), 204);
    });
  });
}
