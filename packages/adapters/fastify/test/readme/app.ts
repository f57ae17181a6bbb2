import { route } from '@secapi/core';
import { secapi } from '@secapi/fastify';
import createFastify from 'fastify';
import { shield } from './security.js';

export const app = createFastify();
const { protect } = secapi(app, shield); // before any route
const signedIn = route({ access: 'signed-in' });

app.get(
  '/me',
  protect(signedIn, ({ principal }) => ({ id: principal.id })),
);
app.get('/old', { preHandler: protect(signedIn) }, async () => ({ old: true }));
app.get('/forgotten', async () => ({ secret: 42 })); // 403: it declares no access
