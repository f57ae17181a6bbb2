import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { route } from '../src/index.js';
import { json, local, request, world } from './support.js';

const sensitive = { access: 'user:grant', signedInWithin: '5m' } as const;

async function setUp() {
  const made = await world();
  const calls = { handler: 0 };
  const handler = secapi(made.shield).protect(
    route({ ...sensitive, body: v.strictObject({ role: v.string() }) }),
    () => {
      calls.handler++;
      return {};
    },
  );
  const send = (authorization: string, init = json({ role: 'admin' })) =>
    handler(request('/grant', { ...init, headers: { ...init.headers, authorization } }), local);
  return { ...made, made, calls, send };
}

describe('a route that wants a recent sign-in', () => {
  it('serves who signed in within the time, to the second', async () => {
    const { made, bearer, send, calls } = await setUp();
    expect((await send(await bearer('ann', 'admin', made.clock))).status).toBe(200);
    expect((await send(await bearer('ann', 'admin', made.clock - 300_000))).status).toBe(200);
    expect(calls.handler).toBe(2);
  });

  it('tells who signed in earlier what to do, and does nothing', async () => {
    const { made, bearer, send, calls } = await setUp();
    const response = await send(await bearer('ann', 'admin', made.clock - 301_000));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'STEP_UP_REQUIRED', status: 401 });
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", error_description="A more recent sign-in is required", max_age="300"',
    );
    expect(calls.handler).toBe(0);
  });

  it('grows old with the token: the same one is good now and not later', async () => {
    const { made, bearer, send } = await setUp();
    const token = await bearer('ann', 'admin', made.clock);
    expect((await send(token)).status).toBe(200);
    made.clock += 299_000;
    expect((await send(token)).status).toBe(200);
    made.clock += 2_000;
    expect((await send(token)).status).toBe(401);
  });

  it('takes an unknown time for too long ago', async () => {
    const { bearer, send, calls } = await setUp();
    expect(await (await send(await bearer('ann', 'admin'))).json()).toMatchObject({
      code: 'STEP_UP_REQUIRED',
    });
    expect(calls.handler).toBe(0);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '0', null, Date.UTC(2031, 0, 1)])(
    'takes %s for no time at all',
    async (at) => {
      const { shield, bearer } = await world({
        principal: ({ sub }) => ({ id: sub, roles: ['admin'], authenticatedAt: at as number }),
      });
      const handler = secapi(shield).protect(route(sensitive), () => ({}));
      const headers = { authorization: await bearer('ann', 'admin') };
      expect((await handler(request('/grant', { headers }), local)).status).toBe(401);
    },
  );

  it('says nothing of it to who has no access, or is nobody', async () => {
    const { made, bearer, send } = await setUp();
    const guest = await send(await bearer('bob', 'user', made.clock - 600_000));
    expect(guest.status).toBe(403);
    expect(guest.headers.get('www-authenticate')).toBeNull();
    const nobody = secapi(made.shield).protect(route(sensitive), () => ({}));
    const response = await nobody(request('/grant'), local);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('decides before the body is looked at', async () => {
    const { made, bearer, send } = await setUp();
    const late = await bearer('ann', 'admin', made.clock - 600_000);
    expect((await send(late, { ...json({}), body: '{' })).status).toBe(401);
    const early = await bearer('ann', 'admin', made.clock);
    expect((await send(early, { ...json({}), body: '{' })).status).toBe(400);
  });

  it('is logged, and not put in the trail', async () => {
    const { made, bearer, send } = await setUp();
    await send(await bearer('ann', 'admin', made.clock - 600_000));
    const line = made.lines.find(({ message }) => message === 'authz_fail');
    expect(line?.fields).toMatchObject({ actor: 'ann', details: { reason: 'step_up_required' } });
    expect(made.trail).toEqual([]);
  });
});

describe('a declaration of it that makes no sense', () => {
  it.each<[string, object, RegExp]>([
    ['on a public route', { access: 'public', signedInWithin: '5m' }, /signedInWithin makes no sense/],
    ['where being signed in is optional', { access: 'optional', signedInWithin: '5m' }, /makes no sense/],
    ['of no length', { access: 'signed-in', signedInWithin: '0s' }, /signedInWithin/],
    ['without an end', { access: 'signed-in', signedInWithin: Number.POSITIVE_INFINITY }, /signedInWithin/],
    ['that is no duration', { access: 'signed-in', signedInWithin: 'soon' }, /signedInWithin/],
  ])('throws: %s', async (_, security, says) => {
    const { shield } = await world();
    expect(() => shield.declare(security as ReturnType<typeof route>)).toThrow(says);
  });
});
