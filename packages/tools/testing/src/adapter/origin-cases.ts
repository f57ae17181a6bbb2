import type { Server } from 'node:http';
import type { LifecycleRunner } from '../runner.js';
import { listen, type Received, type Sent, send } from './client.js';
import type { AdapterHarness } from './harness.js';
import { createWorld, type World } from './world.js';

const app = 'https://app.test';
const tenant = 'https://a.tenants.test';
const shop = 'https://shop.test';
const evil = 'https://evil.test';
const refused = (answer: Received) => [answer.status, answer.json.code];

/** Origins, cookies, hosts and schemes, in a world of its own behind a proxy on this machine. */
export function originCases(
  { describe, it, expect, beforeAll, afterAll }: LifecycleRunner,
  harness: AdapterHarness,
): void {
  describe(`${harness.name} adapter behind a proxy, before browsers`, () => {
    let world: World;
    let server: Server;
    let port = 0;

    beforeAll(async () => {
      world = await createWorld({
        origins: [app, 'https://*.tenants.test'],
        cors: {
          refuse: true,
          allowPrivateNetwork: true,
          originAllowed: async (origin) => origin === shop,
          paths: { '/open': { origins: [], dangerouslyAllowAnyOrigin: true, methods: ['GET'] } },
        },
        trustProxy: ['loopback'],
        hosts: ['api.test', '*.api.test'],
        pages: ['/old'],
        canonicalHost: 'www.api.test',
      });
      server = (await harness.build(world.shield, world.routes)).server;
      port = await listen(server);
    });
    afterAll(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );

    /** A request as the proxy passes it on. */
    const ask = (sent: Sent): Promise<Received> =>
      send(port, {
        ...sent,
        headers: {
          host: 'api.test',
          'x-forwarded-for': '203.0.113.9',
          'x-forwarded-proto': 'https',
          ...sent.headers,
        },
      });
    const preflight = (path: string, origin: string, more: Record<string, string> = {}): Promise<Received> =>
      ask({ method: 'OPTIONS', path, headers: { origin, 'access-control-request-method': 'POST', ...more } });
    const share = ({ headers }: Received) => headers['access-control-allow-origin'];

    it('shares with listed origins, patterns and lookups, and with nobody else', async () => {
      for (const origin of [app, tenant, shop]) {
        expect([origin, (await preflight('/made', origin)).status]).toEqual([origin, 204]);
        const answer = await ask({ method: 'POST', path: '/made', headers: { origin, cookie: 'a=1' } });
        expect([origin, answer.status, share(answer)]).toEqual([origin, 201, origin]);
      }
      const before = world.ran.get('/made');
      for (const origin of [
        evil,
        'null',
        'https://tenants.test',
        'https://eviltenants.test',
        `${tenant}.evil.test`,
      ]) {
        expect([origin, ...refused(await preflight('/made', origin))]).toEqual([
          origin,
          403,
          'ORIGIN_REFUSED',
        ]);
        const answer = await ask({ method: 'POST', path: '/made', headers: { origin } });
        expect([origin, ...refused(answer), share(answer), answer.headers.vary]).toEqual([
          origin,
          403,
          'ORIGIN_REFUSED',
          undefined,
          'Origin',
        ]);
        const read = await ask({ path: '/native', headers: { origin } });
        expect([origin, read.status, share(read), read.headers.vary]).toEqual([
          origin,
          200,
          undefined,
          'Origin',
        ]);
      }
      expect(world.ran.get('/made')).toEqual(before);
      const own = await ask({ method: 'POST', path: '/made', headers: { origin: 'https://api.test' } });
      expect([own.status, share(own)]).toEqual([201, undefined]);
    });

    it('has another policy for a path, and none for a spelling that routers differ about', async () => {
      const open = await ask({ path: '/open', headers: { origin: evil } });
      expect([open.status, share(open), open.headers.vary]).toEqual([200, '*', undefined]);
      expect((await preflight('/open', evil, { 'access-control-request-method': 'GET' })).status).toEqual(
        204,
      );
      expect((await preflight('/open', evil)).status).toEqual(403);
      for (const path of [
        '/private/%2e%2e/open',
        '/private/..;/open',
        '//open',
        '/x/../open',
        '/OPEN',
        '/open%2f..%2fprivate',
      ])
        for (const origin of [evil, app])
          expect([path, share(await ask({ path, headers: { origin } }))]).toEqual([path, undefined]);
    });

    it('lets listed origins into a private network, and says of a refusal what it was', async () => {
      const asks = { 'access-control-request-private-network': 'true' };
      const grant = ({ headers }: Received) => headers['access-control-allow-private-network'];
      expect(grant(await preflight('/made', app, asks))).toEqual('true');
      expect(grant(await preflight('/made', app))).toEqual(undefined);
      expect(grant(await preflight('/made', evil, asks))).toEqual(undefined);
      const told = world.logged.filter(({ message }) => message === 'malicious_cors');
      expect([told.length > 0, world.events.some(({ event }) => event === 'malicious_cors')]).toEqual([
        true,
        false,
      ]);
    });

    it('checks what only a browser could have been made to send, whatever its type and its headers', async () => {
      const cross = { 'sec-fetch-site': 'cross-site', cookie: 'a=1' };
      const before = world.ran.get('/made');
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json',
      ]) {
        for (const more of [
          {},
          { 'x-http-method-override': 'GET' },
          { authorization: await world.bearer() },
        ]) {
          const headers = { ...cross, 'content-type': type, ...more };
          expect([type, ...refused(await ask({ method: 'POST', path: '/made', headers }))]).toEqual([
            type,
            403,
            'CSRF_REFUSED',
          ]);
        }
      }
      expect(world.ran.get('/made')).toEqual(before);
      const own = { 'sec-fetch-site': 'same-origin', cookie: 'a=1' };
      expect((await ask({ method: 'POST', path: '/made', headers: own })).status).toEqual(201);
      const bearer = { 'sec-fetch-site': 'cross-site', authorization: await world.bearer() };
      expect((await ask({ method: 'POST', path: '/made', headers: bearer })).status).toEqual(201);
      const deletes = world.ran.get('/empty');
      const override = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', ...own };
      expect((await ask({ path: '/empty', headers: override })).status).toEqual(405);
      expect(world.ran.get('/empty')).toEqual(deletes);
    });

    it('leaves out a cookie that was tossed in, and believes none where a prefix was', async () => {
      const cookies = async (cookie: string) => (await ask({ path: '/cookies', headers: { cookie } })).json;
      expect(await cookies('__Host-refresh=abc; theme=dark; theme=evil')).toEqual({
        '__Host-refresh': 'abc',
      });
      expect(await cookies('__Host-refresh=abc; theme=dark')).toEqual({
        '__Host-refresh': 'abc',
        theme: 'dark',
      });
      for (const tossed of [
        '__Host-refresh=abc; __Host-refresh=evil',
        '__HOST-refresh=evil',
        '=__Host-refresh=evil',
      ])
        expect([tossed, await cookies(tossed)]).toEqual([tossed, { none: 'believed' }]);
    });

    it('believes its proxy about address, scheme, host and port, and serves no other host', async () => {
      const told = await ask({
        path: '/client',
        headers: { 'x-forwarded-host': 'x.api.test', host: 'inner' },
      });
      expect(told.json).toEqual({ address: '203.0.113.9', host: 'x.api.test', secure: true });
      const port8443 = { 'x-forwarded-port': '8443', origin: 'https://api.test:8443' };
      expect((await ask({ method: 'POST', path: '/made', headers: port8443 })).status).toEqual(201);
      const another = { 'x-forwarded-port': '8443', origin: 'https://api.test' };
      expect((await ask({ method: 'POST', path: '/made', headers: another })).status).toEqual(403);
      for (const host of ['evil.test', 'api.test.evil.test', 'evilapi.test', 'api.test.', 'api.test:8443'])
        expect([host, ...refused(await ask({ path: '/client', headers: { host } }))]).toEqual([
          host,
          400,
          'HOST_INVALID',
        ]);
    });

    it('refuses plain HTTP, and redirects only pages, only to the host of the configuration', async () => {
      const plain = { 'x-forwarded-proto': 'http' };
      expect(refused(await ask({ path: '/client', headers: plain }))).toEqual([403, 'HTTPS_REQUIRED']);
      const page = await ask({ path: '/old?a=b', headers: plain });
      expect([page.status, page.headers.location, page.text]).toEqual([
        308,
        'https://www.api.test/old?a=b',
        '',
      ]);
      expect(page.headers['strict-transport-security']).toEqual(undefined);
      expect((await ask({ path: '/old', headers: { ...plain, authorization: 'Bearer a' } })).status).toEqual(
        403,
      );
      expect((await ask({ method: 'POST', path: '/old', headers: plain })).status).toEqual(403);
      expect((await ask({ path: '/old' })).status).toEqual(200);
      const elsewhere = await ask({ path: '/old', headers: { ...plain, host: 'evil.test' } });
      expect([elsewhere.status, elsewhere.headers.location]).toEqual([400, undefined]);
    });
  });
}
