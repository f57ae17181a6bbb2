import { describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem, expectStatus, remaining, shown } from '../support/claims.js';
import { address, type Sent } from '../support/client.js';
import { until } from '../support/wait.js';
import { type ClaimedRoute, named, routes } from './routes.js';
import type { GetWorld } from './world.js';

const withBody = named(({ body }) => body !== undefined);
const closed = named(({ access }) => access !== 'public');

/** What each route refuses, and how: 401, 403, 404, 405, 413, 415, 422, 429, 500. */
export function refusalClaims(world: GetWorld): void {
  /** Sends to a route as somebody whom its access lets in. */
  function send({ method, path, access }: ClaimedRoute, sent: Sent) {
    return world().api.send(method, path, { token: tokenFor(access), ...sent });
  }

  function tokenFor(access: ClaimedRoute['access']): string | undefined {
    const { admin, reader } = world();
    return { public: undefined, 'signed in': reader.accessToken, administrators: admin.accessToken }[access];
  }

  describe('401: who has no token, or a bad one', () => {
    it.each(closed)('%s wants somebody signed in', async (_, route) => {
      const answer = await send(route, { json: route.body, token: undefined });
      expectProblem(answer, 401, 'UNAUTHENTICATED');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    });

    it.each(closed)('%s refuses a token that is none', async (_, route) => {
      const answer = await send(route, { json: route.body, token: 'not.a.token' });
      expectProblem(answer, 401, 'INVALID_TOKEN');
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    });
  });

  describe('403: who may not', () => {
    it.each(named(({ access }) => access === 'administrators'))(
      '%s is for administrators',
      async (_, route) => {
        const { method, path, body } = route;
        expectProblem(await world().reader.send(method, path, { json: body }), 403, 'FORBIDDEN');
      },
    );

    it('a route that declares no access lets nobody in, administrators included', async () => {
      const { api, admin, reader } = world();
      for (const token of [undefined, reader.accessToken, admin.accessToken]) {
        expectProblem(await api.send('GET', '/api/undeclared', { token }), 403, 'ACCESS_UNDECLARED');
      }
      expect(api.output()).not.toContain('the handler of a route without declared access ran');
    });

    it.each(named(({ method }) => method !== 'GET'))(
      '%s refuses what another site sends',
      async (_, route) => {
        // With a cookie, as a browser adds it; a Bearer token alone is nothing that another site can send.
        const byOrigin = { origin: 'https://evil.example', cookie: 'theme=dark' };
        const crossSite = { 'sec-fetch-site': 'cross-site', ...byOrigin };
        expectProblem(await send(route, { json: route.body, headers: crossSite }), 403, 'CSRF_REFUSED');
        expectProblem(await send(route, { json: route.body, headers: byOrigin }), 403, 'CSRF_REFUSED');
      },
    );
  });

  describe('404 and 405: what is not there', () => {
    it.each([
      '/',
      '/api',
      '/api/',
      '/api/nothing',
      '/healthz/x',
      '/.well-known/nothing',
      '/api/auth',
      '/API-DOCS',
    ])('%s is nothing', async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        expectProblem(await world().api.send(method, path), 404, 'NOT_FOUND');
      }
    });

    it.each([...new Set(routes.map(({ path }) => path))])('%s tells which methods it has', async (path) => {
      const answer = await world().api.send('PUT', path);
      expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
      const allowed = String(answer.headers.allow).split(/, */);
      expect(allowed).toEqual(
        expect.arrayContaining(routes.filter((route) => route.path === path).map(({ method }) => method)),
      );
      expect(allowed).not.toContain('PUT');
    });

    it('ids of nothing are 404, whatever they look like', async () => {
      const { admin, writer } = world();
      for (const id of [
        '019a0000-0000-7000-8000-000000000000',
        '1',
        'x'.repeat(60),
        '%27%20OR%201=1',
        '%00',
      ]) {
        expectProblem(await writer.send('GET', `/api/posts/${id}`), 404, 'NOT_FOUND');
        expectProblem(
          await writer.send('PATCH', `/api/posts/${id}`, { json: { title: 'x' } }),
          404,
          'NOT_FOUND',
        );
        expectProblem(await writer.send('DELETE', `/api/posts/${id}`), 404, 'NOT_FOUND');
        expectProblem(await writer.send('DELETE', `/api/auth/sessions/${id}`), 404, 'NOT_FOUND');
        expectProblem(
          await admin.send('PATCH', `/api/users/${id}/role`, { json: { role: 'user' } }),
          404,
          'NOT_FOUND',
        );
      }
    });
  });

  describe('413, 415, 400 and 422: what a body may be', () => {
    it.each(withBody)('%s takes 100 KB at most, told in advance or not', async (_, route) => {
      const raw = `{"title":"${'x'.repeat(102_400)}"}`;
      const type = 'application/json';
      expectProblem(await send(route, { raw, type }), 413, 'BODY_TOO_LARGE');
      expectProblem(await send(route, { raw, type, chunked: true }), 413, 'BODY_TOO_LARGE');
    });

    it.each(withBody)('%s takes application/json only', async (_, route) => {
      const raw = JSON.stringify(route.body);
      const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'text/json', ''];
      for (const type of types) {
        expectProblem(await send(route, { raw, type }), 415, 'MEDIA_TYPE_UNSUPPORTED');
      }
      expectProblem(await send(route, { raw }), 415, 'MEDIA_TYPE_UNSUPPORTED');
    });

    it.each(withBody)('%s refuses keys that reach for a prototype', async (_, route) => {
      for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__']) {
        const raw = JSON.stringify(route.body).replace(
          '{',
          `{"${key}":{"role":"admin"}${Object.keys(route.body ?? {}).length > 0 ? ',' : ''}`,
        );
        expectProblem(await send(route, { raw, type: 'application/json' }), 400, 'JSON_INVALID');
      }
    });

    it.each(withBody)('%s refuses a key that it does not know', async (_, route) => {
      expectInvalid(await send(route, { json: { ...route.body, role_: 'admin' } }), '/role_', 'unknown_key');
    });

    it.each(named(({ body }) => Object.keys(body ?? {}).length > 0))(
      '%s refuses wrong types',
      async (_, route) => {
        for (const key of Object.keys(route.body ?? {})) {
          const answer = await send(route, { json: { ...route.body, [key]: { $ne: null } } });
          const { errors } = expectProblem(answer, 422, 'VALIDATION_FAILED');
          expect(
            errors?.map(({ path }) => path),
            shown(answer),
          ).toEqual([`/${key}`]);
        }
        expectProblem(await send(route, { raw: '[]', type: 'application/json' }), 422, 'VALIDATION_FAILED');
      },
    );
  });

  describe('429 and 500', () => {
    it('a client past its limit is refused on every route of the API, and on no other', async () => {
      const { api } = world();
      const from = address();
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => api.send('GET', '/api/me', { from })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
      for (const route of routes) {
        const answer = await send(route, { json: route.body, from });
        if (route.path.startsWith('/api/')) {
          expectProblem(answer, 429, 'RATE_LIMITED');
          expect(remaining(answer)).toBe(0);
          expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        } else {
          expectStatus(answer, 200);
        }
      }
      expectProblem(await api.send('GET', '/api/nothing', { from }), 429, 'RATE_LIMITED');
      expectProblem(await api.send('GET', '/api/undeclared', { from }), 429, 'RATE_LIMITED');
    });

    it('an unexpected error tells its client nothing and its log everything but the secrets', async () => {
      const { api } = world();
      const answer = await api.send('GET', '/api/debug/fail');
      const { requestId, detail } = expectProblem(answer, 500, 'INTERNAL_ERROR');
      expect(answer.text).not.toMatch(/sync|password|postgres|Bearer|Error:|at /);
      expect(detail).not.toBe('');
      const isIt = (line: string): boolean => line.includes(requestId) && line.includes('could not sync');
      // The answer may be here before the pipe has brought the line.
      const lines = await until('the line of the log', () => {
        const found = api.output().split('\n').filter(isIt);
        return found.length > 0 && found;
      });
      expect(lines).toHaveLength(1);
      const [line = ''] = lines;
      expect(line).not.toMatch(/correct-horse|eyJ|c2lnbmF0dXJl|hunter2/);
      expect(line.split('[redacted]').length - 1).toBeGreaterThanOrEqual(3);
      expect(line).toContain('refused the connection');
      expect(line).toMatch(/\\n {4}at /);
      expect(api.output()).not.toMatch(/correct-horse-battery|hunter2/);
    });
  });
}
