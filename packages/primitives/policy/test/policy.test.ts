import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPolicy, ownedBy, type PolicyPrincipal } from '../src/index.js';

interface Post {
  readonly authorId: string;
  readonly locked?: boolean;
}

const build = () =>
  createPolicy({
    resources: {
      post: ['create', 'update', 'delete', 'moderate'],
      user: ['read', 'grant'],
      audit: ['read'],
    },
    conditions: {
      owner: ownedBy('authorId'),
      unlocked: (_principal, post: Post) => post.locked === false,
      staff: { principal: (principal) => principal.id.startsWith('staff-') },
    },
    roles: {
      user: {
        grants: [
          'post:create',
          { permission: 'post:update', when: 'owner' },
          { permission: 'post:delete', when: 'owner' },
        ],
      },
      editor: { inherits: ['user'], grants: [{ permission: 'post:update', when: 'unlocked' }] },
      clerk: { grants: [{ permission: 'user:read', when: 'staff' }] },
      admin: { inherits: ['editor'], grants: ['post:*', 'user:*', 'audit:read'] },
      guest: {},
    },
  });

const policy = build();
const ada = { id: 'ada', roles: ['user'] };
const hers = { authorId: 'ada' };
const others = { authorId: 'bob' };

describe('a policy', () => {
  it('grants what a role grants, and says which role it was', () => {
    expect(policy.decide(ada, 'post:create')).toEqual({
      allowed: true,
      permission: 'post:create',
      reason: 'granted',
      role: 'user',
      rules: ['roles.user.grants[0]'],
    });
  });

  it('denies what no role grants', () => {
    expect(policy.decide(ada, 'post:moderate')).toEqual({
      allowed: false,
      permission: 'post:moderate',
      reason: 'no_grant',
    });
    expect(policy.decide({ id: 'x', roles: [] }, 'post:create').reason).toBe('no_grant');
    expect(policy.decide({ id: 'x', roles: ['guest'] }, 'post:create').reason).toBe('no_grant');
  });

  it("lets an owner update her own post and nobody else's", () => {
    expect(policy.decide(ada, 'post:update', hers)).toEqual({
      allowed: true,
      permission: 'post:update',
      reason: 'granted',
      role: 'user',
      condition: 'owner',
      rules: ['roles.user.grants[1]'],
    });
    expect(policy.decide(ada, 'post:update', others)).toMatchObject({
      allowed: false,
      reason: 'condition_failed',
      condition: 'owner',
    });
  });

  it('needs no condition where another grant is unconditional', () => {
    expect(policy.decide({ id: 'root', roles: ['user', 'admin'] }, 'post:update', others)).toEqual({
      allowed: true,
      permission: 'post:update',
      reason: 'granted',
      role: 'admin',
      rules: ['roles.admin.grants[0]'],
    });
  });

  it('adds conditions up: any that passes is enough', () => {
    const eve = { id: 'eve', roles: ['editor'] };
    expect(policy.decide(eve, 'post:update', { authorId: 'bob', locked: false }).condition).toBe('unlocked');
    expect(policy.decide(eve, 'post:update', { authorId: 'eve', locked: true }).condition).toBe('owner');
    expect(policy.decide(eve, 'post:update', { authorId: 'bob', locked: true }).allowed).toBe(false);
  });

  it('expands resource:* only where it is written, and to declared actions only', () => {
    const admin = { id: 'root', roles: ['admin'] };
    for (const permission of policy.permissions) {
      expect(policy.decide(admin, permission as 'post:create', others).allowed).toBe(true);
    }
    expect(policy.permissions.has('post:*')).toBe(false);
    // @ts-expect-error a wildcard is no permission that can be asked for
    expect(policy.decide(admin, 'post:*').reason).toBe('unknown_permission');
  });

  it('never passes a condition on a resource without a resource', () => {
    expect(policy.decide(ada, 'post:update')).toMatchObject({ allowed: false, reason: 'resource_missing' });
    expect(policy.decide(ada, 'post:update', null)).toMatchObject({
      allowed: false,
      reason: 'resource_missing',
    });
  });

  it('decides a condition on the principal without a resource', () => {
    expect(policy.decide({ id: 'staff-1', roles: ['clerk'] }, 'user:read').allowed).toBe(true);
    expect(policy.decide({ id: 'other-1', roles: ['clerk'] }, 'user:read').reason).toBe('condition_failed');
    expect(policy.allowsSome({ id: 'other-1', roles: ['clerk'] }, 'user:read').allowed).toBe(false);
  });

  it('says before there is a resource whether some could be allowed', () => {
    expect(policy.allowsSome(ada, 'post:create').reason).toBe('granted');
    expect(policy.allowsSome(ada, 'post:update')).toEqual({
      allowed: true,
      permission: 'post:update',
      reason: 'conditional',
      role: 'user',
      condition: 'owner',
      rules: ['roles.user.grants[1]'],
    });
    expect(policy.allowsSome(ada, 'user:grant')).toMatchObject({ allowed: false, reason: 'no_grant' });
  });

  it('freezes its decisions', () => {
    for (const decided of [
      policy.decide(ada, 'post:create'),
      policy.decide(ada, 'post:update', others),
      policy.decide(ada, 'nothing:here' as 'post:create'),
    ]) {
      expect(Object.isFrozen(decided)).toBe(true);
    }
    expect(Object.isFrozen(policy)).toBe(true);
  });

  it('is not changed by what its options become later', () => {
    const grants = ['post:create' as const];
    const frozen = createPolicy({ resources: { post: ['create', 'delete'] }, roles: { user: { grants } } });
    (grants as string[]).push('post:delete');
    expect(frozen.decide(ada, 'post:delete').allowed).toBe(false);
    (frozen.roles as Set<string>).add('root');
    expect(frozen.decide({ id: 'x', roles: ['root'] }, 'post:create').allowed).toBe(false);
  });
});

describe('inherited names', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'toString.call', 'hasOwnProperty', ''];

  it.each(names)('%j as a role is unknown and denies', (name) => {
    for (const permission of policy.permissions) {
      const decided = policy.decide({ id: 'x', roles: [name] }, permission as 'post:create', others);
      expect(decided).toMatchObject({ allowed: false, reason: 'no_grant' });
    }
  });

  it.each(names)('%j as a permission is unknown and denies', (name) => {
    const admin = { id: 'root', roles: ['admin'] };
    expect(policy.decide(admin, name as 'post:create').reason).toBe('unknown_permission');
    expect(policy.decide(admin, `post:${name}` as 'post:create').reason).toBe('unknown_permission');
    expect(policy.allowsSome(admin, name as 'post:create').allowed).toBe(false);
  });

  it('denies any role and permission that was not declared, and leaves Object.prototype alone', () => {
    const before = Reflect.ownKeys(Object.prototype).length;
    fc.assert(
      fc.property(fc.string(), fc.string(), (role, permission) => {
        fc.pre(!policy.roles.has(role) && !policy.permissions.has(permission));
        expect(policy.decide({ id: 'x', roles: [role] }, 'post:create').allowed).toBe(false);
        expect(
          policy.decide({ id: 'x', roles: ['admin'] }, permission as 'post:create', { [role]: permission })
            .allowed,
        ).toBe(false);
      }),
    );
    expect(Reflect.ownKeys(Object.prototype).length).toBe(before);
  });
});

describe('a principal that is none', () => {
  it.each([
    undefined,
    null,
    {},
    { id: '', roles: ['admin'] },
    { id: 7, roles: ['admin'] },
    { id: 'x' },
    { id: 'x', roles: 'admin' },
    { id: 'x', roles: { 0: 'admin', length: 1 } },
  ])('%j is denied, not thrown at', (principal) => {
    const decided = policy.decide(principal as PolicyPrincipal, 'post:create');
    expect(decided).toMatchObject({ allowed: false, reason: 'invalid_principal' });
  });
});

describe('a condition that does not answer', () => {
  const withCondition = (
    test: (principal: PolicyPrincipal, resource: unknown) => unknown,
    seen: unknown[] = [],
  ) =>
    createPolicy({
      resources: { post: ['update'] },
      conditions: { odd: test as () => boolean, owner: ownedBy('authorId') },
      roles: {
        odd: { grants: [{ permission: 'post:update', when: 'odd' }] },
        user: { grants: [{ permission: 'post:update', when: 'owner' }] },
      },
      onConditionError: (error, failure) => {
        seen.push([error, failure]);
        throw new Error('and the listener throws as well');
      },
    });
  const odd = { id: 'ada', roles: ['odd'] };

  it('denies when it throws, and tells the developer', () => {
    const seen: unknown[] = [];
    const boom = new Error('boom');
    const decided = withCondition(() => {
      throw boom;
    }, seen).decide(odd, 'post:update', hers);
    expect(decided).toEqual({
      allowed: false,
      permission: 'post:update',
      reason: 'condition_error',
      role: 'odd',
      condition: 'odd',
      rules: ['roles.odd.grants[0]'],
      conceal: true,
    });
    expect(seen).toEqual([[boom, { permission: 'post:update', role: 'odd', condition: 'odd' }]]);
  });

  it.each([
    ['a promise of true', () => Promise.resolve(true)],
    ['a promise that rejects', () => Promise.reject(new Error('unheard'))],
    ['1', () => 1],
    ["'yes'", () => 'yes'],
    ['an object', () => ({})],
    ['nothing', () => undefined],
  ])('denies when it returns %s', async (_title, test) => {
    expect(withCondition(test).decide(odd, 'post:update', hers).reason).toBe('condition_error');
    await Promise.resolve();
  });

  it('leaves another grant its say', () => {
    const decided = withCondition(() => {
      throw new Error('boom');
    }).decide({ id: 'ada', roles: ['odd', 'user'] }, 'post:update', hers);
    expect(decided).toMatchObject({ allowed: true, condition: 'owner' });
  });
});

describe('ownedBy', () => {
  const errors: unknown[] = [];
  const owned = createPolicy({
    resources: { post: ['update'] },
    conditions: { owner: ownedBy('authorId') },
    roles: { user: { grants: [{ permission: 'post:update', when: 'owner' }] } },
    onConditionError: (error) => errors.push(error),
  });
  it.each([
    ['ada', { authorId: 'ada' }, 'granted'],
    ['ada', { authorId: 'bob' }, 'condition_failed'],
    ['ada', { authorId: null }, 'condition_failed'],
    ['1', { authorId: 1 }, 'condition_failed'],
    ['ada', {}, 'condition_error'],
    ['ada', { authorId: undefined }, 'condition_error'],
    ['ada', Object.create({ authorId: 'ada' }), 'condition_error'],
    ['ada', 'ada', 'condition_error'],
    ['ada', undefined, 'resource_missing'],
  ])('%j and %j: %s', (id, resource, reason) => {
    expect(owned.decide({ id, roles: ['user'] }, 'post:update', resource).reason).toBe(reason);
  });
  it('tells the developer which member the resource lacks', () => {
    errors.length = 0;
    owned.decide(ada, 'post:update', {});
    expect(String(errors[0])).toContain('the resource has no member authorId of its own');
  });
});
