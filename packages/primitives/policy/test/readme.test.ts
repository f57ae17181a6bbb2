import { expect, it } from 'vitest';
import { related } from '../src/conditions.js';
import { withFacts } from '../src/facts.js';
import { filterOf } from '../src/filters.js';
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
    rules: ['roles.user.grants[1]'],
  });
  expect(policy.decide(ada, 'post:update', { authorId: 'bob' })).toMatchObject({
    reason: 'condition_failed',
  });
  expect(policy.decide(ada, 'audit:read')).toMatchObject({ allowed: false, reason: 'no_grant' });
});

it("the README's list and relation hold", async () => {
  const policy = createPolicy({
    resources: { post: ['read'], document: ['read'] },
    conditions: { owner: ownedBy('authorId'), member: related('memberOf', { field: 'teamId' }) },
    roles: {
      user: {
        grants: [
          { permission: 'post:read', when: 'owner' },
          { permission: 'document:read', when: 'member' },
        ],
      },
    },
  });
  const ada = { id: 'ada', roles: ['user'] };
  expect(filterOf(policy, ada, 'post:read')).toEqual({ field: 'authorId', equals: 'ada' });
  const asked = withFacts(policy, { memberOf: (ids) => new Map(ids.map((id) => [id, ['red']])) });
  expect((await asked.decide(ada, 'document:read', { teamId: 'red' })).allowed).toBe(true);
});
