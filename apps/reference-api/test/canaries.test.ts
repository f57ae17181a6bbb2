import { pathToFileURL } from 'node:url';
import { createCanaries } from '@secapi/testing';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Api, launchApi, startApi } from './support/api.js';
import { expectProblem, expectStatus } from './support/claims.js';
import type { Received, Sent } from './support/client.js';
import { administrator, signIn, withAdministrator } from './support/journey.js';
import { readTrail } from './support/trail.js';
import { until } from './support/wait.js';

vi.setConfig({ testTimeout: 120_000 }); // it starts the whole service, once for each framework

const apis: Api[] = [];
afterAll(async () => {
  for (const api of apis) await api.remove();
});

const refused = '019a0000-0000-7000-8000-00000000000d';
const broken = '019a0000-0000-7000-8000-00000000000e';
const failing = pathToFileURL(new URL('support/failing-database.mjs', import.meta.url).pathname).href;

/** An object so many levels deep. */
function deep(levels: number, value: unknown): unknown {
  let body = value;
  for (let i = 0; i < levels; i++) body = i % 2 === 0 ? { [`level${i}`]: body } : [body];
  return body;
}

describe.each(['express', 'fastify', 'koa'])('on %s, a secret', (framework) => {
  it('in whatever a request holds, or what fails says, reaches no line, no event and no answer', async () => {
    const canaries = createCanaries();
    const plant = (name: string): string => canaries.plant(name);
    const secrets = Array.from({ length: 11 }, (_, i) => plant(`secret ${i} of a failure`));
    const api = await startApi({
      FRAMEWORK: framework,
      TRUST_PROXY: '127.0.0.1/32',
      NODE_OPTIONS: `--import=${failing}`,
      TEST_FAILURES: JSON.stringify({ refused, broken, secrets }),
      ...withAdministrator,
    });
    apis.push(api);
    const admin = await signIn(api, administrator);
    const answers: string[] = [];
    const send = async (method: string, path: string, sent: Sent = {}): Promise<Received> => {
      const answer = await api.send(method, path, sent);
      answers.push(JSON.stringify(answer.headers), answer.text || '-');
      return answer;
    };
    const encoded = (text: string): string => Buffer.from(text).toString('base64url');
    const jwt = (secret: string): string =>
      `${encoded('{"alg":"EdDSA","typ":"at+jwt"}')}.${encoded(JSON.stringify({ sub: secret, secret }))}.${encoded(secret)}`;

    // Who sends what nobody asked for, or not as it has to be.
    for (const levels of [0, 1, 5, 20, 60]) {
      const body = deep(levels, {
        password: plant(`a member at depth ${levels}`),
        [plant(`a key at depth ${levels}`)]: 1,
      });
      expect(
        (await send('POST', '/api/auth/login', { json: { email: 'a@example.org', password: body } })).status,
      ).toBeGreaterThanOrEqual(400);
      expect(
        (await send('POST', '/api/posts', { json: { title: body, html: body }, token: admin.accessToken }))
          .status,
      ).toBeGreaterThanOrEqual(400);
    }
    const raw = `{"password":"${plant('a text that is no JSON')}",`;
    expectStatus(await send('POST', '/api/auth/login', { raw, type: 'application/json' }), 400);
    const login = { email: administrator.email, password: plant('a wrong password') };
    expectStatus(await send('POST', '/api/auth/login', { json: login }), 401);
    expectStatus(
      await send('POST', '/api/auth/refresh', {
        cookies: { '__Host-refresh': plant('a refresh token') },
        headers: { 'sec-fetch-site': 'same-origin' },
      }),
      401,
    );
    expectStatus(
      await send('POST', '/api/auth/verify-email', { json: { token: plant('a token of a mail') } }),
      400,
    );
    expectStatus(await send('GET', '/api/me', { token: plant('a token that is none') }), 401);
    expectStatus(await send('GET', '/api/me', { token: jwt(plant('the claims of a token')) }), 401);
    const basic = Buffer.from(`ada:${plant('a basic password')}`).toString('base64');
    expect((await send('GET', '/api/me', { headers: { authorization: `Basic ${basic}` } })).status).toBe(401);
    const headers = {
      'x-api-key': plant('a key in a header'),
      'proxy-authorization': `Bearer ${plant('a token in a header')}`,
      cookie: `sid=${plant('a cookie')}; __Host-device=${plant('a device')}`,
      referer: `https://app.example/?token=${plant('a token in a referrer')}`,
      origin: `https://${plant('an origin')}.example`,
      'user-agent': plant('a user agent'),
      traceparent: plant('a trace'),
    };
    await send('GET', '/api/posts', { headers });
    await send('POST', '/api/posts', { headers, json: {} });
    const query = `?access_token=${plant('a query')}&cursor=${plant('a cursor')}&limit=${plant('a limit')}`;
    await send('GET', `/api/posts${query}`, { token: admin.accessToken });
    await send('GET', `/api/nothing${query}`);

    // What the API says of itself when it fails.
    for (const [id, status] of [
      [refused, 500],
      [broken, 500],
    ] as const) {
      const answer = await send('GET', `/api/posts/${id}`, { token: admin.accessToken });
      const { requestId } = expectProblem(answer, status, 'INTERNAL_ERROR');
      await until('the line of the failure', () =>
        api
          .output()
          .split('\n')
          .some((line) => line.includes(requestId) && line.includes('request failed')),
      );
    }
    expect(api.output()).toContain('[redacted]');

    const trail = JSON.stringify(await readTrail(admin));
    expect(trail).toContain('authn_login_fail');
    canaries.expectNoLeak({ log: api.output(), trail, answers: answers.join('\n') });
  });
});

it('a secret in the URL of a database that does not answer is not told', async () => {
  const canaries = createCanaries();
  const { api, output, ended } = await launchApi({
    DATABASE_URL: `postgres://app:${canaries.plant('a password of a database')}@127.0.0.1:1/app`,
  });
  if (api) apis.push(api);
  expect(ended?.code).not.toBe(0);
  expect(output).toContain('DATABASE_URL');
  canaries.expectNoLeak({ output });
});
