import { afterEach, describe, expect, it } from 'vitest';
import { createPolicy, ownedBy, type PolicyPrincipal } from '../src/index.js';

const policy = createPolicy({
  resources: { post: ['create', 'read', 'delete'], audit: ['read'] },
  conditions: { owner: ownedBy('authorId') },
  roles: {
    user: { grants: ['post:create', 'post:read', { permission: 'post:delete', when: 'owner' }] },
    support: { grants: ['post:read', 'post:delete', 'audit:read'] },
    banned: { forbids: ['post:*'] },
  },
});
const ada = { id: 'ada', roles: ['user'] };
const at = (now: number) => ({ now });

describe('a grant of a principal itself', () => {
  const holder = (grant: object, roles: string[] = []): PolicyPrincipal =>
    ({ id: 'bob', roles, grants: [{ permission: 'audit:read', ...grant }] }) as PolicyPrincipal;

  it('holds, and is named', () => {
    expect(policy.decide(holder({}), 'audit:read')).toEqual({
      allowed: true,
      permission: 'audit:read',
      reason: 'granted',
      rules: ['principal.grants[0]'],
    });
    expect(policy.decide(holder({}), 'post:read').reason).toBe('no_grant');
  });

  it('holds for its one resource', () => {
    const one = holder({ resource: 'r1' });
    expect(policy.decide(one, 'audit:read', { id: 'r1' }).allowed).toBe(true);
    expect(policy.decide(one, 'audit:read', { id: 'r2' }).reason).toBe('condition_failed');
    expect(policy.decide(one, 'audit:read').reason).toBe('resource_missing');
    expect(policy.allowsSome(one, 'audit:read').reason).toBe('conditional');
    expect(policy.decide(holder({ resource: '' }), 'audit:read', { id: '' }).allowed).toBe(false);
    expect(policy.decide(holder({ resource: null }), 'audit:read', { id: null }).allowed).toBe(false);
  });

  it('holds from its beginning until its end, by the clock in the context', () => {
    const timed = holder({ from: 1_000, until: 2_000 });
    const reasons = [999, 1_000, 1_999, 2_000, Number.NaN].map(
      (now) => policy.decide(timed, 'audit:read', undefined, at(now)).reason,
    );
    expect(reasons).toEqual(['not_in_force', 'granted', 'granted', 'not_in_force', 'not_in_force']);
    expect(policy.decide(timed, 'audit:read').reason).toBe('context_missing');
    expect(policy.decide(timed, 'audit:read', undefined, {}).reason).toBe('context_missing');
  });

  it.each([{ until: null }, { until: '2000' }, { from: '0' }, { until: Number.NaN }])(
    'with %j is in force at no time',
    (times) => {
      expect(policy.decide(holder(times), 'audit:read', undefined, at(1)).reason).toBe('not_in_force');
    },
  );

  it('is no wildcard, and loses to what is forbidden', () => {
    const wild = { id: 'bob', roles: [], grants: [{ permission: 'post:*' }] };
    expect(policy.decide(wild, 'post:read').reason).toBe('no_grant');
    const banned = { id: 'bob', roles: ['banned'], grants: [{ permission: 'post:read' }] };
    expect(policy.decide(banned, 'post:read').reason).toBe('forbidden');
  });

  describe('that every object inherited', () => {
    afterEach(() => {
      delete (Object.prototype as { grants?: unknown }).grants;
    });
    it('grants nothing', () => {
      (Object.prototype as { grants?: unknown }).grants = [{ permission: 'audit:read' }];
      expect(policy.decide({ id: 'bob', roles: [] }, 'audit:read').reason).toBe('no_grant');
    });
  });
});

describe('scopes', () => {
  const key = (scopes: unknown) => ({ ...ada, scopes }) as PolicyPrincipal;
  it('bound what the roles grant', () => {
    expect(policy.decide(key(['post:read']), 'post:read').allowed).toBe(true);
    expect(policy.decide(key(['post:*']), 'post:create').allowed).toBe(true);
    expect(policy.decide(key(['post:read']), 'post:create')).toMatchObject({
      reason: 'out_of_scope',
      rules: ['scopes'],
    });
  });
  it('grant nothing themselves', () => {
    expect(policy.decide(key(['audit:read']), 'audit:read').reason).toBe('no_grant');
    expect(policy.decide(key(['post:delete']), 'post:delete', { authorId: 'bob' }).allowed).toBe(false);
  });
  it.each([[[]], ['post:read'], [null], [{ includes: () => true }], [['*']], [['post']]])(
    '%j are good for nothing',
    (scopes) => {
      expect(policy.decide(key(scopes), 'post:read').reason).toBe('out_of_scope');
      expect(policy.allowsSome(key(scopes), 'post:read').allowed).toBe(false);
    },
  );
});

describe('acting for somebody', () => {
  const helper = { id: 'sue', roles: ['support'], actingFor: ada };
  const hers = { authorId: 'ada' };

  it('allows what both may do, and names both', () => {
    expect(policy.decide(helper, 'post:delete', hers)).toEqual({
      allowed: true,
      permission: 'post:delete',
      reason: 'granted',
      role: 'user',
      condition: 'owner',
      rules: ['roles.user.grants[2]', 'roles.support.grants[1]'],
      actor: 'sue',
      actingFor: 'ada',
    });
  });

  it("lends neither the other's rights", () => {
    expect(policy.decide(helper, 'post:create')).toMatchObject({ reason: 'no_grant', actor: 'sue' });
    expect(policy.decide(helper, 'audit:read')).toMatchObject({ reason: 'no_grant', actingFor: 'ada' });
    expect(policy.decide(helper, 'post:delete', { authorId: 'bob' }).reason).toBe('condition_failed');
    const banned = { ...helper, actingFor: { ...ada, roles: ['user', 'banned'] } };
    expect(policy.decide(banned, 'post:read').reason).toBe('forbidden');
    expect(policy.decide({ ...helper, scopes: [] }, 'post:read').reason).toBe('out_of_scope');
  });

  it('stays open before there is a resource', () => {
    expect(policy.allowsSome(helper, 'post:delete')).toMatchObject({ reason: 'conditional', actor: 'sue' });
  });

  it.each([null, {}, { id: '', roles: [] }, { ...ada, actingFor: { id: 'eve', roles: ['user'] } }])(
    '%j is denied',
    (actingFor) => {
      const acting = { ...helper, actingFor } as unknown as PolicyPrincipal;
      expect(policy.decide(acting, 'post:read').reason).toBe('invalid_principal');
    },
  );
});
