import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createShield, recommended, route } from '@secapi/core';
import { createKeyRing, generateKey } from '@secapi/tokens';
import { fields, strictObject } from '@secapi/validation';
import express from 'express';
import { expect, it } from 'vitest';
import { secapi } from '../src/index.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** An application with every parser that Express has, each of which notes what it is shown. */
async function serve(shielded: boolean, read: string[]): Promise<{ url: string; close: () => void }> {
  const app = express();
  const note = (name: string) => ({ type: () => true, verify: () => void read.push(name) });
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
  const { protect } = secapi(shielded ? app : express(), shield);
  const parsers = [
    express.json(note('json')),
    express.text(note('text')),
    express.raw(note('raw')),
    express.urlencoded(note('form')),
  ];
  const late: express.RequestHandler = (_request, _response, next) => void setTimeout(next, 5);
  app.use(late, ...parsers);
  const Body = strictObject({ name: fields.title() });
  const seen: express.RequestHandler = (request, response) =>
    void response.json({ seen: request.body ?? null });
  if (shielded) {
    app.post('/body', protect(route({ access: 'public', body: Body })), seen);
    app.post('/none', protect(route({ access: 'public' })), ...parsers, seen);
    app.delete('/none', protect(route({ access: 'public' })), ...parsers, seen);
  } else app.all('/{*any}', seen);
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

const ask = async (url: string, method: string, body: string): Promise<[number, unknown]> => {
  const response = await fetch(url, { method, body, headers: { 'content-type': 'application/json' } });
  return [response.status, await response.json()];
};

it('no parser of Express sees a body, before protect() or behind it, and the handler gets what core read', async () => {
  const read: string[] = [];
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

it('without a shield they see every one', async () => {
  const read: string[] = [];
  const { url, close } = await serve(false, read);
  expect(await ask(`${url}/body`, 'POST', '{"name":"x","name":"y"}')).toEqual([200, { seen: { name: 'y' } }]);
  expect(read).toEqual(['json']);
  close();
});
