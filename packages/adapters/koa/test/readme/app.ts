import Router from '@koa/router';
import { route } from '@secapi/core';
import { secapi } from '@secapi/koa';
import Koa from 'koa';
import { shield } from './security.js';

export const app = new Koa();
const { protect } = secapi(app, shield);
const router = new Router();
const signedIn = route({ access: 'signed-in' });

router.get(
  '/me',
  protect(signedIn, ({ principal }) => ({ id: principal.id })),
);
router.get('/old', protect(signedIn), (ctx) => {
  ctx.body = { old: true };
});
router.get('/forgotten', (ctx) => {
  ctx.body = { secret: 42 }; // 403 instead: the route declares no access
});
app.use(router.routes());
