import { fields, strictObject } from '@secapi/validation';
import * as v from 'valibot';
import { z } from 'zod';

export interface Post {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  readonly authorId: string;
  readonly createdAt: string;
}

/** A record as a database has it: more than may leave. */
interface PostRecord extends Post {
  readonly internalNote: string;
}

const stored: PostRecord = {
  id: '0190a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
  title: 'On the care of old bicycles',
  html: '<p>Oil the <b>chain</b> before it asks for it, and keep the tyres <em>hard</em>.</p>',
  authorId: 'member-0',
  createdAt: '2030-01-01T12:00:00.000Z',
  internalNote: 'reported twice',
};

export const path: string = `/api/posts/${stored.id}`;
export const collection = '/api/posts';
export const draft: { readonly title: string; readonly html: string } = {
  title: stored.title,
  html: stored.html,
};

export function find(): PostRecord {
  return stored;
}

export function create(input: { readonly title: string; readonly html: string }, by: string): PostRecord {
  return { ...stored, title: input.title, html: input.html, authorId: by };
}

/** What may leave, picked by hand: what the stacks without a response schema do. */
export function view({ id, title, html, authorId, createdAt }: PostRecord): Post {
  return { id, title, html, authorId, createdAt };
}

/** The body as the peers' users declare it. */
export const zodDraft: z.ZodType<{ title: string; html: string }> = z.strictObject({
  title: z.string().trim().min(1).max(200),
  html: z.string().min(1).max(102_400),
});

/** The body as secapi's users declare it. */
export const Draft: v.GenericSchema<{ title: string; html: string }> = strictObject({
  title: fields.title(),
  html: fields.html(),
});

/** What `returns` lets out. */
export const PostView: v.GenericSchema<Post> = v.object({
  id: v.string(),
  title: v.string(),
  html: v.string(),
  authorId: v.string(),
  createdAt: v.string(),
});
