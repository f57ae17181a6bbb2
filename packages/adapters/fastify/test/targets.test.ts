import { createShield, recommended, route } from '@secapi/core';
import { createKeyRing, generateKey } from '@secapi/tokens';
import createFastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { secapi } from '../src/index.js';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function serve(options: FastifyServerOptions = {}): Promise<string> {
  const app = createFastify(options);
  apps.push(app);
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const keys = await createKeyRing({ keys: [await generateKey()] });
  const tokens = { keys, issuer: 'https://api.test', audience: 'https://api.test' };
  const principal = ({ sub }: { sub: string }) => ({ id: sub, roles: [] });
  const { protect } = secapi(app, createShield(recommended({ origins: [], tokens, principal, log })));
  const open = protect(route({ access: 'public' }), ({ exchange }) => ({ length: exchange.path.length }));
  app.get('/items/:id', open);
  app.get('/items/:id/parts/:part', open);
  app.get('/files/*', open);
  return app.listen({ port: 0, host: '127.0.0.1' });
}

async function ask(url: string, method = 'GET'): Promise<[number, string | null, string | null, string]> {
  const answer = await fetch(url, { method });
  const text = await answer.text();
  return [
    answer.status,
    answer.headers.get('content-type'),
    answer.headers.get('x-content-type-options'),
    text,
  ];
}

it('answers a parameter that is too long for Fastify’s router with a problem, which repeats nothing', async () => {
  const url = await serve();
  for (const path of [
    `/items/${'canary'.repeat(20)}`,
    `/items/${'%C3%A9canary'.repeat(20)}?q=1`,
    `/items/1/parts/${'canary'.repeat(20)}`,
    `/items/${'canary'.repeat(20)}/parts/1`,
  ]) {
    const [status, type, sniff, text] = await ask(url + path);
    expect([path, status, type, sniff]).toEqual([path, 404, 'application/problem+json', 'nosniff']);
    expect(JSON.parse(text)).toMatchObject({ code: 'NOT_FOUND' });
    expect(text).not.toContain('canary');
  }
  expect((await ask(`${url}/items/${'x'.repeat(101)}`, 'POST'))[0]).toBe(404);
});

it('takes one that the router takes, however long the rest of the target is', async () => {
  const url = await serve();
  for (const path of [
    `/items/${'x'.repeat(100)}`,
    `/items/${'%C3%A9'.repeat(100)}`,
    `/items/1?q=${'x'.repeat(500)}`,
    `/files/${'x'.repeat(500)}`,
  ])
    expect([path, (await ask(url + path))[0]]).toEqual([path, 200]);
  const wide = await serve({ routerOptions: { maxParamLength: 300 } });
  expect((await ask(`${wide}/items/${'x'.repeat(300)}`))[0]).toBe(200);
  expect((await ask(`${wide}/items/${'x'.repeat(301)}`))[0]).toBe(404);
});
