import { createServer } from 'node:http';
import { secapi } from '@secapi/express';
import express from 'express';
import type { Serve } from './serve.js';

/** The API on Express. */
export const serveExpress: Serve = ({ shield, routes, undeclared }) => {
  const app = express();
  // One spelling for each path, as in the other frameworks.
  app.enable('strict routing').enable('case sensitive routing');
  const { protect } = secapi(app, shield);
  for (const { method, path, security, handler } of routes) {
    app[method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'](
      path,
      protect(security, handler),
    );
  }
  app.get('/api/undeclared', (_request, response) => void response.json(undeclared()));
  return createServer(app);
};
