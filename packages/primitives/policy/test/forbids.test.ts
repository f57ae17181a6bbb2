import { describe, expect, it } from 'vitest';
import { where } from '../src/conditions.js';
import { createPolicy, ownedBy } from '../src/index.js';

const errors: unknown[] = [];
const policy = createPolicy({
  resources: { post: ['read', 'update', 'delete'], payment: ['approve'] },
  conditions: {
    owner: ownedBy('authorId'),
    locked: where({ field: 'locked', equals: true }),
    drafts: where({ field: 'published', equals: false }),
    broken: { principal: () => 'yes' as unknown as boolean },
  },
  roles: {
    user: { grants: ['post:read', { permission: 'post:update', when: ['owner', 'drafts'] }] },
    clerk: {
      grants: ['payment:approve'],
      forbids: [{ permission: 'payment:approve', when: 'owner' }],
    },
    suspended: { forbids: ['post:*'] },
    admin: { inherits: ['user'], grants: ['post:*', 'payment:*'] },
    paused: { inherits: ['admin', 'suspended'] },
    odd: { grants: ['post:read'], forbids: [{ permission: 'post:read', when: 'broken' }] },
  },
  forbids: [{ permission: 'post:delete', when: 'locked' }],
  onConditionError: (error) => errors.push(error),
});
const as = (...roles: string[]) => ({ id: 'ada', roles });
const post = { authorId: 'ada', locked: false, published: false };

describe('what is forbidden', () => {
  it('wins over every grant, whichever role it comes from', () => {
    expect(policy.decide(as('user'), 'post:read', post).allowed).toBe(true);
    expect(policy.decide(as('user', 'suspended'), 'post:read', post)).toEqual({
      allowed: false,
      permission: 'post:read',
      reason: 'forbidden',
      role: 'suspended',
      rules: ['roles.suspended.forbids[0]'],
      conceal: true,
    });
    expect(policy.decide(as('suspended', 'admin'), 'post:read', post).reason).toBe('forbidden');
    expect(policy.decide(as('suspended', 'admin'), 'payment:approve', post).allowed).toBe(true);
  });

  it('is inherited like a grant', () => {
    expect(policy.decide(as('paused'), 'post:update', post)).toMatchObject({
      reason: 'forbidden',
      role: 'paused',
      rules: ['roles.suspended.forbids[0]'],
    });
  });

  it('holds for everybody where the policy itself says it', () => {
    expect(policy.decide(as('admin'), 'post:delete', post).allowed).toBe(true);
    expect(policy.decide(as('admin'), 'post:delete', { ...post, locked: true })).toMatchObject({
      reason: 'forbidden',
      condition: 'locked',
      rules: ['forbids[0]'],
    });
  });

  it('keeps duties apart: who approves a payment is not who made it', () => {
    expect(policy.decide(as('clerk'), 'payment:approve', { authorId: 'bob' }).allowed).toBe(true);
    expect(policy.decide(as('clerk'), 'payment:approve', { authorId: 'ada' }).reason).toBe('forbidden');
  });

  it('is not lost when its condition can not be answered', () => {
    expect(policy.decide(as('admin'), 'post:delete')).toMatchObject({
      allowed: false,
      reason: 'resource_missing',
      rules: ['forbids[0]'],
    });
    expect(policy.decide(as('admin'), 'post:delete', { authorId: 'ada' }).reason).toBe('condition_error');
    expect(policy.decide(as('odd'), 'post:read', post).reason).toBe('condition_error');
    expect(errors.map(String).join('\n')).toContain('the resource has no member locked of its own');
  });

  it('leaves it open before there is a resource', () => {
    expect(policy.allowsSome(as('admin'), 'post:delete')).toMatchObject({
      allowed: true,
      reason: 'conditional',
    });
    expect(policy.allowsSome(as('admin', 'suspended'), 'post:delete').reason).toBe('forbidden');
  });
});

describe('several conditions of one rule', () => {
  it('must all hold', () => {
    expect(policy.decide(as('user'), 'post:update', post)).toMatchObject({
      allowed: true,
      condition: 'owner+drafts',
    });
    for (const other of [
      { ...post, authorId: 'bob' },
      { ...post, published: true },
    ]) {
      expect(policy.decide(as('user'), 'post:update', other).reason).toBe('condition_failed');
    }
  });
});
