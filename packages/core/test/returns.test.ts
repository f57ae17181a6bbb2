import { createPolicy, ownedBy } from '@secapi/policy';
import { secret } from '@secapi/secrets';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { secapi } from '../src/fetch.js';
import { answer, type RouteSecurity, route } from '../src/index.js';
import { local, request, type World, world } from './support.js';

/** What the error said that the log holds. */
function messageOf(lines: World['lines']): string {
  const line = lines.find(({ level }) => level === 'error');
  return (line?.fields as { error: Error } | undefined)?.error.message ?? '';
}

describe('returns', () => {
  const answered = async (
    returns: RouteSecurity['returns'],
    value: unknown,
  ): Promise<[number, string, World['lines']]> => {
    const { shield, lines } = await world();
    const handler = secapi(shield).protect(
      route({ access: 'public', ...(returns && { returns }) }),
      () => value,
    );
    const response = await handler(request('/x'), local);
    return [response.status, await response.text(), lines];
  };
  const record = { id: '1', passwordHash: 'canary', tags: [{ name: 'a', secret: 'canary' }] };
  const views: [string, RouteSecurity['returns']][] = [
    ['valibot', v.object({ id: v.string(), tags: v.array(v.object({ name: v.string() })) })],
    ['zod', z.object({ id: z.string(), tags: z.array(z.object({ name: z.string() })) })],
    ['arktype', type({ id: 'string', tags: type({ name: 'string' }).array() })],
  ];

  it.each(views)('of %s lets out what it declares, at any depth and in lists', async (_name, view) => {
    expect((await answered(view, record)).slice(0, 2)).toEqual([200, '{"id":"1","tags":[{"name":"a"}]}']);
    const [status, text, lines] = await answered(view, { ...record, tags: [{ secret: 'canary' }] });
    expect([status, text.includes('canary')]).toEqual([500, false]);
    expect(messageOf(lines)).toContain('/tags/0/name missing');
    expect(messageOf(lines)).not.toContain('canary');
  });

  it.each([
    ['a list in place of an object', [record]],
    ['a text', 'canary'],
    ['nothing', answer(200)],
    ['a stream of Node', { pipe() {}, canary: 'canary' }],
    ['a stream of the web', new ReadableStream()],
    ['an asynchronous list', (async function* () {})()],
  ])('is not passed by %s', async (_what, value) => {
    for (const [, view] of views) {
      const [status, text, lines] = await answered(view, value);
      expect([status, text.includes('canary'), lines.some(({ level }) => level === 'error')]).toEqual([
        500,
        false,
        true,
      ]);
    }
  });

  it('holds for lists, and lets pass what says by its status that there is nothing', async () => {
    const list = v.array(v.object({ id: v.string() }));
    expect((await answered(list, [record, record])).slice(0, 2)).toEqual([200, '[{"id":"1"},{"id":"1"}]']);
    expect((await answered(list, [record, { id: 2 }]))[0]).toBe(500);
    expect((await answered(list, answer(204)))[0]).toBe(204);
    expect((await answered(list, answer(303, undefined, [['location', '/y']])))[0]).toBe(303);
  });

  it('a stream is never written as JSON of its inner state, with returns or without', async () => {
    const [status, text, lines] = await answered(undefined, { pipe() {}, canary: 'canary' });
    expect([status, text.includes('canary')]).toEqual([500, false]);
    expect(messageOf(lines)).toMatch(/is a stream/);
  });
});

describe('an answer', () => {
  const answered = async (handler: () => unknown, security: Partial<RouteSecurity> = {}, method = 'GET') => {
    const made = await world();
    const protectedHandler = secapi(made.shield).protect(route({ access: 'public', ...security }), handler);
    const response = await protectedHandler(request('/x', { method }), local);
    return {
      ...made,
      status: response.status,
      text: await response.text(),
      type: response.headers.get('content-type'),
    };
  };

  it.each<[string, () => unknown]>([
    ['a Secret', () => secret('canary')],
    ['one at depth', () => ({ items: [{ id: 1, deep: { token: secret('canary') } }] })],
    ['one of an object', () => answer(201, { key: secret({ a: 'canary' }) })],
  ])('with %s is a 500 and an event, with returns or without', async (_title, handler) => {
    for (const security of [{}, { returns: v.any() }]) {
      const { status, text, lines } = await answered(handler, security);
      expect([status, text.includes('canary'), text.includes('[secret]')]).toEqual([500, false, false]);
      expect(JSON.stringify(lines)).toContain('sys_crash');
      expect(JSON.stringify(lines)).not.toContain('canary');
    }
    expect((await answered(() => ({ note: 'spelled [secret]' }))).status).toBe(200);
  });

  it('to HEAD is shaped as to GET, and has no body', async () => {
    const returns = v.object({ id: v.string() });
    const { status, text, type } = await answered(() => ({ id: 'a', token: 'canary' }), { returns }, 'HEAD');
    expect([status, text, type]).toEqual([200, '', 'application/json; charset=utf-8']);
    expect((await answered(() => ({ token: 'canary' }), { returns }, 'HEAD')).status).toBe(500);
  });

  it('that is a file goes out as it is where its type is said, and passes returns like any other', async () => {
    const file = () => answer(200, new TextEncoder().encode('a,b'), [['content-type', 'text/csv']]);
    expect(await answered(file)).toMatchObject({ status: 200, text: 'a,b', type: 'text/csv' });
    expect((await answered(file, { returns: v.object({ id: v.string() }) })).status).toBe(500);
  });

  it('that is an error where something is declared has the body of its problem and nothing of its own', async () => {
    const { status, text } = await answered(() => answer(404, { token: 'canary' }), { returns: v.any() });
    expect([status, text.includes('canary'), JSON.parse(text).code]).toEqual([404, false, 'NOT_FOUND']);
  });
});

describe('reads', () => {
  const policy = createPolicy({
    resources: { user: ['read'] },
    conditions: { self: ownedBy('id') },
    readable: { user: { id: true, email: 'user:read' } },
    roles: { user: { grants: [{ permission: 'user:read', when: 'self' }] }, admin: { grants: ['user:*'] } },
  });
  const ada = { id: 'ada', email: 'ada@example.org', hash: 'canary' };
  const bob = { id: 'bob', email: 'bob@example.org', hash: 'canary' };
  const answered = async (security: Partial<RouteSecurity>, value: unknown, who = 'ada', role = 'user') => {
    const made = await world({ policy });
    const handler = secapi(made.shield).protect(route({ access: 'signed-in', ...security }), () => value);
    const response = await handler(
      request('/x', { headers: { authorization: await made.bearer(who, role) } }),
      local,
    );
    return { status: response.status, text: await response.text(), lines: made.lines };
  };

  it('leaves each principal what the policy lets it read, alone, in lists and in members', async () => {
    expect((await answered({ reads: 'user' }, ada)).text).toBe('{"id":"ada","email":"ada@example.org"}');
    expect((await answered({ reads: 'user' }, bob)).text).toBe('{"id":"bob"}');
    expect((await answered({ reads: 'user' }, [ada, bob])).text).toBe(
      '[{"id":"ada","email":"ada@example.org"},{"id":"bob"}]',
    );
    const page = { items: [ada, bob], of: { owner: bob }, next: null };
    expect((await answered({ reads: { items: 'user', of: { owner: 'user' } } }, page)).text).toBe(
      '{"items":[{"id":"ada","email":"ada@example.org"},{"id":"bob"}],"of":{"owner":{"id":"bob"}},"next":null}',
    );
    expect((await answered({ reads: 'user' }, bob, 'chief', 'admin')).text).toBe(
      '{"id":"bob","email":"bob@example.org"}',
    );
    expect((await answered({ reads: 'user', access: 'public' }, ada)).text).toBe('{"id":"ada"}');
  });

  it('comes before returns, in which what not everybody reads is optional', async () => {
    const returns = v.object({ id: v.string(), email: v.optional(v.string()) });
    expect((await answered({ reads: 'user', returns }, bob)).text).toBe('{"id":"bob"}');
    const all = v.object({ id: v.string(), email: v.string() });
    expect((await answered({ reads: 'user', returns: all }, ada)).status).toBe(200);
    const refused = await answered({ reads: 'user', returns: all }, bob);
    expect([refused.status, messageOf(refused.lines)]).toEqual([
      500,
      expect.stringContaining('/email missing'),
    ]);
  });

  it('is a 500 where no resource stands in its place, and nothing of it is told', async () => {
    for (const value of ['canary', 7, ['canary'], new ReadableStream()]) {
      const { status, text } = await answered({ reads: 'user' }, value);
      expect([status, text.includes('canary')]).toEqual([500, false]);
    }
    expect((await answered({ reads: 'user' }, null)).text).toBe('null');
    const { status, text } = await answered({ reads: 'user' }, answer(400, { ...ada }));
    expect([status, text.includes('ada@')]).toEqual([400, false]);
  });

  it.each<[string, unknown]>([
    ['a resource that is none', 'post'],
    ['one in a member', { items: 'post' }],
    ['nothing', {}],
    ['a list', ['user']],
  ])('is refused when it names %s', async (_title, reads) => {
    const { shield } = await world({ policy });
    expect(() => shield.declare(route({ access: 'public', reads: reads as 'user' }))).toThrow(/route\.reads/);
  });
});
