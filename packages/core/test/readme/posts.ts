import { answer, route } from '@secapi/core';
import { secapi } from '@secapi/core/fetch';
import * as v from 'valibot';
import { shield } from './security.js';

const { protect, notFound } = secapi(shield);
const NewPost = v.strictObject({ title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)) });

const createPost = protect(route({ access: 'post:create', body: NewPost }), ({ body, principal }) =>
  answer(201, { title: body.title, authorId: principal.id }),
);

export function serve(request: Request, peer: string): Promise<Response> {
  const handler = new URL(request.url).pathname === '/posts' ? createPost : notFound;
  return handler(request, { peer });
}
