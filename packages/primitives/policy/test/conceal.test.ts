import { describe, expect, it } from 'vitest';
import { createPolicy } from '../src/index.js';

const policy = createPolicy({
  resources: { post: ['read', 'delete', 'list'], user: ['read'] },
  roles: { nobody: {}, all: { grants: ['post:*'] } },
  conceal: { 'post:list': 'never', 'post:*': 'always' },
});
const bob = { id: 'bob', roles: ['nobody'] };

describe('a denial', () => {
  it('is concealed by default where a resource was asked about', () => {
    expect(policy.decide(bob, 'user:read').conceal).toBeUndefined();
    expect(policy.decide(bob, 'user:read', {}).conceal).toBe(true);
  });
  it('is concealed as the policy says, a permission before its wildcard', () => {
    expect(policy.decide(bob, 'post:read').conceal).toBe(true);
    expect(policy.decide(bob, 'post:list', {}).conceal).toBeUndefined();
    expect(policy.allowsSome(bob, 'post:delete').conceal).toBe(true);
    expect(policy.decide(null as never, 'post:delete').conceal).toBe(true);
  });
  it('alone is: what is allowed conceals nothing', () => {
    expect(policy.decide({ id: 'a', roles: ['all'] }, 'post:read', {}).conceal).toBeUndefined();
  });
});
