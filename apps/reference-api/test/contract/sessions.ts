import { describe, expect, it } from 'vitest';
import type { Api } from '../support/api.js';
import { expectProblem, expectStatus } from '../support/claims.js';
import { join, login, newUser, refresh, signIn, type User } from '../support/journey.js';
import type { GetWorld } from './world.js';

interface SessionItem {
  readonly id: string;
  readonly current: boolean;
  readonly userAgent: string | null;
}

async function sessionsOf(user: User): Promise<SessionItem[]> {
  const answer = await user.send('GET', '/api/auth/sessions');
  expectStatus(answer, 200);
  return answer.json<{ items: SessionItem[] }>().items;
}

async function expectSignedIn(api: Api, user: User): Promise<void> {
  expectStatus(await user.send('GET', '/api/me'), 200);
  expectStatus(await refresh(api, user.refresh), 200);
}

async function expectSignedOut(api: Api, user: User): Promise<void> {
  expectProblem(await user.send('GET', '/api/me'), 401, 'INVALID_TOKEN');
  expect((await refresh(api, user.refresh)).status).toBe(401);
}

/** A new user's token, used many times at once: on a machine that is too busy for that, they try again. */
async function refreshAtOnce(api: Api, times: number) {
  for (let attempt = 1; ; attempt++) {
    const user = await newUser(api);
    const since = performance.now();
    const answers = await Promise.all(Array.from({ length: times }, () => refresh(api, user.refresh)));
    if (performance.now() - since < 1_500 || attempt === 4) return { user, answers };
  }
}

/** Refresh families, and all the ways in which a session ends. */
export function sessionClaims(world: GetWorld): void {
  describe('refreshing', () => {
    it('a login ends the session that the client had before, and no other', async () => {
      const { api } = world();
      const person = await join(api);
      const [before, elsewhere] = [await signIn(api, person), await signIn(api, person)];
      const after = await signIn(api, person, { cookies: { '__Host-refresh': before.refresh } });
      expectProblem(await before.send('GET', '/api/me'), 401, 'INVALID_TOKEN');
      expectStatus(await elsewhere.send('GET', '/api/me'), 200);
      expectStatus(await after.send('GET', '/api/me'), 200);
    });

    it('rotates the cookie and gives another access token', async () => {
      const { api } = world();
      const user = await newUser(api);
      const answer = await refresh(api, user.refresh);
      expectStatus(answer, 200);
      const { accessToken, ...rest } = answer.json<{ accessToken: string }>();
      expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: expect.any(Number) });
      expect(accessToken).not.toBe(user.accessToken);
      expect(answer.cookie('__Host-refresh')).toMatch(/^[\w-]{43,}$/);
      expect(answer.cookie('__Host-refresh')).not.toBe(user.refresh);
      expectStatus(await api.send('GET', '/api/me', { token: accessToken }), 200);
    });

    it.each([
      ['no cookie', {}],
      ['an empty one', { '__Host-refresh': '' }],
      ['a made-up one', { '__Host-refresh': 'A'.repeat(43) }],
      ['one under another name', { refresh: 'A'.repeat(43) }],
    ])('%s is refused', async (_, cookies) => {
      const answer = await world().api.send('POST', '/api/auth/refresh', { cookies });
      expectProblem(answer, 401, 'REFRESH_INVALID');
    });

    it('30 at once with one cookie make one successor, and log nobody out', async () => {
      const { api } = world();
      const { user, answers } = await refreshAtOnce(api, 30);
      for (const answer of answers) expectStatus(answer, 200);
      const successors = new Set(answers.map((answer) => answer.cookie('__Host-refresh')));
      expect(successors.size).toBe(1);
      const [successor = ''] = successors;
      expectStatus(await refresh(api, successor), 200);
      expectStatus(await user.send('GET', '/api/me'), 200);
      expect(await sessionsOf(user)).toHaveLength(1);
    });

    it('a used token kills its whole family, access tokens included', async () => {
      const { api } = world();
      const user = await newUser(api);
      const other = await signIn(api, user);
      const second = (await refresh(api, user.refresh)).cookie('__Host-refresh') ?? '';
      const third = await refresh(api, second);
      expectStatus(third, 200);
      expectProblem(await refresh(api, user.refresh), 401, 'REFRESH_REUSED');
      expect((await refresh(api, third.cookie('__Host-refresh') ?? '')).status).toBe(401);
      const { accessToken } = third.json<{ accessToken: string }>();
      expectProblem(await api.send('GET', '/api/me', { token: accessToken }), 401, 'INVALID_TOKEN');
      expectProblem(await user.send('GET', '/api/me'), 401, 'INVALID_TOKEN');
      await expectSignedIn(api, other);
    });
  });

  describe('ending sessions', () => {
    it('logout ends this session at once, and no other', async () => {
      const { api } = world();
      const user = await newUser(api);
      const other = await signIn(api, user);
      const answer = await user.send('POST', '/api/auth/logout');
      expectStatus(answer, 204);
      expect(answer.cookie('__Host-refresh')).toBe('');
      expect(answer.headers['clear-site-data']).toBe('"cache", "storage"');
      await expectSignedOut(api, user);
      await expectSignedIn(api, other);
    });

    it('logout-all ends every session of this account, and of no other', async () => {
      const { api } = world();
      const user = await newUser(api);
      const others = [await signIn(api, user), await signIn(api, user)];
      const stranger = await newUser(api);
      const answer = await user.send('POST', '/api/auth/logout-all');
      expectStatus(answer, 204);
      expect(answer.headers['clear-site-data']).toBe('"cache", "storage"');
      for (const each of [user, ...others]) await expectSignedOut(api, each);
      await expectSignedIn(api, stranger);
    });

    it('the list shows where this user is signed in, and each can be ended', async () => {
      const { api } = world();
      const user = await newUser(api);
      const other = await signIn(api, user);
      const sessions = await sessionsOf(user);
      expect(sessions).toHaveLength(2);
      expect(sessions.filter(({ current }) => current)).toHaveLength(1);
      const id = sessions.find(({ current }) => !current)?.id ?? '';

      const stranger = await newUser(api);
      expectProblem(await stranger.send('DELETE', `/api/auth/sessions/${id}`), 404, 'NOT_FOUND');
      expectStatus(await other.send('GET', '/api/me'), 200);

      expectStatus(await user.send('DELETE', `/api/auth/sessions/${id}`), 204);
      await expectSignedOut(api, other);
      expect(await sessionsOf(user)).toHaveLength(1);
      await expectSignedIn(api, user);
    });

    it('the list shows what a browser says of itself, shortened', async () => {
      const { api } = world();
      const person = await join(api);
      const user = await signIn(api, person, { headers: { 'user-agent': `Browser/${'1'.repeat(400)}` } });
      const [session] = await sessionsOf(user);
      expect(session?.userAgent).toBe(`Browser/${'1'.repeat(248)}`);
    });

    it('a changed password ends every other session', async () => {
      const { api } = world();
      const user = await newUser(api);
      const other = await signIn(api, user);
      const password = 'thirteen quiet lighthouse keepers';
      const change = (current: string) =>
        user.send('POST', '/api/auth/change-password', { json: { current, password } });
      expectProblem(await change('not the current password'), 403, 'INVALID_CREDENTIALS');
      expectStatus(await other.send('GET', '/api/me'), 200);
      expectStatus(await change(user.password), 204);
      await expectSignedOut(api, other);
      await expectSignedIn(api, user);
      expectProblem(await login(api, user), 401, 'INVALID_CREDENTIALS');
      expectStatus(await login(api, { ...user, password }), 200);
    });

    it('a reset ends every session, works once, and makes the new password the only one', async () => {
      const { api } = world();
      const user = await newUser(api);
      const other = await signIn(api, user);
      expectStatus(await api.send('POST', '/api/auth/password-reset', { json: { email: user.email } }), 202);
      const { token } = await api.mail(user.email);
      const password = 'eleven copper pianos downstream';
      const confirm = () =>
        api.send('POST', '/api/auth/password-reset/confirm', { json: { token, password } });
      const answers = await Promise.all([confirm(), confirm(), confirm()]);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      expectProblem(await confirm(), 400, 'TOKEN_INVALID');
      await expectSignedOut(api, user);
      await expectSignedOut(api, other);
      expectProblem(await login(api, user), 401, 'INVALID_CREDENTIALS');
      expectStatus(await login(api, { ...user, password }), 200);
    });
  });
}
