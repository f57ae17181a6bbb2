import type { Server } from 'node:http';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import jwt from '@fastify/jwt';
import rateLimit from '@fastify/rate-limit';
import { answer } from '@secapi/core';
import { secapi } from '@secapi/fastify';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createFloor, isDraft } from './floor.js';
import { collection, create, find, path, view, zodDraft } from './posts.js';
import { createPost, everythingOn, readPost } from './shield.js';
import type { Stack } from './stack.js';
import { audience, issuer, origin, requestsPerWindow, roleOf, type World } from './world.js';

/** A Fastify server with one of the stacks before its two routes. */
export async function fastifyServer(stack: Stack, world: World): Promise<Server> {
  const app = fastify();
  if (stack === 'bare') bare(app);
  else if (stack === 'floor') floor(app, world);
  else if (stack === 'written' || stack === 'tuned') await peers(app, world, stack === 'tuned');
  else {
    const { protect } = secapi(app, await everythingOn(stack === 'secapi' ? world.pair : world.hmac));
    app.get(
      path,
      protect(readPost, () => find()),
    );
    app.post(
      collection,
      protect(createPost, ({ body, principal }) => answer(201, create(body, principal.id))),
    );
  }
  await app.ready();
  return app.server;
}

function bare(app: FastifyInstance): void {
  app.get(path, async () => view(find()));
  app.post(collection, async (request, reply) => {
    reply.code(201);
    return view(create(request.body as { title: string; html: string }, 'member-0'));
  });
}

function floor(app: FastifyInstance, world: World): void {
  const check = createFloor(world);
  const subjects = new WeakMap<FastifyRequest, string>();
  app.addHook('onRequest', function floorHook(request, reply, done) {
    const verdict = check(request.raw, reply.raw);
    if ('status' in verdict) return void reply.code(verdict.status).send({ error: 'refused' });
    subjects.set(request, verdict.subject);
    done();
  });
  app.get(path, async () => view(find()));
  app.post(collection, async (request, reply) => {
    const { body } = request;
    if (!isDraft(body)) return reply.code(422).send({ error: 'invalid' });
    reply.code(201);
    return view(create(body, subjects.get(request) ?? ''));
  });
}

async function peers(app: FastifyInstance, { secret }: World, tuned: boolean): Promise<void> {
  await app.register(helmet);
  await app.register(cors, { origin: [origin], credentials: true });
  await app.register(rateLimit, { max: requestsPerWindow, timeWindow: 900_000 });
  await app.register(jwt, {
    secret,
    verify: {
      algorithms: ['HS256'],
      allowedIss: issuer,
      allowedAud: audience,
      ...(tuned ? { cache: 20_000 } : {}),
    },
  });
  const authenticate = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      await request.jwtVerify();
      return undefined;
    } catch {
      return reply.code(401).send({ error: 'unauthenticated' });
    }
  };
  const permit =
    (roles: readonly string[]) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
      roles.includes(roleOf(subjectOf(request))) ? undefined : reply.code(403).send({ error: 'forbidden' });
  app.get(path, { onRequest: [authenticate, permit(['guest', 'member'])] }, async () => view(find()));
  app.post(collection, { onRequest: [authenticate, permit(['member'])] }, async (request, reply) => {
    const body = zodDraft.safeParse(request.body);
    if (!body.success) return reply.code(422).send({ error: 'invalid' });
    reply.code(201);
    return view(create(body.data, subjectOf(request)));
  });
}

function subjectOf(request: FastifyRequest): string {
  return (request.user as { sub: string }).sub;
}
