import { connect } from 'node:net';
import type { SuiteTools } from './suite-tools.js';

/** What comes in: bodies, forwarded headers, and clients that go away. */
export function inputCases({ check, ask, count, expect, expectProblem, port, world }: SuiteTools): void {
  check(
    'gives the handler the schema’s output, whether or not the framework has a parser of its own',
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
          'JSON_INVALID',
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

  check('takes the reports of browsers, and tells of each violation once', async () => {
    const violation = (image: string): string =>
      JSON.stringify([
        {
          type: 'csp-violation',
          url: 'https://app.test/',
          body: {
            effectiveDirective: 'img-src',
            blockedURL: `https://evil.test/${image}?canary`,
            sample: 'canary',
          },
        },
      ]);
    const legacy = JSON.stringify({
      'csp-report': {
        'document-uri': 'https://app.test/old',
        'violated-directive': 'script-src',
        'blocked-uri': 'eval',
      },
    });
    const told = (): unknown[] =>
      world().raised.flatMap(({ details }) => (details?.reason === 'csp_violation' ? [details.blocked] : []));
    for (const path of ['/reports', '/reports-parsed']) {
      const image = path.slice(1);
      const list = { 'content-type': 'application/reports+json' };
      for (const body of [violation(image), violation(image)]) {
        const answer = await ask({ method: 'POST', path, headers: list, body });
        expect([path, answer.status, answer.text]).toEqual([path, 204, '']);
      }
      const old = await ask({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/csp-report' },
        body: legacy,
      });
      expect([path, old.status]).toEqual([path, 204]);
      const before = count(path);
      const refused = [
        [{ 'content-type': 'application/json' }, violation('x'), 415],
        [list, JSON.stringify('canary'), 400],
        [list, '[{', 400],
        [list, JSON.stringify(['x'.repeat(70_000)]), 413],
      ] as const;
      for (const [headers, body, status] of refused) {
        const answer = await ask({ method: 'POST', path, headers, body });
        expect([path, body.slice(0, 10), answer.status, answer.text.includes('canary')]).toEqual([
          path,
          body.slice(0, 10),
          status,
          false,
        ]);
      }
      expect([path, count(path) - before]).toEqual([path, 0]);
    }
    expect(told()).toEqual(['https://evil.test/reports', 'eval', 'https://evil.test/reports-parsed']);
    expect(JSON.stringify(world().raised).includes('canary')).toEqual(false);
    expect(world().events.some(({ details }) => details?.reason === 'csp_violation')).toEqual(false);
  });

  check('believes no forwarded header of a peer that nobody trusts', async () => {
    const spoofed = {
      'x-forwarded-for': '1.2.3.4',
      forwarded: 'for=1.2.3.4;host=evil.example;proto=https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '8443',
      'x-real-ip': '1.2.3.4',
    };
    const answer = await ask({ path: '/client', headers: { ...spoofed, host: 'localhost' } });
    expect(answer.json).toEqual({ address: '127.0.0.1', host: 'localhost', secure: false });
    for (const origin of ['https://evil.example', 'https://evil.example:8443', 'https://localhost:8443']) {
      const headers = { ...spoofed, host: 'localhost', origin };
      expectProblem(await ask({ method: 'POST', path: '/made', headers }), 403, 'CSRF_REFUSED');
    }
  });

  check('survives a client that goes away, and answers the next one', async () => {
    const socket = connect(port(), '127.0.0.1');
    await new Promise<void>((resolve) =>
      socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n', () => resolve()),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await ask({ path: '/slow' })).text).toEqual('{"id":"slow"}');
  });
}
