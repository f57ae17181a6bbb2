import { describe, expect, it } from 'vitest';
import { createPolicy, ownedBy, type PolicyPrincipal } from '../src/index.js';

interface Member extends PolicyPrincipal {
  readonly tenant?: unknown;
}

const policy = createPolicy({
  resources: { post: ['create', 'read', 'delete'], status: ['read'] },
  conditions: { owner: ownedBy('authorId') },
  roles: {
    admin: { grants: ['post:*', 'status:*'] },
    user: { grants: ['post:read', { permission: 'post:delete', when: 'owner' }] },
  },
  tenant: { of: ['post'], withoutResource: ['post:create'] },
});
const ada: Member = { id: 'ada', roles: ['admin'], tenant: 'acme' };
const ours = { tenantId: 'acme', authorId: 'ada' };

describe('tenants', () => {
  it('deny what is of another tenant or of none, whatever the roles say', () => {
    expect(policy.decide(ada, 'post:delete', ours).allowed).toBe(true);
    for (const other of [
      { tenantId: 'globex' },
      {},
      { tenantId: '' },
      { tenantId: null },
      { tenantId: ['acme'] },
      Object.create(ours),
      'acme',
    ]) {
      expect(policy.decide(ada, 'post:delete', other)).toEqual({
        allowed: false,
        permission: 'post:delete',
        reason: 'other_tenant',
        rules: ['tenant'],
        conceal: true,
      });
    }
  });

  it.each([undefined, '', null, 7, ['acme']])('deny a principal whose tenant is %j', (tenant) => {
    const stray: Member = { ...ada, tenant };
    expect(policy.decide(stray, 'post:delete', { tenantId: tenant }).reason).toBe('other_tenant');
    expect(policy.decide(stray, 'post:create').reason).toBe('other_tenant');
  });

  it('deny without a resource, but for permissions that are asked for before there is one', () => {
    expect(policy.decide(ada, 'post:delete').reason).toBe('resource_missing');
    expect(policy.decide(ada, 'post:create').allowed).toBe(true);
    expect(policy.decide(ada, 'post:create', { tenantId: 'globex' }).reason).toBe('other_tenant');
    expect(policy.decide({ id: 'bob', roles: [], tenant: 'acme' } as Member, 'post:delete').reason).toBe(
      'no_grant',
    );
  });

  it('leave it open before there is a resource', () => {
    expect(policy.allowsSome(ada, 'post:delete').reason).toBe('conditional');
    expect(policy.allowsSome({ ...ada, tenant: undefined } as Member, 'post:delete').reason).toBe(
      'other_tenant',
    );
  });

  it('are nothing to resources that belong to none', () => {
    expect(policy.decide({ id: 'ada', roles: ['admin'] }, 'status:read').allowed).toBe(true);
  });
});

describe('a role in one tenant', () => {
  const consultant = (tenant: string): Member => ({
    id: 'eve',
    roles: ['user', { role: 'admin', tenant: 'acme' }],
    tenant,
  });
  it('counts in that tenant alone', () => {
    expect(policy.decide(consultant('acme'), 'post:delete', ours)).toMatchObject({
      allowed: true,
      role: 'admin',
    });
    const theirs = { tenantId: 'globex', authorId: 'bob' };
    expect(policy.decide(consultant('globex'), 'post:delete', theirs).reason).toBe('condition_failed');
    expect(policy.decide(consultant('globex'), 'post:read', theirs).role).toBe('user');
  });
  it('counts for nothing where resources belong to no tenant', () => {
    expect(policy.decide(consultant('acme'), 'status:read').reason).toBe('no_grant');
  });
  it.each([null, {}, { role: 'admin' }, { tenant: 'acme' }, { role: 7, tenant: 'acme' }, ['admin']])(
    '%j is none',
    (role) => {
      const eve = { id: 'eve', roles: [role], tenant: 'acme' } as unknown as Member;
      expect(policy.decide(eve, 'post:delete', ours).reason).toBe('no_grant');
    },
  );
});
