import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { ApiError, route } from '../src/index.js';
import { local, request, world } from './support.js';

describe('limits', () => {
  it('lets exactly as many through as it says, however many come at once', async () => {
    const { shield } = await world({ limits: { api: { limit: 100, window: '15m' } } });
    const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
    const responses = await Promise.all(Array.from({ length: 300 }, () => handler(request('/x'), local)));
    expect(responses.filter((response) => response.status === 200)).toHaveLength(100);
    const refused = responses.find((response) => response.status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(responses[0]?.headers.get('ratelimit')).toContain('r=99');
  });

  it('counts paths in every spelling that a router might take for the same', async () => {
    const { shield } = await world({ limits: { api: { limit: 2, window: '15m', paths: ['/api/'] } } });
    const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
    const spellings = ['/api/a', '//api/a', '/api%2Fa', '/API/a', '/x/../api/a', '/api;v=1/a'];
    const statuses = [];
    for (const spelling of spellings) statuses.push((await handler(request(spelling), local)).status);
    expect(statuses).toEqual([200, 200, 429, 429, 429, 429]);
    expect((await handler(request('/other'), local)).status).toBe(200);
  });

  it('gives a success its reservation back, and blocks only failures where the route says so', async () => {
    const { shield } = await world({
      limits: { login: { limit: 2, window: '1h', count: 'failures', on: 'route' } },
    });
    const { protect } = secapi(shield);
    const outcome = { status: 200 };
    const act = () => {
      if (outcome.status !== 200) throw new ApiError('INVALID_CREDENTIALS', { status: outcome.status });
      return {};
    };
    const login = protect(route({ access: 'public', limit: 'login' }), act);
    const refresh = protect(route({ access: 'public', limit: { use: 'login', block: false } }), act);
    const status = async (handler: typeof login) => (await handler(request('/x'), local)).status;
    for (let i = 0; i < 5; i++) expect(await status(login)).toBe(200);
    outcome.status = 401;
    expect([await status(login), await status(refresh), await status(login), await status(refresh)]).toEqual([
      401, 401, 429, 429,
    ]);
    outcome.status = 200;
    expect([await status(login), await status(refresh)]).toEqual([429, 200]);
  });
});

describe('transport, CORS and CSRF', () => {
  it('refuses plain HTTP from elsewhere, and takes it from this machine', async () => {
    const { shield } = await world();
    const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
    expect((await handler(request('/x'), { peer: '203.0.113.9' })).status).toBe(403);
    expect((await handler(request('/x'), local)).status).toBe(200);
  });

  it('answers a preflight before limits and authentication', async () => {
    const { shield } = await world({ limits: { api: { limit: 1, window: '15m' } } });
    const { notFound } = secapi(shield);
    const preflight = (origin: string) =>
      notFound(
        request('/x', {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST', authorization: 'Bearer bad' },
        }),
        local,
      );
    for (let i = 0; i < 3; i++) expect((await preflight('https://app.test')).status).toBe(204);
    const evil = await preflight('https://evil.test');
    expect(evil.headers.get('access-control-allow-origin')).toBeNull();
    expect(evil.status).toBe(403);
  });

  it('refuses a cross-site change whatever its content type, and takes one from an origin of ours', async () => {
    const { shield } = await world();
    const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
    const from = async (headers: Record<string, string>) =>
      (await handler(request('/x', { method: 'POST', headers }), local)).status;
    expect(await from({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' })).toBe(403);
    expect(await from({ origin: 'https://evil.test' })).toBe(403);
    expect(await from({ 'sec-fetch-site': 'cross-site', origin: 'https://app.test' })).toBe(200);
    expect(await from({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await from({})).toBe(200);
  });
});

describe('guards', () => {
  it("run in an order that can be read, and take one of the user's own", async () => {
    const own = { name: 'maintenance', enter: () => ({ code: 'UNAVAILABLE' }) as const };
    const { shield } = await world({ guards: [{ guard: own, after: 'cors' }] });
    expect(shield.order).toEqual([
      'headers',
      'transport',
      'hsts',
      'cors',
      'maintenance',
      'limits by client',
      'authenticate',
      'csrf',
    ]);
    const response = await secapi(shield).protect(route({ access: 'public' }), () => ({}))(
      request('/x'),
      local,
    );
    expect(response.status).toBe(503);
  });

  it('only report in observe mode, with what they would have refused', async () => {
    const { shield, lines } = await world({ observe: ['csrf'] });
    const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
    const response = await handler(
      request('/x', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }),
      local,
    );
    expect(response.status).toBe(200);
    expect(lines.find((line) => line.level === 'warn')?.fields).toMatchObject({
      guard: 'csrf',
      code: 'CSRF_REFUSED',
    });
  });

  it('end the request when they throw', async () => {
    const own = { name: 'broken', enter: () => Promise.reject(new Error('bug')) };
    const { shield } = await world({ guards: [{ guard: own, before: 'csrf' }] });
    expect(
      (await secapi(shield).protect(route({ access: 'public' }), () => ({}))(request('/x'), local)).status,
    ).toBe(500);
  });
});

describe('targets', () => {
  it('are refused where they can not be decoded or encode what nobody needs to encode, and taken otherwise', async () => {
    const { shield } = await world();
    const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
    const status = async (path: string) => (await handler(request(path), local)).status;
    for (const path of ['/%zz', '/%c0%af', '/%61dmin', '/a%30'])
      expect([path, await status(path)]).toEqual([path, 400]);
    for (const path of ['/a%20b', '/%C3%A9', '/a%2Fb'])
      expect([path, await status(path)]).toEqual([path, 200]);
  });
});

describe('a refusal by a limit of failures', () => {
  it('is raised once, and still tells what is left of the others', async () => {
    const limits = {
      api: { limit: 100, window: '15m' },
      login: { limit: 1, window: '1h', count: 'failures', on: 'route' },
    } as const;
    const { shield, lines } = await world({ limits });
    const fail = () => {
      throw new ApiError('INVALID_CREDENTIALS', { status: 401 });
    };
    const { protect } = secapi(shield);
    const login = protect(route({ access: 'public', limit: 'login' }), fail);
    const refresh = protect(route({ access: 'public', limit: { use: 'login', block: false } }), fail);
    expect((await login(request('/x'), local)).status).toBe(401);
    for (const handler of [login, refresh]) {
      lines.length = 0;
      const refused = await handler(request('/x'), local);
      expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([
        429,
        '"api";q=100;w=900, "login";q=1;w=3600',
      ]);
      expect(lines.filter((line) => line.message === 'excess_rate_limit_exceeded')).toHaveLength(1);
    }
  });
});
