import { expect, it } from 'vitest';
import { createPolicy, ownedBy } from '../src/index.js';

it("the README's example holds", () => {
  const policy = createPolicy({
    resources: { post: ['create', 'update', 'moderate'], audit: ['read'] },
    conditions: { owner: ownedBy('authorId') },
    roles: {
      user: { grants: ['post:create', { permission: 'post:update', when: 'owner' }] },
      admin: { inherits: ['user'], grants: ['post:*', 'audit:read'] },
    },
  });
  const ada = { id: 'ada', roles: ['user'] };
  expect(policy.decide(ada, 'post:update', { authorId: 'ada' })).toMatchObject({
    allowed: true,
    condition: 'owner',
  });
  expect(policy.decide(ada, 'post:update', { authorId: 'bob' })).toMatchObject({
    reason: 'condition_failed',
  });
  expect(policy.decide(ada, 'audit:read')).toMatchObject({ allowed: false, reason: 'no_grant' });
});
