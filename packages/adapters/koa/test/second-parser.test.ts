import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import { createShield, recommended, route } from '@secapi/core';
import { createKeyRing, generateKey } from '@secapi/tokens';
import { fields, strictObject } from '@secapi/validation';
import Koa from 'koa';
import { expect, it } from 'vitest';
import { secapi } from '../src/index.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** An application with Koa's parser for every method and type, which notes what it makes. */
async function serve(shielded: boolean, read: unknown[]): Promise<{ url: string; close: () => void }> {
  const app = new Koa();
  const names = { issuer: 'https://api.test', audience: 'https://api.test' };
  const keys = await createKeyRing({ keys: [await generateKey()] });
  const shield = createShield(
    recommended({
      origins: [],
      tokens: { keys, ...names },
      principal: ({ sub }) => ({ id: sub, roles: [] }),
      log,
    }),
  );
  const { protect } = secapi(shielded ? app : new Koa(), shield);
  const parse = bodyParser({ parsedMethods: ['POST', 'DELETE'], enableTypes: ['json', 'form', 'text'] });
  const parser: Koa.Middleware = (ctx, next) =>
    parse(ctx, async () => {
      const { rawBody } = ctx.request as { rawBody?: string };
      if (rawBody !== undefined) read.push(rawBody);
      await next();
    });
  app.use(parser);
  const seen: Koa.Middleware = (ctx) => {
    ctx.body = { seen: (ctx.request as { body?: unknown }).body ?? null };
  };
  if (shielded) {
    const router = new Router();
    router.post(
      '/body',
      protect(route({ access: 'public', body: strictObject({ name: fields.title() }) })),
      seen,
    );
    router.post('/none', protect(route({ access: 'public' })), parser, seen);
    router.delete('/none', protect(route({ access: 'public' })), parser, seen);
    app.use(router.routes());
  } else app.use(seen);
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

const ask = async (url: string, method: string, body: string): Promise<[number, unknown]> => {
  const response = await fetch(url, { method, body, headers: { 'content-type': 'application/json' } });
  return [response.status, await response.json()];
};

it('no parser of Koa sees a body, before protect() or behind it, and the handler gets what core read', async () => {
  const read: unknown[] = [];
  const { url, close } = await serve(true, read);
  expect(await ask(`${url}/body`, 'POST', '{"name":"x"}')).toEqual([200, { seen: { name: 'x' } }]);
  expect(await ask(`${url}/body`, 'POST', '{"name":"x","name":"y"}')).toMatchObject([
    400,
    { code: 'JSON_INVALID' },
  ]);
  expect(await ask(`${url}/body`, 'POST', '{"name":"x","admin":true}')).toMatchObject([422, {}]);
  expect(await ask(`${url}/none`, 'POST', '{"name":"x"}')).toMatchObject([422, {}]);
  expect(await ask(`${url}/none`, 'DELETE', '{"name":"x"}')).toEqual([200, { seen: null }]);
  expect(await ask(`${url}/nowhere`, 'POST', '{"name":"x"}')).toMatchObject([404, {}]);
  expect(read).toEqual([]);
  close();
});

it('without a shield it sees every one', async () => {
  const read: unknown[] = [];
  const { url, close } = await serve(false, read);
  expect(await ask(`${url}/body`, 'POST', '{"name":"x","name":"y"}')).toEqual([200, { seen: { name: 'y' } }]);
  expect(read).toEqual(['{"name":"x","name":"y"}']);
  close();
});
