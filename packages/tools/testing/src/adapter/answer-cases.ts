import { type SuiteTools, securityHeaders } from './suite-tools.js';

/** What goes out: shape, status, headers and problems, the same in every framework. */
export function answerCases({ check, ask, expect, expectProblem, world }: SuiteTools): void {
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

  check('takes away what tells of the server, whoever has set it', async () => {
    const answer = await ask({ path: '/named' });
    expect([answer.text, answer.headers.server, answer.headers['x-powered-by']]).toEqual([
      '{"id":"4"}',
      undefined,
      undefined,
    ]);
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
        const line = world().logged.find(
          (entry) =>
            (entry.fields as { requestId?: string } | undefined)?.requestId === answer.json.requestId,
        );
        expect([path, line?.level, (line?.fields as { error?: Error } | undefined)?.error?.message]).toEqual([
          path,
          'error',
          'canary-in-error',
        ]);
      }
    },
  );
}
