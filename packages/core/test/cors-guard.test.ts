import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { route } from '../src/index.js';
import { local, request, world } from './support.js';

const app = 'https://app.test';
const partner = 'https://partner.test';
const evil = 'https://evil.test';

async function serve(cors: object, origins: readonly string[] = [app]) {
  const { shield, lines, trail } = await world({
    origins,
    cors,
    limits: { api: { limit: 1_000, window: '15m' } },
  });
  const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
  async function ask(method: string, path: string, headers: Record<string, string>) {
    const response = await handler(request(path, { method, headers }), local);
    const shared = response.headers.get('access-control-allow-origin');
    return { status: response.status, shared, vary: response.headers.get('vary'), response };
  }
  const preflight = (path: string, origin: string, more: Record<string, string> = {}) =>
    ask('OPTIONS', path, { origin, 'access-control-request-method': 'POST', ...more });
  const denials = () => lines.filter((line) => line.message === 'malicious_cors');
  return { ask, preflight, denials, lines, trail };
}

describe('policies by path', () => {
  const paths = {
    '/public/': { origins: [], dangerouslyAllowAnyOrigin: true, methods: ['GET'] },
    '/public/partners': { origins: [partner], credentials: true },
  };

  it('hold for what is under them, the longest deciding, for the preflight and the request alike', async () => {
    const { ask, preflight } = await serve({ paths });
    expect(await ask('GET', '/public/x', { origin: evil })).toMatchObject({ status: 200, shared: '*' });
    expect((await preflight('/public/x', evil, { 'access-control-request-method': 'GET' })).status).toBe(204);
    for (const path of ['/public/partners', '/public/partners/1']) {
      expect(await ask('GET', path, { origin: partner })).toMatchObject({ shared: partner, vary: 'Origin' });
      expect(await ask('GET', path, { origin: evil })).toMatchObject({ shared: null, vary: 'Origin' });
      expect((await preflight(path, partner)).status).toBe(204);
      expect((await preflight(path, app)).status).toBe(403);
    }
    for (const path of ['/public', '/publications', '/private/public/', '/public/partners2']) {
      const expected = path.startsWith('/public/') ? '*' : null;
      expect([path, (await ask('GET', path, { origin: evil })).shared]).toEqual([path, expected]);
    }
    expect((await ask('GET', '/private', { origin: app })).shared).toBe(app);
  });

  it.each([
    '/private/..;/public/x',
    '/public/..;/private',
    '/public%2fx',
    '//public/x',
    '/public//x',
    '/PUBLIC/x',
    '/public;v=1/x',
  ])('share %s, which routers may read in two ways, with nobody', async (path) => {
    const { ask, preflight } = await serve({ paths });
    for (const origin of [evil, app, partner]) {
      expect((await ask('GET', path, { origin })).shared).toBeNull();
      expect((await preflight(path, origin)).status).toBe(403);
      expect((await ask('POST', path, { origin })).status).toBe(403);
    }
    expect((await ask('GET', path, {})).status).toBe(200);
  });

  it.each<[object, RegExp]>([
    [{ 'public/': { origins: [] } }, /canonical prefix/],
    [{ '/Public/': { origins: [] } }, /canonical prefix/],
    [{ '/a/../b': { origins: [] } }, /canonical prefix/],
    [{ '/a%2fb': { origins: [] } }, /canonical prefix/],
    [{ '/a/': { origins: ['*'] } }, /wildcard/],
    [{ '/a/': { origins: [], paths: {} } }, /cors\.paths is not an option/],
    [{ '/a/': { origins: [], dangerouslyAllowAnyOrigin: true, credentials: true } }, /cors\.credentials/],
  ])('%j is refused at construction', async (bad, message) => {
    await expect(serve({ paths: bad })).rejects.toThrow(message);
  });

  it('trust an origin with cookies only where they share them with it', async () => {
    const open = { ...paths, '/anonymous/': { origins: [partner] } };
    const { ask } = await serve({ paths: open });
    const cookie = { origin: partner, cookie: 'a=1', 'sec-fetch-site': 'cross-site' };
    expect((await ask('POST', '/public/partners', cookie)).status).toBe(200);
    expect((await ask('POST', '/anonymous/x', cookie)).status).toBe(403);
    expect((await ask('POST', '/public/x', cookie)).status).toBe(403);
    expect((await ask('POST', '/private', cookie)).status).toBe(403);
    expect((await ask('POST', '/private', { ...cookie, origin: app })).status).toBe(200);
  });
});

describe('an origin that is not allowed', () => {
  it('is an event, which never fills the trail, and is no event where it is the own one', async () => {
    const { ask, preflight, denials, trail } = await serve({});
    expect((await ask('GET', '/x', { origin: evil })).status).toBe(200);
    expect((await preflight('/x', evil)).status).toBe(403);
    expect(denials().map((line) => line.level)).toHaveLength(2);
    for (const origin of [app, 'http://localhost']) await ask('POST', '/x', { origin });
    expect(denials()).toHaveLength(2);
    expect(trail.filter(({ event }) => event === 'malicious_cors')).toEqual([]);
  });

  it('changes nothing where the server refuses, whatever credentials it has', async () => {
    const { ask } = await serve({ refuse: true });
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const refused = await ask(method, '/x', { origin: evil });
      expect([method, refused.status, refused.vary]).toEqual([method, 403, 'Origin']);
      expect((await refused.response.json()).code).toBe('ORIGIN_REFUSED');
      for (const origin of [app, 'http://localhost'])
        expect([method, origin, (await ask(method, '/x', { origin })).status]).toEqual([method, origin, 200]);
      expect((await ask(method, '/x', {})).status).toBe(200);
    }
    expect((await ask('GET', '/x', { origin: evil })).status).toBe(200);
    expect((await ask('POST', '/x', { origin: 'null' })).status).toBe(403);
  });
});

describe('patterns and lookups', () => {
  it('are trusted by the check against forgery as well', async () => {
    const { ask, preflight } = await serve(
      { originAllowed: async (origin: string) => origin === 'https://shop.test' },
      ['https://*.app.test'],
    );
    for (const origin of ['https://a.app.test', 'https://shop.test']) {
      expect(await preflight('/x', origin)).toMatchObject({ status: 204, shared: origin });
      const headers = { origin, cookie: 'a=1', 'sec-fetch-site': 'cross-site' };
      expect(await ask('POST', '/x', headers)).toMatchObject({ status: 200, shared: origin });
    }
    for (const origin of ['https://app.test', 'https://evilapp.test', evil, 'null']) {
      expect(await preflight('/x', origin)).toMatchObject({ status: 403, shared: null });
      const headers = { origin, cookie: 'a=1', 'sec-fetch-site': 'cross-site' };
      expect(await ask('POST', '/x', headers)).toMatchObject({ status: 403, shared: null });
    }
  });

  it('refuse when the lookup fails, and the log says so', async () => {
    const { preflight, lines } = await serve({ originAllowed: () => Promise.reject(new Error('down')) });
    expect((await preflight('/x', 'https://shop.test')).status).toBe(403);
    expect(lines.filter((line) => line.message.includes('could not be looked up'))).toHaveLength(1);
    expect((await preflight('/x', app)).status).toBe(204);
  });
});

describe('private networks', () => {
  it('are reached only where the policy says so', async () => {
    const asks = { 'access-control-request-private-network': 'true' };
    for (const allowPrivateNetwork of [true, false]) {
      const { preflight } = await serve({ allowPrivateNetwork });
      const { response, status } = await preflight('/x', app, asks);
      expect([status, response.headers.get('access-control-allow-private-network')]).toEqual([
        204,
        allowPrivateNetwork ? 'true' : null,
      ]);
      expect(
        (await preflight('/x', evil, asks)).response.headers.get('access-control-allow-private-network'),
      ).toBeNull();
    }
  });
});
