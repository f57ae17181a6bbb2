import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { LifecycleRunner } from '../runner.js';
import { listen, type Received, type Sent, send } from './client.js';
import type { AdapterHarness } from './harness.js';
import { oddSpellings } from './paths.js';
import { createWorld, type World } from './world.js';

const securityHeaders = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'x-frame-options',
  'x-request-id',
  'cache-control',
];

/**
 * The conformance suite of an adapter, over real HTTP: the same statuses, security headers and problems in every
 * framework, and the guard runs if and only if the handler runs.
 */
export function adapterSuite(
  { describe, it, expect, beforeAll, afterAll }: LifecycleRunner,
  harness: AdapterHarness,
): void {
  describe(`${harness.name} adapter`, () => {
    let world: World;
    let server: Server;
    let port = 0;

    beforeAll(async () => {
      world = await createWorld();
      const built = await harness.build(world.shield, world.routes);
      server = built.server;
      port = await listen(server);
      await send(port, { path: '/open' });
      built.addLate?.();
    });
    afterAll(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );

    const ask = (sent: Sent): Promise<Received> => send(port, sent);
    const count = (path: string): number => world.ran.get(path) ?? 0;

    function check(title: string, body: () => Promise<void>): void {
      if (harness.because?.[title] === undefined) it(title, body);
    }

    function expectProblem(answer: Received, status: number, code: string): void {
      expect([answer.status, answer.json.code, answer.headers['content-type']]).toEqual([
        status,
        code,
        'application/problem+json',
      ]);
      expect(Object.keys(answer.json).filter((key) => key !== 'errors')).toEqual([
        'type',
        'title',
        'status',
        'detail',
        'instance',
        'code',
        'requestId',
      ]);
      expect(answer.json.requestId).toEqual(answer.headers['x-request-id']);
      for (const name of securityHeaders)
        expect([name, typeof answer.headers[name]]).toEqual([name, 'string']);
      for (const name of ['x-powered-by', 'server'])
        expect([name, answer.headers[name]]).toEqual([name, undefined]);
    }

    check('shapes what a handler returns and what it sends natively alike', async () => {
      for (const path of ['/open', '/native', '/nested/inner-open']) {
        const answer = await ask({ path });
        expect([path, answer.status, answer.text, answer.headers['content-type']]).toEqual([
          path,
          200,
          '{"id":"1"}',
          'application/json; charset=utf-8',
        ]);
        for (const name of securityHeaders)
          expect([name, typeof answer.headers[name]]).toEqual([name, 'string']);
      }
    });

    check('lets nothing past the schema in returns, however it is written', async () => {
      const answer = await ask({ path: '/raw' });
      expectProblem(answer, 500, 'INTERNAL_ERROR');
      expect(answer.text.includes('canary')).toEqual(false);
      expect((await ask({ path: '/raw-free' })).text).toEqual('free');
    });

    check(
      'answers with status, headers and cookies of an answer(), and with none of a body where there is none',
      async () => {
        const made = await ask({ method: 'POST', path: '/made' });
        expect([made.status, made.text, made.headers.location, made.headers['set-cookie']]).toEqual([
          201,
          '{"id":"2"}',
          '/made/2',
          ['made=1'],
        ]);
        const empty = await ask({ method: 'DELETE', path: '/empty' });
        expect([empty.status, empty.text, empty.headers['content-type']]).toEqual([204, '', undefined]);
      },
    );

    check('stops a handler that may not run, and runs one that may', async () => {
      expectProblem(await ask({ path: '/private/area' }), 401, 'UNAUTHENTICATED');
      expectProblem(
        await ask({ path: '/private/area', headers: { authorization: 'Bearer nonsense' } }),
        401,
        'INVALID_TOKEN',
      );
      expect(count('/private/area')).toEqual(0);
      const user = { authorization: await world.bearer() };
      expectProblem(await ask({ path: '/admin', headers: user }), 403, 'FORBIDDEN');
      expect(count('/admin')).toEqual(0);
      const inside = await ask({ path: '/private/area', headers: user });
      expect([inside.status, inside.json.id, count('/private/area')]).toEqual([200, 'user', 1]);
      expect(
        (await ask({ path: '/admin', headers: { authorization: await world.bearer('admin') } })).status,
      ).toEqual(200);
    });

    check('refuses two Authorization headers', async () => {
      const token = await world.bearer();
      expectProblem(
        await ask({ path: '/private/area', headers: { authorization: [token, token] } }),
        401,
        'INVALID_TOKEN',
      );
    });

    check('stands before an old handler as a middleware', async () => {
      expect((await ask({ path: '/old' })).text).toEqual('{"old":true}');
      expectProblem(await ask({ path: '/old-guarded' }), 401, 'UNAUTHENTICATED');
      expect(count('/old-guarded')).toEqual(0);
    });

    check('hides what is not the principal’s own like what is not there', async () => {
      const headers = { authorization: await world.bearer() };
      expect((await ask({ method: 'DELETE', path: '/owned/user', headers })).status).toEqual(200);
      expectProblem(await ask({ method: 'DELETE', path: '/owned/somebody', headers }), 404, 'NOT_FOUND');
      expectProblem(await ask({ method: 'DELETE', path: '/owned/none', headers }), 404, 'NOT_FOUND');
      expect(count('/owned/:id')).toEqual(1);
    });

    check('refuses a route without protect(), whose handler never runs', async () => {
      const headers = { authorization: await world.bearer('admin') };
      for (const path of ['/undeclared/plain', '/undeclared/7/deep', '/nested/inner']) {
        expectProblem(await ask({ path, headers }), 403, 'ACCESS_UNDECLARED');
        expect((await ask({ method: 'HEAD', path, headers })).status).toEqual(403);
        for (const odd of oddSpellings(path)) await ask({ path: odd, headers });
      }
      expect(['/undeclared/plain', '/undeclared/:id/deep', '/nested/inner'].map(count)).toEqual([0, 0, 0]);
    });

    check('refuses a route without protect() that is added after the start', async () => {
      expectProblem(await ask({ path: '/late' }), 403, 'ACCESS_UNDECLARED');
      expect(count('/late')).toEqual(0);
    });

    check('runs the guard wherever the handler runs, in every spelling of a path', async () => {
      const headers = { authorization: await world.bearer() };
      for (const path of oddSpellings('/private/area')) {
        const before = count('/private/area');
        const refused = await ask({ path });
        expect([path, refused.status < 300, count('/private/area') - before]).toEqual([path, false, 0]);
        const inside = await ask({ path, headers });
        expect([path, inside.status === 200]).toEqual([path, count('/private/area') - before === 1]);
        for (const name of securityHeaders)
          expect([path, name, typeof inside.headers[name]]).toEqual([path, name, 'string']);
      }
    });

    check('answers 404, 405 with Allow, and OPTIONS itself', async () => {
      expectProblem(await ask({ path: '/nowhere' }), 404, 'NOT_FOUND');
      const other = await ask({ method: 'PUT', path: '/open' });
      expectProblem(other, 405, 'METHOD_NOT_ALLOWED');
      expect(other.headers.allow).toEqual('GET, HEAD');
      const nested = await ask({ method: 'DELETE', path: '/nested/inner-open' });
      expect([nested.status, nested.headers.allow]).toEqual([405, 'GET, HEAD']);
      const options = await ask({ method: 'OPTIONS', path: '/items' });
      expect([options.status, options.headers.allow, options.text]).toEqual([204, 'POST', '']);
      expectProblem(await ask({ method: 'TRACE', path: '/open' }), 405, 'METHOD_NOT_ALLOWED');
      expectProblem(await ask({ path: '/open/%zz' }), 400, 'REQUEST_INVALID');
    });

    check('answers HEAD like GET, without a body', async () => {
      const get = await ask({ path: '/open' });
      const head = await ask({ method: 'HEAD', path: '/open' });
      expect([head.status, head.text, head.headers['content-length'], head.headers['content-type']]).toEqual([
        200,
        '',
        get.headers['content-length'],
        get.headers['content-type'],
      ]);
    });

    check('answers a preflight without a route, and tells the origin on the answer', async () => {
      const headers = { origin: 'https://app.test', 'access-control-request-method': 'POST' };
      const preflight = await ask({ method: 'OPTIONS', path: '/items', headers });
      expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([
        204,
        'https://app.test',
      ]);
      const actual = await ask({ path: '/open', headers: { origin: 'https://app.test' } });
      expect([actual.headers['access-control-allow-origin'], actual.headers.vary]).toEqual([
        'https://app.test',
        'Origin',
      ]);
      expect(
        (await ask({ path: '/open', headers: { origin: 'https://evil.test' } })).headers[
          'access-control-allow-origin'
        ],
      ).toEqual(undefined);
    });

    check('keeps the Vary and Set-Cookie of others', async () => {
      const answer = await ask({ path: '/others', headers: { origin: 'https://app.test' } });
      const vary = String(answer.headers.vary).toLowerCase().split(', ').sort();
      expect([answer.status, vary, answer.headers['set-cookie']]).toEqual([
        200,
        ['accept-encoding', 'origin'],
        ['theirs=1'],
      ]);
    });

    check(
      'answers a throwing and a rejecting handler with nothing of the error, and logs all of it',
      async () => {
        for (const path of ['/throws', '/rejects', '/throws-native']) {
          const answer = await ask({ path });
          expectProblem(answer, 500, 'INTERNAL_ERROR');
          expect(answer.text.includes('canary')).toEqual(false);
          const line = world.logged.find(
            (entry) =>
              (entry.fields as { requestId?: string } | undefined)?.requestId === answer.json.requestId,
          );
          expect([
            path,
            line?.level,
            (line?.fields as { error?: Error } | undefined)?.error?.message,
          ]).toEqual([path, 'error', 'canary-in-error']);
        }
      },
    );

    check(
      'gives the handler the schema’s output, of a body that the framework parsed and of one that it did not',
      async () => {
        for (const path of ['/items', '/parsed']) {
          const json = { 'content-type': 'application/json' };
          const good = await ask({ method: 'POST', path, headers: json, body: '{"name":"  trimmed "}' });
          expect([path, good.status, good.text]).toEqual([path, 200, '{"got":{"name":"trimmed"}}']);
          const before = count(path);
          expectProblem(
            await ask({ method: 'POST', path, headers: json, body: '{"name":"x","admin":true}' }),
            422,
            'VALIDATION_FAILED',
          );
          expectProblem(
            await ask({ method: 'POST', path, headers: json, body: '{"name":' }),
            400,
            path === '/items' ? 'JSON_INVALID' : 'REQUEST_INVALID',
          );
          expectProblem(
            await ask({
              method: 'POST',
              path,
              headers: { 'content-type': 'text/plain' },
              body: '{"name":"x"}',
            }),
            415,
            'MEDIA_TYPE_UNSUPPORTED',
          );
          expectProblem(
            await ask({
              method: 'POST',
              path,
              headers: json,
              body: JSON.stringify({ name: 'x'.repeat(150_000) }),
            }),
            413,
            'BODY_TOO_LARGE',
          );
          expectProblem(
            await ask({
              method: 'POST',
              path,
              headers: json,
              body: JSON.stringify({ name: 'x'.repeat(150_000) }),
              chunked: true,
            }),
            413,
            'BODY_TOO_LARGE',
          );
          expect([path, count(path) - before]).toEqual([path, 0]);
        }
      },
    );

    check('refuses what only the bytes of a body tell', async () => {
      const headers = { 'content-type': 'application/json' };
      for (const body of [
        '{"name":"a","name":"b"}',
        '{"__proto__":{"name":"x"}}',
        `${'['.repeat(40)}${']'.repeat(40)}`,
        Buffer.from([0x22, 0xff, 0x22]),
      ]) {
        expectProblem(await ask({ method: 'POST', path: '/items', headers, body }), 400, 'JSON_INVALID');
      }
      for (const type of ['application/json ; charset=utf-8', 'Application/JSON']) {
        expect(
          (
            await ask({
              method: 'POST',
              path: '/items',
              headers: { 'content-type': type },
              body: '{"name":"x"}',
            })
          ).status,
        ).toEqual(200);
      }
    });

    check('believes no forwarded header of a peer that nobody trusts', async () => {
      const spoofed = {
        'x-forwarded-for': '1.2.3.4',
        forwarded: 'for=1.2.3.4;host=evil.example;proto=https',
        'x-forwarded-host': 'evil.example',
        'x-real-ip': '1.2.3.4',
      };
      const answer = await ask({ path: '/client', headers: { ...spoofed, host: 'localhost' } });
      expect(answer.json).toEqual({ address: '127.0.0.1', host: 'localhost', secure: false });
    });

    check('survives a client that goes away, and answers the next one', async () => {
      const socket = connect(port, '127.0.0.1');
      await new Promise<void>((resolve) =>
        socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n', () => resolve()),
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
      expect((await ask({ path: '/slow' })).text).toEqual('{"id":"slow"}');
    });
  });

  limitCase({ describe, it, expect, beforeAll, afterAll }, harness);
}

/** A limit of its own world, since it is used up. */
function limitCase({ describe, it, expect }: LifecycleRunner, harness: AdapterHarness): void {
  describe(`${harness.name} adapter under a limit`, () => {
    it('lets exactly 100 of 300 parallel requests through, and tells what is left', async () => {
      const world = await createWorld({ limits: { api: { limit: 100, window: '15m' } } });
      const { server } = await harness.build(world.shield, world.routes);
      const port = await listen(server);
      const answers = await Promise.all(Array.from({ length: 300 }, () => send(port, { path: '/open' })));
      const passed = answers.filter((answer) => answer.status === 200);
      const refused = answers.filter((answer) => answer.status === 429);
      expect([passed.length, refused.length, world.ran.get('/open')]).toEqual([100, 200, 100]);
      const left = passed
        .map((answer) => Number(/;r=(\d+)/.exec(String(answer.headers.ratelimit))?.[1]))
        .sort((a, b) => b - a);
      expect([left[0], left[99]]).toEqual([99, 0]);
      for (const answer of refused.slice(0, 3)) {
        expect([answer.json.code, Number(answer.headers['retry-after']) > 0]).toEqual(['RATE_LIMITED', true]);
      }
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    });
  });
}
