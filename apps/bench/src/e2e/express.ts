import { createSecretKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { answer } from '@secapi/core';
import { secapi } from '@secapi/express';
import cors from 'cors';
import express, { type Express, type RequestHandler, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import jsonwebtoken from 'jsonwebtoken';
import { createFloor, isDraft } from './floor.js';
import { collection, create, find, path, view, zodDraft } from './posts.js';
import { createPost, everythingOn, readPost } from './shield.js';
import type { Stack } from './stack.js';
import { audience, issuer, origin, requestsPerWindow, roleOf, type World } from './world.js';

/** An Express server with one of the stacks before its two routes. */
export async function expressServer(stack: Stack, world: World): Promise<Server> {
  const app = express();
  if (stack === 'bare') bare(app);
  else if (stack === 'floor') floor(app, world);
  else if (stack === 'written' || stack === 'tuned') peers(app, world, stack === 'tuned');
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
  return createServer(app);
}

function bare(app: Express): void {
  app.get(path, (_request, response) => void response.json(view(find())));
  app.post(collection, express.json(), (request, response) => {
    response.status(201).json(view(create(request.body, 'member-0')));
  });
}

function floor(app: Express, world: World): void {
  const check = createFloor(world);
  app.use((request, response, next) => {
    const verdict = check(request, response);
    if ('status' in verdict) return void response.status(verdict.status).json({ error: 'refused' });
    response.locals.subject = verdict.subject;
    next();
  });
  app.get(path, (_request, response) => void response.json(view(find())));
  app.post(collection, express.json({ limit: '100kb' }), (request, response) => {
    const body: unknown = request.body;
    if (!isDraft(body)) return void response.status(422).json({ error: 'invalid' });
    response.status(201).json(view(create(body, subjectOf(response))));
  });
}

function peers(app: Express, { secret }: World, tuned: boolean): void {
  const key = tuned ? createSecretKey(Buffer.from(secret)) : secret;
  const authenticate: RequestHandler = (request, response, next) => {
    const token = request.headers.authorization?.split(' ')[1] ?? '';
    try {
      response.locals.subject = jsonwebtoken.verify(token, key, {
        algorithms: ['HS256'],
        issuer,
        audience,
      }).sub;
    } catch {
      return void response.status(401).json({ error: 'unauthenticated' });
    }
    next();
  };
  const permit =
    (roles: readonly string[]): RequestHandler =>
    (_request, response, next) => {
      if (!roles.includes(roleOf(subjectOf(response))))
        return void response.status(403).json({ error: 'forbidden' });
      next();
    };
  app.use(helmet());
  app.use(cors({ origin: [origin], credentials: true }));
  app.use(
    rateLimit({
      windowMs: 900_000,
      limit: requestsPerWindow,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
    }),
  );
  app.use(express.json({ limit: '100kb' }));
  app.get(path, authenticate, permit(['guest', 'member']), (_request, response) => {
    response.json(view(find()));
  });
  app.post(collection, authenticate, permit(['member']), (request, response) => {
    const body = zodDraft.safeParse(request.body);
    if (!body.success) return void response.status(422).json({ error: 'invalid' });
    response.status(201).json(view(create(body.data, subjectOf(response))));
  });
}

function subjectOf(response: Response): string {
  return String(response.locals.subject);
}
