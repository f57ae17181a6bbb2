import { createSecretKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import cors from '@koa/cors';
import Router from '@koa/router';
import { answer } from '@secapi/core';
import { secapi } from '@secapi/koa';
import Koa, { type Context, type Middleware } from 'koa';
import bodyParser from 'koa-bodyparser';
import helmet from 'koa-helmet';
import jwt from 'koa-jwt';
import ratelimit from 'koa-ratelimit';
import { createFloor, isDraft } from './floor.js';
import { collection, create, find, path, view, zodDraft } from './posts.js';
import { createPost, everythingOn, readPost } from './shield.js';
import type { Stack } from './stack.js';
import { audience, issuer, origin, requestsPerWindow, roleOf, type World } from './world.js';

/** A Koa server with one of the stacks before its two routes. */
export async function koaServer(stack: Stack, world: World): Promise<Server> {
  const app = new Koa();
  const router = new Router();
  if (stack === 'bare') bare(router);
  else if (stack === 'floor') floor(app, router, world);
  else if (stack === 'written' || stack === 'tuned') peers(app, router, world, stack === 'tuned');
  else {
    const { protect } = secapi(app, await everythingOn(stack === 'secapi' ? world.pair : world.hmac));
    router.get(
      path,
      protect(readPost, () => find()),
    );
    router.post(
      collection,
      protect(createPost, ({ body, principal }) => answer(201, create(body, principal.id))),
    );
  }
  app.use(router.routes());
  return createServer(app.callback());
}

function bare(router: Router): void {
  router.get(path, (ctx) => {
    ctx.body = view(find());
  });
  router.post(collection, bodyParser({ jsonLimit: '100kb' }), (ctx) => {
    ctx.status = 201;
    ctx.body = view(create(bodyOf(ctx) as { title: string; html: string }, 'member-0'));
  });
}

function floor(app: Koa, router: Router, world: World): void {
  const check = createFloor(world);
  app.use(async function floorMiddleware(ctx, next) {
    const verdict = check(ctx.req, ctx.res);
    if ('status' in verdict) return refuse(ctx, verdict.status);
    ctx.state.user = { sub: verdict.subject };
    return next();
  });
  app.use(bodyParser({ jsonLimit: '100kb' }));
  router.get(path, (ctx) => {
    ctx.body = view(find());
  });
  router.post(collection, (ctx) => {
    const body = bodyOf(ctx);
    if (!isDraft(body)) return refuse(ctx, 422);
    ctx.status = 201;
    ctx.body = view(create(body, subjectOf(ctx)));
  });
}

function peers(app: Koa, router: Router, { secret }: World, tuned: boolean): void {
  // Its types know strings and buffers only; it hands the key to jsonwebtoken, which takes a KeyObject.
  const key = (tuned ? createSecretKey(Buffer.from(secret)) : secret) as string;
  const permit =
    (roles: readonly string[]): Middleware =>
    (ctx, next) =>
      roles.includes(roleOf(subjectOf(ctx))) ? next() : refuse(ctx, 403);
  app.use(helmet());
  app.use(cors({ origin: (ctx) => (ctx.get('origin') === origin ? origin : ''), credentials: true }));
  app.use(
    ratelimit({
      driver: 'memory',
      db: new Map(),
      duration: 900_000,
      max: requestsPerWindow,
      id: (ctx) => ctx.ip,
    }),
  );
  app.use(jwt({ secret: key, algorithms: ['HS256'], issuer, audience }));
  app.use(bodyParser({ jsonLimit: '100kb' }));
  router.get(path, permit(['guest', 'member']), (ctx) => {
    ctx.body = view(find());
  });
  router.post(collection, permit(['member']), (ctx) => {
    const body = zodDraft.safeParse(bodyOf(ctx));
    if (!body.success) return refuse(ctx, 422);
    ctx.status = 201;
    ctx.body = view(create(body.data, subjectOf(ctx)));
  });
}

/** What the body parser left, which the types of Koa don't know. */
function bodyOf(ctx: Pick<Context, 'request'>): unknown {
  return (ctx.request as { body?: unknown }).body;
}

function subjectOf(ctx: Pick<Context, 'state'>): string {
  return String((ctx.state.user as { sub?: string } | undefined)?.sub);
}

function refuse(ctx: Pick<Context, 'status' | 'body'>, status: number): void {
  ctx.status = status;
  ctx.body = { error: 'refused' };
}
