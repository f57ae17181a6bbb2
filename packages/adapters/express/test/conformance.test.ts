import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { isAnswer } from '@secapi/core';
import { type AdapterHarness, adapterSuite, type HarnessRoute, piecesOf } from '@secapi/testing';
import express, { type RequestHandler, type Response, type Router } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hardenServer, secapi } from '../src/index.js';

const harness: AdapterHarness = {
  name: 'Express',
  async build(shield, routes) {
    const app = express();
    const { protect } = secapi(app, shield);
    const routers = new Map<string, Router>();

    function add(route: HarnessRoute): void {
      const { method, path, security, style, run, headers = [], under, parsedByFramework } = route;
      const native = (response: Response, value: unknown): void => {
        for (const [name, text] of headers) response.setHeader(name, text);
        if (style === 'page')
          response.type('html').send(String(value).replace('{nonce}', () => response.locals.nonce));
        else if (style === 'stream')
          Readable.from(piecesOf(String(value), () => response.locals.nonce)).pipe(response.type('html'));
        else if (style === 'raw') response.end(String(value));
        else response.json(isAnswer(value) ? value.body : value);
      };
      const old: RequestHandler = (_request, response) => native(response, run(undefined));
      const handlers: RequestHandler[] = [];
      if (security && style === 'middleware') handlers.push(protect(security), old);
      else if (security && style === 'return') handlers.push(protect(security, (context) => run(context)));
      else if (security)
        handlers.push(protect(security, (context, _request, response) => native(response, run(context))));
      else handlers.push(old);
      if (parsedByFramework) app.use(path, express.json({ limit: '100kb' }));
      const target = under === undefined ? app : routerOf(under);
      target[method.toLowerCase() as 'get'](path, ...handlers);
    }
    function routerOf(under: string): Router {
      const known = routers.get(under);
      if (known) return known;
      const router = express.Router();
      routers.set(under, router);
      app.use(under, router);
      return router;
    }

    for (const route of routes) if (!route.late) add(route);
    return {
      server: hardenServer(createServer(app)),
      addLate: () => routes.filter((route) => route.late).forEach(add),
    };
  },
};

adapterSuite({ describe, it, expect, beforeAll, afterAll }, harness);
