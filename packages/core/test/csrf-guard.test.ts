import { createCsrfTokens } from '@secapi/http';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { csrf, type Exchange, route } from '../src/index.js';
import { local, request, world } from './support.js';

const cross = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' };

async function serve(options: object = {}) {
  const { shield, bearer } = await world({ limits: { api: { limit: 1_000, window: '15m' } }, ...options });
  const ran: string[] = [];
  const handler = secapi(shield).protect(route({ access: 'public' }), ({ exchange }) => {
    ran.push(exchange.request.method);
    return {};
  });
  const ask = async (headers: Record<string, string>, method = 'POST', body?: string) =>
    (await handler(request('/x', { method, headers, ...(body === undefined ? {} : { body }) }), local))
      .status;
  return { ask, bearer, ran };
}

describe('a Bearer token', () => {
  it('without a cookie is not checked, with one it is, and so is a login with neither', async () => {
    const { ask, bearer } = await serve();
    const authorization = await bearer('ann');
    expect(await ask({ ...cross, authorization })).toBe(200);
    expect(await ask({ ...cross, authorization, cookie: 'a=1' })).toBe(403);
    expect(await ask({ ...cross })).toBe(403);
    expect(await ask({ 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  it('is the only scheme that no browser sends by itself', async () => {
    const { ask } = await serve();
    for (const authorization of ['Basic YTpi', 'Negotiate abc', 'Bearerish abc'])
      expect([authorization, await ask({ ...cross, authorization })]).not.toEqual([authorization, 200]);
  });
});

describe('what a form can send', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json',
    'TEXT/PLAIN',
    'text/plain; application/json',
    '',
  ])('is refused from another site and taken from our own: %j', async (type) => {
    const { ask } = await serve();
    const typed: Record<string, string> = type === '' ? {} : { 'content-type': type };
    for (const from of [
      cross,
      { origin: 'null' },
      { origin: 'https://evil.test' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect(await ask({ ...typed, ...from, cookie: 'a=1' })).toBe(403);
    // What it holds is then another guard's matter.
    expect(await ask({ ...typed, 'sec-fetch-site': 'same-origin', cookie: 'a=1' })).not.toBe(403);
  });
});

describe('a header that names another method', () => {
  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])(
    '%s has no effect',
    async (name) => {
      const { ask, ran } = await serve();
      expect(await ask({ ...cross, [name]: 'GET', cookie: 'a=1' })).toBe(403);
      expect(await ask({ ...cross, [name]: 'DELETE', cookie: 'a=1' }, 'GET')).toBe(200);
      expect(await ask({ 'sec-fetch-site': 'same-origin', [name]: 'DELETE', cookie: 'a=1' })).toBe(200);
      expect(ran).toEqual(['GET', 'POST']);
    },
  );
});

describe('a token for old browsers', () => {
  const tokens = createCsrfTokens({ keys: [{ id: 'k1', key: new Uint8Array(32).fill(7) }] });

  it('is needed where there is a cookie and no other sign, and must be of that session', async () => {
    const { ask } = await serve({
      csrf: { tokens, session: (exchange: Exchange) => exchange.cookies()?.get('__Host-session') },
    });
    const token = await tokens.issue('s1');
    const cookie = '__Host-session=s1';
    expect(await ask({ cookie })).toBe(403);
    expect(await ask({ cookie, 'x-csrf-token': token })).toBe(200);
    expect(await ask({ cookie: '__Host-session=s2', 'x-csrf-token': token })).toBe(403);
    expect(await ask({ cookie: 'other=1', 'x-csrf-token': token })).toBe(403);
    expect(await ask({ cookie, 'x-csrf-token': `${token}A` })).toBe(403);
    expect(await ask({ cookie, 'x-csrf-token': token, ...cross })).toBe(403);
    expect(await ask({ cookie, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await ask({})).toBe(200);
  });

  it('is bound to the principal’s session where nothing else is said', async () => {
    const { ask, bearer } = await serve({ csrf: { tokens } });
    const headers = { authorization: await bearer('ann'), cookie: 'a=1' };
    expect(await ask({ ...headers, 'x-csrf-token': await tokens.issue('session-ann') })).toBe(200);
    expect(await ask({ ...headers, 'x-csrf-token': await tokens.issue('session-bob') })).toBe(403);
    expect(await ask(headers)).toBe(403);
  });

  it('without tokens, a session makes no sense', () => {
    expect(() => csrf({ trustedOrigins: [], session: () => 'x' })).toThrow(/csrf\.session/);
    expect(() => csrf({ trustedOrigins: [], token: 1 } as never)).toThrow(/csrf\.token is not an option/);
  });
});
