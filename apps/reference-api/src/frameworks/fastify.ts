import { secapi } from '@secapi/fastify';
import createFastify from 'fastify';
import type { Serve } from './serve.js';

/** The API on Fastify. */
export const serveFastify: Serve = async ({ shield, routes, undeclared }) => {
  // How long a parameter may be is for its schema to say, as in the other frameworks.
  const app = createFastify({ forceCloseConnections: false, routerOptions: { maxParamLength: 16_384 } });
  const { protect } = secapi(app, shield);
  for (const { method, path, security, handler } of routes) {
    app.route({ method, url: path, handler: protect(security, handler) });
  }
  app.get('/api/undeclared', async () => undeclared());
  await app.ready();
  return app.server;
};
