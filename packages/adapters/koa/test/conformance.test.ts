import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import { isAnswer } from '@secapi/core';
import { type AdapterHarness, adapterSuite, type HarnessRoute, piecesOf } from '@secapi/testing';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hardenServer, secapi } from '../src/index.js';

const harness: AdapterHarness = {
  name: 'Koa',
  async build(shield, routes) {
    const app = new Koa();
    const { protect } = secapi(app, shield);
    const router = new Router();
    const nested = new Router();

    function add(route: HarnessRoute): void {
      const { method, path, security, style, run, headers = [], under, parsedByFramework } = route;
      const native = (ctx: Koa.Context, value: unknown): void => {
        for (const [name, text] of headers) ctx.set(name, text);
        if (style === 'page') {
          ctx.type = 'html';
          ctx.body = String(value).replace('{nonce}', () => ctx.state.nonce);
        } else if (style === 'stream') {
          ctx.type = 'html';
          ctx.body = Readable.from(piecesOf(String(value), () => ctx.state.nonce));
        } else if (style === 'raw') {
          ctx.respond = false;
          ctx.res.statusCode = 200;
          ctx.res.end(String(value));
        } else ctx.body = isAnswer(value) ? value.body : value;
      };
      const old: Koa.Middleware = (ctx) => native(ctx, run(undefined));
      const handlers: Koa.Middleware[] = [];
      if (security && style === 'middleware') handlers.push(protect(security), old);
      else if (security && style === 'return') handlers.push(protect(security, (context) => run(context)));
      else if (security) handlers.push(protect(security, (context, ctx) => native(ctx, run(context))));
      else handlers.push(old);
      if (parsedByFramework)
        app.use((ctx, next) =>
          ctx.path.startsWith(path.replace(/:.*/, ''))
            ? bodyParser({ jsonLimit: '100kb' })(ctx, next)
            : next(),
        );
      (under === undefined ? router : nested).register(path, [method], handlers);
    }

    for (const route of routes) if (!route.late) add(route);
    router.use('/nested', nested.routes());
    app.use(router.routes());
    return {
      server: hardenServer(createServer(app.callback())),
      addLate: () => routes.filter((route) => route.late).forEach(add),
    };
  },
};

adapterSuite({ describe, it, expect, beforeAll, afterAll }, harness);
