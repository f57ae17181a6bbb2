import { createServer } from 'node:http';
import Router from '@koa/router';
import { secapi } from '@secapi/koa';
import Koa from 'koa';
import type { Serve } from './serve.js';

/** The API on Koa. */
export const serveKoa: Serve = ({ shield, routes, undeclared }) => {
  const app = new Koa();
  const { protect } = secapi(app, shield);
  const router = new Router({ strict: true, sensitive: true });
  for (const { method, path, security, handler } of routes) {
    router[method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'](
      path,
      protect(security, handler),
    );
  }
  router.get('/api/undeclared', (ctx) => {
    ctx.body = undeclared();
  });
  app.use(router.routes());
  return createServer(app.callback());
};
