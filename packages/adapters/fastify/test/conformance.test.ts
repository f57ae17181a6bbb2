import { Readable } from 'node:stream';
import { isAnswer } from '@secapi/core';
import { type AdapterHarness, adapterSuite, type HarnessRoute, piecesOf } from '@secapi/testing';
import createFastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hardenServer, secapi } from '../src/index.js';

const harness: AdapterHarness = {
  name: 'Fastify',
  async build(shield, routes) {
    const app = createFastify();
    const { protect } = secapi(app, shield);

    function add(target: FastifyInstance, route: HarnessRoute): void {
      const { method, path, security, style, run, headers = [] } = route;
      const native = async (reply: FastifyReply, value: unknown): Promise<FastifyReply> => {
        for (const [name, text] of headers) reply.header(name, text);
        const settled = await value;
        if (style === 'page')
          return reply.type('text/html').send(String(settled).replace('{nonce}', () => reply.nonce));
        if (style === 'stream')
          return reply.type('text/html').send(Readable.from(piecesOf(String(settled), () => reply.nonce)));
        return reply.send(style === 'raw' ? String(settled) : isAnswer(settled) ? settled.body : settled);
      };
      const old = (_request: unknown, reply: FastifyReply) => native(reply, run(undefined));
      const guard = security && style === 'middleware' ? { preHandler: protect(security) } : {};
      const handler =
        security && style === 'return'
          ? protect(security, (context) => run(context))
          : security && style !== 'middleware'
            ? protect(security, (context, _request, reply) => native(reply, run(context)))
            : old;
      target.route({ method, url: path, handler, ...guard });
    }

    for (const route of routes) {
      if (route.late || route.under !== undefined || route.parsedByFramework) continue;
      add(app, route);
    }
    app.register(
      async (plugin) => {
        for (const route of routes) if (route.under !== undefined) add(plugin, route);
      },
      { prefix: '/nested' },
    );
    app.register(async (plugin) => {
      plugin.addContentTypeParser(
        'application/json',
        { parseAs: 'string', bodyLimit: 102_400 },
        plugin.getDefaultJsonParser('error', 'error'),
      );
      for (const route of routes) if (route.parsedByFramework) add(plugin, route);
    });
    await app.ready();
    return { server: hardenServer(app.server) };
  },
  because: {
    'refuses a route without protect() that is added after the start':
      'Fastify adds no route once it is ready',
  },
};

adapterSuite({ describe, it, expect, beforeAll, afterAll }, harness);
