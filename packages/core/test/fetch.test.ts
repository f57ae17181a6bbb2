import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { ApiError, answer, route } from '../src/index.js';
import { json, local, request, world } from './support.js';

const NewPost = v.strictObject({ title: v.pipe(v.string(), v.minLength(1), v.maxLength(20)) });

describe('access', () => {
  it('lets in exactly whom the route declares, and tells the others apart', async () => {
    const { shield, bearer, trail } = await world();
    const { protect } = secapi(shield);
    let ran = 0;
    const handler = () => {
      ran++;
      return { ok: true };
    };
    const cases = [
      { access: 'public', who: undefined, status: 200 },
      { access: 'signed-in', who: undefined, status: 401 },
      { access: 'signed-in', who: 'user', status: 200 },
      { access: 'user:grant', who: 'user', status: 403 },
      { access: 'user:grant', who: 'admin', status: 200 },
      { access: ['signed-in', 'user:grant'], who: 'user', status: 403 },
      { access: ['signed-in', { name: 'never', check: () => false }], who: 'admin', status: 403 },
      { access: [{ name: 'always', check: () => true }], who: 'user', status: 200 },
    ] as const;
    for (const { access, who, status } of cases) {
      const headers: Record<string, string> = who ? { authorization: await bearer('somebody', who) } : {};
      const before = ran;
      const response = await protect(route({ access }), handler)(request('/x', { headers }), local);
      expect([access, who, response.status]).toEqual([access, who, status]);
      expect(ran - before).toBe(status === 200 ? 1 : 0);
    }
    expect(trail.map((event) => event.event)).toEqual(['authz_fail', 'authz_fail', 'authz_fail']);
  });

  it('shows a principal to an optional handler and none to a public one, whoever is signed in', async () => {
    const { shield, bearer } = await world();
    const { protect } = secapi(shield);
    const headers = { authorization: await bearer('ann') };
    const seen = async (access: 'public' | 'optional') => {
      const handler = protect(route({ access }), ({ principal }) => ({
        id: (principal as { id: string } | undefined)?.id ?? null,
      }));
      return (await handler(request('/x', { headers }), local)).json();
    };
    expect([await seen('public'), await seen('optional')]).toEqual([{ id: null }, { id: 'ann' }]);
  });

  it('answers a missing token and a bad one as RFC 6750 has it', async () => {
    const { shield } = await world();
    const handler = secapi(shield).protect(route({ access: 'signed-in' }), () => ({}));
    const none = await handler(request('/x'), local);
    expect([none.status, none.headers.get('www-authenticate'), (await none.json()).code]).toEqual([
      401,
      'Bearer',
      'UNAUTHENTICATED',
    ]);
    const bad = await handler(request('/x', { headers: { authorization: 'Bearer x.y.z' } }), local);
    expect([bad.status, bad.headers.get('www-authenticate'), (await bad.json()).code]).toEqual([
      401,
      'Bearer error="invalid_token"',
      'INVALID_TOKEN',
    ]);
  });

  it('denies when a condition throws', async () => {
    const { shield, bearer } = await world();
    const broken = { name: 'broken', check: () => Promise.reject(new Error('down')) };
    const response = await secapi(shield).protect(route({ access: [broken] }), () => ({}))(
      request('/x', { headers: { authorization: await bearer('a') } }),
      local,
    );
    expect(response.status).toBe(500);
  });

  it("hides what is not the principal's own behind the same 404 as what is not there", async () => {
    const { shield, bearer } = await world();
    const posts = new Map([['1', { id: '1', authorId: 'ann' }]]);
    const remove = secapi(shield).protect(
      route({
        access: 'post:delete',
        params: v.strictObject({ id: v.string() }),
        owner: ({ params }) => posts.get(params.id),
      }),
      ({ resource }) => ({ removed: resource.id }),
    );
    const as = async (who: string, id: string, role?: string) =>
      remove(
        request(`/posts/${id}`, { method: 'DELETE', headers: { authorization: await bearer(who, role) } }),
        { ...local, params: { id } },
      );
    expect((await as('ann', '1')).status).toBe(200);
    expect((await as('root', '1', 'admin')).status).toBe(200);
    const [others, missing] = [await as('bob', '1'), await as('bob', '2')];
    expect([others.status, missing.status]).toEqual([404, 404]);
    const strip = async (response: Response) => ({ ...(await response.json()), requestId: '', instance: '' });
    expect(await strip(others)).toEqual(await strip(missing));
  });
});

describe('input', () => {
  it("gives the handler the schema's output, and refuses everything else", async () => {
    const { shield, bearer } = await world();
    const seen: unknown[] = [];
    const create = secapi(shield).protect(
      route({ access: 'post:create', body: NewPost }),
      ({ body, principal }) => {
        seen.push(body);
        return answer(201, { title: body.title, by: principal.id });
      },
    );
    const authorization = await bearer('ann');
    const send = (init: RequestInit) =>
      create(
        request('/posts', {
          ...init,
          headers: { authorization, ...(init.headers as Record<string, string>) },
        }),
        local,
      );
    const good = await send(json({ title: 'Hello' }));
    expect([good.status, await good.json()]).toEqual([201, { title: 'Hello', by: 'ann' }]);
    const cases: [RequestInit, number, string][] = [
      [json({ title: 'Hello', role: 'admin' }), 422, 'VALIDATION_FAILED'],
      [json({ title: 7 }), 422, 'VALIDATION_FAILED'],
      [{ ...json(0), body: '{"title":"a","title":"b"}' }, 400, 'JSON_INVALID'],
      [{ ...json(0), body: '{"__proto__":{"title":"x"}}' }, 400, 'JSON_INVALID'],
      [{ ...json(0), body: '{"title":' }, 400, 'JSON_INVALID'],
      [{ ...json(0), body: new Uint8Array([0x22, 0xff, 0x22]) }, 400, 'JSON_INVALID'],
      [{ ...json({ title: 'x' }), headers: { 'content-type': 'text/plain' } }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
      [{ method: 'POST' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
      [json({ title: 'x'.repeat(200_000) }), 413, 'BODY_TOO_LARGE'],
    ];
    for (const [init, status, code] of cases) {
      const response = await send(init);
      expect([response.status, (await response.json()).code]).toEqual([status, code]);
    }
    expect(seen).toEqual([{ title: 'Hello' }]);
  });

  it('refuses a body where none is declared, and takes an empty one', async () => {
    const { shield } = await world();
    const post = secapi(shield).protect(route({ access: 'public' }), () => answer(204));
    expect((await post(request('/x', { method: 'POST' }), local)).status).toBe(204);
    expect((await post(request('/x', json({})), local)).status).toBe(204);
    expect((await post(request('/x', json({ a: 1 })), local)).status).toBe(422);
  });
});

describe('answers', () => {
  it('leaves out what returns does not declare, and fails closed on a mismatch', async () => {
    const { shield, lines } = await world();
    const view = route({ access: 'public', returns: v.object({ id: v.string() }) });
    const { protect } = secapi(shield);
    const shaped = await protect(view, () => ({ id: '1', passwordHash: 'secret' }))(request('/x'), local);
    expect(await shaped.json()).toEqual({ id: '1' });
    const broken = await protect(view, () => ({ passwordHash: 'secret' }))(request('/x'), local);
    expect(broken.status).toBe(500);
    expect(JSON.stringify(await broken.json())).not.toContain('secret');
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('answers an error of the application as it says, and any other as INTERNAL_ERROR with nothing of it', async () => {
    const { shield, lines } = await world();
    const { protect } = secapi(shield);
    const open = route({ access: 'public' });
    const own = await protect(open, () =>
      Promise.reject(new ApiError('EMAIL_TAKEN', { status: 409, title: 'Conflict', detail: 'Taken.' })),
    )(request('/x'), local);
    expect([own.status, (await own.json()).detail]).toEqual([409, 'Taken.']);
    const other = await protect(open, () => {
      throw new Error('the password is hunter2');
    })(request('/x'), local);
    const problem = await other.json();
    expect([other.status, problem.code, other.headers.get('content-type')]).toEqual([
      500,
      'INTERNAL_ERROR',
      'application/problem+json',
    ]);
    expect(problem.requestId).toBe(other.headers.get('x-request-id'));
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(
      lines.some(
        (line) =>
          line.level === 'error' && (line.fields as { error: Error }).error.message.includes('hunter2'),
      ),
    ).toBe(true);
  });

  it('waits until the trail holds what it tells of, and answers 500 when it can not', async () => {
    const { shield } = await world({ trail: { append: () => Promise.reject(new Error('disk full')) } });
    const audited = route({ access: 'public', audit: 'sensitive_read' });
    const response = await secapi(shield).protect(audited, () => ({ ok: true }))(request('/x'), local);
    expect(response.status).toBe(500);
  });
});
