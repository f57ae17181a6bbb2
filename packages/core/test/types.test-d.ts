import { fileField, fileListField, formFiles, type UploadedFile } from '@secapi/validation';
import * as v from 'valibot';
import { expectTypeOf } from 'vitest';
import { secapi } from '../src/fetch.js';
import {
  answer,
  createShield,
  type Exchange,
  type HandlerContext,
  type Principal,
  type PrincipalOf,
  recommended,
  route,
  type Shield,
} from '../src/index.js';

// Checked by the compiler alone: `npm run check -- test-types`.

interface Member extends Principal {
  readonly tenant: string;
}
interface Post {
  readonly id: string;
  readonly authorId: string;
}

const ById = v.strictObject({ id: v.pipe(v.string(), v.maxLength(64)) });
const Page = v.strictObject({ limit: v.pipe(v.string(), v.transform(Number)) });
const NewPost = v.strictObject({ title: v.string(), tags: v.optional(v.array(v.string()), []) });
declare const shield: Shield<Member>;
declare function find(id: string): Promise<Post | undefined>;
const { protect } = secapi(shield);

// A handler sees the schemas' output and nothing of what came in.
const create = route({ access: 'post:create', query: Page, body: NewPost });
protect(create, ({ query, body, params }) => {
  expectTypeOf(query).toEqualTypeOf<{ limit: number }>();
  expectTypeOf(body).toEqualTypeOf<{ title: string; tags: string[] }>();
  expectTypeOf(params).toEqualTypeOf<undefined>();
  // @ts-expect-error: no schema gives a role
  body.role;
});

// Headers, cookies and files are what their declarations give.
const upload = route({
  access: 'signed-in',
  headers: v.object({ 'x-tenant': v.string() }),
  cookies: v.object({ theme: v.optional(v.picklist(['dark', 'light'])) }),
  body: v.strictObject({ caption: v.string() }),
  files: formFiles({
    avatar: fileField({ types: ['image/png'] }),
    more: fileListField({ types: ['image/png'], max: 3 }),
  }),
});
protect(upload, ({ headers, cookies, files, body }) => {
  expectTypeOf(headers).toEqualTypeOf<{ 'x-tenant': string }>();
  expectTypeOf(cookies).toEqualTypeOf<{ theme?: 'dark' | 'light' | undefined }>();
  expectTypeOf(files).toEqualTypeOf<{
    readonly avatar: UploadedFile;
    readonly more: readonly UploadedFile[];
  }>();
  expectTypeOf(body).toEqualTypeOf<{ caption: string }>();
});

// Without a schema there is no input.
protect(route({ access: 'signed-in' }), ({ params, query, headers, cookies, body, files, exchange }) => {
  expectTypeOf(headers).toEqualTypeOf<undefined>();
  expectTypeOf(cookies).toEqualTypeOf<undefined>();
  expectTypeOf(files).toEqualTypeOf<undefined>();
  expectTypeOf(params).toEqualTypeOf<undefined>();
  expectTypeOf(query).toEqualTypeOf<undefined>();
  expectTypeOf(body).toEqualTypeOf<undefined>();
  expectTypeOf(exchange).toEqualTypeOf<Exchange>();
});

// The principal is defined exactly where access demands one, and it is the shield's own.
protect(route({ access: 'public' }), ({ principal }) => expectTypeOf(principal).toEqualTypeOf<undefined>());
protect(route({ access: 'optional' }), ({ principal }) =>
  expectTypeOf(principal).toEqualTypeOf<Member | undefined>(),
);
protect(route({ access: 'signed-in' }), ({ principal }) => expectTypeOf(principal).toEqualTypeOf<Member>());
protect(route({ access: 'post:create' }), ({ principal }) => expectTypeOf(principal).toEqualTypeOf<Member>());
protect(route({ access: ['post:create', { name: 'recent', check: () => true }] }), ({ principal }) =>
  expectTypeOf(principal).toEqualTypeOf<Member>(),
);
protect(route({ access: 'post:create', signedInWithin: '5m' }), ({ principal }) =>
  expectTypeOf(principal).toEqualTypeOf<Member>(),
);
// A route whose access isn't known to the compiler: whatever it is, the handler must ask.
expectTypeOf<PrincipalOf<'public' | 'signed-in', Member>>().toEqualTypeOf<Member | undefined>();

// The resource is there: where it isn't, the handler doesn't run.
protect(
  route({
    access: 'post:delete',
    params: ById,
    owner({ params, principal }) {
      expectTypeOf(params).toEqualTypeOf<{ id: string }>();
      expectTypeOf(principal).toEqualTypeOf<Principal>();
      return find(params.id);
    },
  }),
  ({ resource }) => expectTypeOf(resource).toEqualTypeOf<Post>(),
);
protect(route({ access: 'post:delete', owner: (): { readonly id: 7 } | null => null }), ({ resource }) =>
  expectTypeOf(resource).toEqualTypeOf<{ readonly id: 7 }>(),
);
protect(route({ access: 'post:delete', params: ById }), ({ resource }) =>
  expectTypeOf(resource).toEqualTypeOf<undefined>(),
);

// The types of a shield's principals come from its configuration.
declare const options: Omit<Parameters<typeof recommended<Member>>[0], 'principal'>;
expectTypeOf(
  createShield(recommended({ ...options, principal: ({ sub }) => ({ id: sub, roles: [], tenant: 'a' }) })),
).toEqualTypeOf<Shield<{ id: string; roles: never[]; tenant: string }>>();
expectTypeOf<HandlerContext<typeof create, Member>['principal']>().toEqualTypeOf<Member>();

// A Secret is no answer, however deep and in whatever it stands.
declare const hidden: { reveal(): string; toString(): string; toJSON(): string };
const any = route({ access: 'public' });
// @ts-expect-error: a Secret
protect(any, () => hidden);
// @ts-expect-error: a Secret in an object in a list
protect(any, () => ({ items: [{ id: 1, token: hidden }] }));
// @ts-expect-error: a Secret that comes later
protect(any, async () => ({ token: hidden }));
// @ts-expect-error: a Secret in an answer
protect(any, () => answer(201, { token: hidden }));
// @ts-expect-error: a Secret that is there now and then
protect(any, (): { token?: typeof hidden } => ({}));
protect(any, () => answer(201, { token: hidden.reveal() }));
protect(any, async (): Promise<Post | undefined> => find('x'));
protect(any, (): unknown => hidden); // what no type tells is a 500

// What can't be meant doesn't compile.
// @ts-expect-error: access has no default
route({ body: NewPost });
// @ts-expect-error: it is spelled 'signed-in'
route({ access: 'signedin' });
// @ts-expect-error: no access at all
route({ access: undefined });
// @ts-expect-error: a list demands a principal, so it can't be public
route({ access: ['public'] });
// @ts-expect-error: unknown members are no security
route({ access: 'public', bdy: NewPost });
// @ts-expect-error: the event has to be of the vocabulary
route({ access: 'public', audit: 'something_happened' });
// @ts-expect-error: a schema is an object of Standard Schema, not a plain shape
route({ access: 'public', body: { title: 'string' } });
