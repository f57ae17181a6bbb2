import type { SecurityEvent } from '@secapi/audit';
import { createPolicy, ownedBy } from '@secapi/policy';
import { related } from '@secapi/policy/conditions';
import { type FactLoader, withFacts } from '@secapi/policy/facts';
import { livePolicy } from '@secapi/policy/live';
import type { AccessClaims, TokenVerifier } from '@secapi/tokens';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { authenticate } from '../src/guards/authenticate.js';
import { type Exchange, type Principal, type RouteSecurity, route } from '../src/index.js';
import { json, local, request, world } from './support.js';

const build = (grants: readonly ('post:pin' | 'post:read')[] = []) =>
  createPolicy({
    resources: { post: ['read', 'update', 'pin', 'list'], vault: ['open'], team: ['join'] },
    conditions: {
      owner: ownedBy('authorId'),
      inside: { context: (_principal, { address }) => address === '127.0.0.1' },
      member: related('memberOf', { field: 'teamId' }),
    },
    roles: {
      user: {
        grants: [
          { permission: 'post:update', when: 'owner' },
          { permission: 'team:join', when: 'member' },
          ...grants,
        ],
      },
      admin: { grants: ['post:*', { permission: 'vault:open', when: 'inside' }] },
    },
    writable: { post: { title: true, pinned: 'post:pin' } },
    conceal: { 'vault:*': 'always', 'post:pin': 'never' },
  });

const posts = new Map([['p1', { id: 'p1', authorId: 'ann', teamId: 'red' }]]);
const load = {
  params: v.object({ id: v.string() }),
  owner: ({ params }: { readonly params: { readonly id: string } }) => posts.get(params.id),
};

/** A route's answers to somebody, with what was told of them. */
async function routed(security: RouteSecurity, options: Parameters<typeof world>[0] = {}) {
  const made = await world({ policy: build(), ...options });
  const handler = secapi(made.shield).protect(security, () => ({ done: true }));
  async function send(
    id: string,
    role: string,
    { post = 'p1', body = undefined as unknown, peer = local.peer } = {},
  ) {
    const { headers, ...init } = body === undefined ? {} : json(body);
    const authorization = await made.bearer(id, role);
    const response = await handler(
      request(`/posts/${post}`, { ...init, headers: { ...headers, authorization } }),
      { peer, params: { id: post } },
    );
    return { status: response.status, problem: (await response.json()) as Record<string, unknown> };
  }
  return { trail: made.trail, made, send };
}
const refusals = (trail: readonly SecurityEvent[]) =>
  trail.map(({ actor, details }) => ({ actor, ...details }));

describe('a denial', () => {
  it('looks like what is not there, by default where a resource was loaded', async () => {
    const { send, trail } = await routed(route({ access: 'post:update', ...load }));
    expect((await send('ann', 'user')).status).toBe(200);
    const [denied, missing] = [await send('bob', 'user'), await send('bob', 'user', { post: 'p2' })];
    const { requestId: _, instance: __, ...body } = denied.problem;
    const { requestId: ___, instance: ____, ...other } = missing.problem;
    expect([denied.status, body]).toEqual([404, other]);
    expect(refusals(trail)).toEqual([
      {
        actor: 'bob',
        permission: 'post:update',
        reason: 'condition_failed',
        role: 'user',
        condition: 'owner',
        rules: 'roles.user.grants[0]',
      },
    ]);
  });

  it('is 403 or 404 as the policy says', async () => {
    const vault = await routed(route({ access: 'vault:open' }));
    expect((await vault.send('bob', 'user')).problem).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const pin = await routed(route({ access: 'post:pin', ...load }));
    expect((await pin.send('bob', 'user')).status).toBe(403);
    const list = await routed(route({ access: 'post:list' }));
    expect((await list.send('bob', 'user')).status).toBe(403);
  });
});

describe('the context of a request', () => {
  it('reaches conditions: address, method and time', async () => {
    const { send } = await routed(route({ access: 'vault:open' }));
    expect((await send('root', 'admin')).status).toBe(200);
    expect((await send('root', 'admin', { peer: '127.0.0.9' })).status).toBe(404);
  });

  it("is the clock of a principal's grants", async () => {
    const until = Date.UTC(2030, 0, 1, 13);
    const principal = ({ sub }: { sub: string }): Principal => ({
      id: sub,
      roles: [],
      grants: [{ permission: 'post:list', until }],
    });
    const { send, made } = await routed(route({ access: 'post:list' }), { principal });
    expect((await send('eve', 'user')).status).toBe(200);
    made.clock = until - 1;
    expect((await send('eve', 'user')).status).toBe(200);
    made.clock = until;
    expect((await send('eve', 'user')).status).toBe(403);
  });
});

describe('writes', () => {
  const body = v.strictObject({ title: v.optional(v.string()), pinned: v.optional(v.boolean()) });
  it('refuses a body with a field that the principal may not write, whole', async () => {
    const { send, trail } = await routed(route({ access: 'signed-in', body, writes: 'post' }));
    expect((await send('ann', 'user', { body: { title: 'a' } })).status).toBe(200);
    expect((await send('root', 'admin', { body: { title: 'a', pinned: true } })).status).toBe(200);
    const { status, problem } = await send('ann', 'user', { body: { title: 'a', pinned: true } });
    expect([status, problem.code]).toEqual([403, 'FIELD_FORBIDDEN']);
    expect(problem.errors).toEqual([
      { path: '/pinned', code: 'forbidden', message: 'This principal may not write this.' },
    ]);
    expect(refusals(trail)).toEqual([
      { actor: 'ann', reason: 'field_forbidden', resource: 'post', fields: 'pinned' },
    ]);
  });

  it('asks about the loaded resource, after ownership', async () => {
    const policy = createPolicy({
      resources: { post: ['update', 'pin'] },
      conditions: { owner: ownedBy('authorId') },
      roles: { user: { grants: ['post:update', { permission: 'post:pin', when: 'owner' }] } },
      writable: { post: { pinned: 'post:pin' } },
    });
    const { send } = await routed(route({ access: 'post:update', ...load, body, writes: 'post' }), {
      policy,
    });
    expect((await send('ann', 'user', { body: { pinned: true } })).status).toBe(200);
    expect((await send('bob', 'user', { body: { pinned: true } })).problem.code).toBe('FIELD_FORBIDDEN');
    expect((await send('bob', 'user', { body: { pinned: true }, post: 'p2' })).status).toBe(404);
  });

  it.each<[string, Partial<RouteSecurity>]>([
    ['a resource without writable fields', { body, writes: 'vault' }],
    ['no body', { writes: 'post' }],
    ['a public route', { access: 'public', body, writes: 'post' }],
  ])('is refused with %s', async (_title, security) => {
    const { shield } = await world({ policy: build() });
    expect(() => shield.declare({ access: 'signed-in', ...security })).toThrow(/route\.writes/);
  });
});

describe('relations', () => {
  it('are loaded once the resource is, together', async () => {
    const calls: (readonly string[])[] = [];
    const memberOf: FactLoader = async (ids) => {
      calls.push([...ids]);
      return new Map([['ann', ['red']]]);
    };
    const policy = build();
    const { send } = await routed(route({ access: ['team:join', 'post:update'], ...load }), {
      policy,
      facts: () => withFacts(policy, { memberOf }),
    });
    expect((await send('ann', 'user')).status).toBe(200);
    expect((await send('bob', 'user')).status).toBe(404);
    expect(calls).toEqual([['ann'], ['bob']]);
  });
  it('deny where they are not loaded', async () => {
    const { send } = await routed(route({ access: 'team:join', ...load }));
    expect((await send('ann', 'user')).status).toBe(404);
  });
});

describe('who acts for somebody', () => {
  const principal = ({ sub }: { sub: string }): Principal => ({
    id: sub,
    roles: ['admin'],
    actingFor: { id: 'ann', roles: ['user'] },
  });
  it('may do what both may, and is in the trail with whom it acts for', async () => {
    const updated = await routed(route({ access: 'post:update', ...load, audit: 'sensitive_read' }), {
      principal,
    });
    expect((await updated.send('sue', '')).status).toBe(200);
    const pinned = await routed(route({ access: 'post:pin', ...load }), { principal });
    expect((await pinned.send('sue', '')).status).toBe(403);
    expect(
      [...updated.trail, ...pinned.trail].map(({ actor, details }) => [actor, details?.actingFor]),
    ).toEqual([
      ['sue', 'ann'],
      ['sue', 'ann'],
    ]);
  });
});

describe('a token with scopes', () => {
  it('makes a principal that may do no more than they say', () => {
    const claims = { sub: 'ann', sid: 's', scope: 'post:read post:list' } as AccessClaims;
    const verifier = { verify: () => ({ ok: true, claims }) } as unknown as TokenVerifier;
    const exchange = {
      request: { header: () => 'Bearer x', values: () => ['Bearer x'] },
      principal: undefined,
    } as unknown as Exchange;
    authenticate({ verifier }).enter(exchange);
    expect(exchange.principal).toEqual({
      id: 'ann',
      roles: [],
      session: 's',
      scopes: ['post:read', 'post:list'],
    });
  });
});

describe('a live policy', () => {
  it('that is replaced is felt by tokens that were issued before', async () => {
    const live = livePolicy(build(['post:read']));
    const made = await world({ policy: live });
    const handler = secapi(made.shield).protect(route({ access: 'post:read' }), () => ({}));
    const headers = { authorization: await made.bearer('ann', 'user') };
    const status = async () => (await handler(request('/x', { headers }), local)).status;
    expect(await status()).toBe(200);
    live.replace(build());
    expect(await status()).toBe(403);
    live.replace(build(['post:read']));
    expect(await status()).toBe(200);
  });
});
