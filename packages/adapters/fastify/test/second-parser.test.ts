import { createShield, recommended, route } from '@secapi/core';
import { createKeyRing, generateKey } from '@secapi/tokens';
import { fields, strictObject } from '@secapi/validation';
import createFastify, { type FastifyInstance } from 'fastify';
import { expect, it } from 'vitest';
import { secapi } from '../src/index.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** An application whose own parsers, at its root and in a plugin, note what they are shown. */
async function serve(shielded: boolean, read: unknown[]): Promise<{ url: string; app: FastifyInstance }> {
  const app = createFastify();
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
  const { protect } = secapi(shielded ? app : createFastify(), shield);
  const addParsers = (target: FastifyInstance, prefix: string): void => {
    target.removeContentTypeParser('application/json');
    target.addContentTypeParser(
      prefix === '' ? ['application/json', 'application/vnd.api+json'] : 'application/json',
      { parseAs: 'string' },
      (_request, body, done) => {
        read.push(body);
        done(null, JSON.parse(String(body)));
      },
    );
    if (!target.hasContentTypeParser('text/plain'))
      target.addContentTypeParser('text/plain', async (_request: unknown, body: AsyncIterable<Buffer>) => {
        for await (const chunk of body) read.push(String(chunk));
      });
  };
  const seen = async (request: { body?: unknown }): Promise<unknown> => ({ seen: request.body ?? null });
  const guard = (body: boolean) =>
    shielded
      ? {
          preHandler: protect(
            route(
              body
                ? { access: 'public', body: strictObject({ name: fields.title() }) }
                : { access: 'public' },
            ),
          ),
        }
      : {};
  addParsers(app, '');
  for (const prefix of ['', '/plugin']) {
    app.register(
      async (plugin) => {
        if (prefix) addParsers(plugin, prefix);
        plugin.post('/body', guard(true), seen);
        plugin.delete('/none', guard(false), seen);
      },
      { prefix },
    );
  }
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), app };
}

const ask = async (
  url: string,
  method: string,
  body: string,
  type = 'application/json',
): Promise<[number, unknown]> => {
  const response = await fetch(url, { method, body, headers: { 'content-type': type } });
  return [response.status, await response.json()];
};

it('no parser of Fastify sees a body, of the root or of a plugin, and the handler gets what core read', async () => {
  const read: unknown[] = [];
  const { url, app } = await serve(true, read);
  for (const base of [url, `${url}/plugin`]) {
    expect(await ask(`${base}/body`, 'POST', '{"name":"x"}')).toEqual([200, { seen: { name: 'x' } }]);
    expect(await ask(`${base}/body`, 'POST', '{"name":"x","name":"y"}')).toMatchObject([
      400,
      { code: 'JSON_INVALID' },
    ]);
    expect(await ask(`${base}/body`, 'POST', '{"name":"x","admin":true}')).toMatchObject([422, {}]);
    for (const type of ['text/plain', 'application/vnd.api+json'])
      expect(await ask(`${base}/body`, 'POST', '{"name":"x"}', type)).toMatchObject([415, {}]);
    expect(await ask(`${base}/none`, 'DELETE', '{"name":"x"}')).toEqual([200, { seen: null }]);
  }
  expect(read).toEqual([]);
  await app.close();
});

it('without a shield they see every one', async () => {
  const read: unknown[] = [];
  const { url, app } = await serve(false, read);
  expect(await ask(`${url}/body`, 'POST', '{"name":"x","name":"y"}')).toEqual([200, { seen: { name: 'y' } }]);
  expect(read).toEqual(['{"name":"x","name":"y"}']);
  await app.close();
});
