import { ApiError, answer, route } from '@secapi/core';
import type { Sanitizer } from '@secapi/sanitize';
import { fields, strictObject } from '@secapi/validation';
import * as v from 'valibot';
import { fromCursor, type Mark, toPage } from '../domain/page.js';
import type { Post, Posts } from '../domain/posts.js';
import { type AppRoute, define } from './app-route.js';
import { ById, PageQuery, PostView, pageOf } from './schemas.js';

/** Bytes of a post's HTML, before it is made safe. */
const htmlBytes = 65_536;

const NewPost = strictObject({ title: fields.title(), html: fields.html({ maxBytes: htmlBytes }) });
const PostChange = v.pipe(
  strictObject({ title: v.optional(fields.title()), html: v.optional(fields.html({ maxBytes: htmlBytes })) }),
  v.check((change) => Object.keys(change).length > 0, 'A change needs a title or html.'),
);
/** As every list, and in either order of time. */
const PostsQuery = strictObject({
  ...PageQuery.entries,
  sort: fields.sort(['createdAt'], { default: '-createdAt' }),
});
const SearchQuery = strictObject({ q: fields.searchText(), limit: fields.limit({ default: 50, max: 100 }) });

/** The posts: everybody signed in reads them, their owners and moderators change them. */
export function postRoutes(posts: Posts, sanitizer: Sanitizer): AppRoute[] {
  async function safe(html: string): Promise<string> {
    const sanitized = await sanitizer.sanitize(html);
    if (sanitized.ok) return sanitized.html;
    throw new ApiError('VALIDATION_FAILED', {
      errors: [
        {
          path: '/html',
          code: sanitized.reason.toLowerCase(),
          message: 'This HTML is too large, too deep or too much work.',
        },
      ],
    });
  }

  const owned = { params: ById, owner: ({ params }: { params: { id: string } }) => posts.find(params.id) };

  return [
    define(
      'GET',
      '/api/posts',
      route({ access: 'signed-in', query: PostsQuery, reads: { items: 'post' }, returns: pageOf(PostView) }),
      async ({ query }) => {
        const after = markOf(query.cursor);
        const oldestFirst = query.sort[0]?.direction === 'asc';
        const page = toPage(await posts.list({ limit: query.limit + 1, after, oldestFirst }), query.limit);
        return { ...page, items: page.items.map(view) };
      },
    ),
    define(
      'POST',
      '/api/posts',
      route({ access: 'post:create', body: NewPost, writes: 'post', reads: 'post', returns: PostView }),
      async ({ body, principal }) => {
        const post = await posts.add({
          authorId: principal.id,
          title: body.title,
          html: await safe(body.html),
        });
        return answer(201, view(post), [['location', `/api/posts/${post.id}`]]);
      },
    ),
    define(
      'GET',
      '/api/posts/:id',
      route({ access: 'signed-in', params: ById, reads: 'post', returns: PostView }),
      async ({ params }) => {
        return view(found(await posts.find(params.id)));
      },
    ),
    define(
      'PATCH',
      '/api/posts/:id',
      route({
        access: 'post:update',
        ...owned,
        body: PostChange,
        writes: 'post',
        reads: 'post',
        returns: PostView,
      }),
      async ({ resource, body }) => {
        const html = body.html === undefined ? {} : { html: await safe(body.html) };
        const title = body.title === undefined ? {} : { title: body.title };
        return view(found(await posts.update(resource.id, { ...title, ...html })));
      },
    ),
    define(
      'DELETE',
      '/api/posts/:id',
      route({ access: 'post:delete', ...owned, audit: 'sensitive_delete' }),
      async ({ resource }) => {
        if (!(await posts.remove(resource.id))) throw new ApiError('NOT_FOUND');
        return answer(204);
      },
    ),
    define(
      'GET',
      '/api/search',
      route({
        access: 'signed-in',
        query: SearchQuery,
        reads: { items: 'post' },
        returns: v.object({ items: v.array(PostView) }),
      }),
      async ({ query }) => ({ items: (await posts.search(query.q, query.limit)).map(view) }),
    ),
  ];
}

function view(post: Post): v.InferOutput<typeof PostView> {
  return {
    ...post,
    createdAt: new Date(post.createdAt).toISOString(),
    updatedAt: new Date(post.updatedAt).toISOString(),
  };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new ApiError('NOT_FOUND');
  return value;
}

/** The place in a list that a cursor names. */
export function markOf(cursor: string | undefined): Mark | undefined {
  if (cursor === undefined) return undefined;
  const mark = fromCursor(cursor);
  if (mark) return mark;
  throw new ApiError('VALIDATION_FAILED', {
    errors: [{ path: '/cursor', code: 'format', message: 'This is not a cursor of this list.' }],
  });
}
