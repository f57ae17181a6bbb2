import { AbilityBuilder, createMongoAbility, subject } from '@casl/ability';
import { createPolicy, ownedBy } from '@secapi/policy';
import type { Part } from './part.js';

const member = { id: 'member-0', roles: ['member'] };
const post = { authorId: 'member-0' };

/** Deciding, with a policy of 10 and one of 10,000 rules. */
export function policyParts(): Part[] {
  return [10, 10_000].flatMap((rules) => {
    const policy = policyOf(rules);
    const ability = abilityOf(rules);
    const title = `${rules.toLocaleString('en')} rules`;
    const grants = new Map([['member', new Set(['post:read', 'post:create'])]]);
    return [
      {
        title: `a permission, ${title}`,
        contenders: [
          { name: 'CASL', run: () => ability.can('create', 'post') },
          { name: 'secapi', run: () => policy.decide(member, 'post:create') },
          {
            name: 'floor: a map of sets',
            run: () => member.roles.some((role) => grants.get(role)?.has('post:create')),
          },
        ],
      },
      {
        title: `a permission with a condition, ${title}`,
        note: "CASL's ability is made once for the one member; secapi's policy serves all of them.",
        contenders: [
          { name: 'CASL', run: () => ability.can('delete', subject('post', post)) },
          { name: 'secapi', run: () => policy.decide(member, 'post:delete', post) },
          {
            name: 'floor: by hand',
            run: () => member.roles.includes('member') && post.authorId === member.id,
          },
        ],
      },
    ];
  });
}

/** Three permissions that are asked for, and as many of other resources and roles as make the number. */
function policyOf(rules: number) {
  const others = Array.from({ length: rules - 3 }, (_, i) => i);
  return createPolicy({
    resources: {
      post: ['read', 'create', 'delete'],
      ...Object.fromEntries(others.map((i) => [`other-${i}`, ['read']])),
    },
    conditions: { owner: ownedBy('authorId') },
    roles: {
      ...Object.fromEntries(others.map((i) => [`role-${i}`, { grants: [`other-${i}:read`] }])),
      guest: { grants: ['post:read'] },
      member: {
        inherits: ['guest'],
        grants: ['post:create', { permission: 'post:delete', when: 'owner' }],
      },
    },
  });
}

/** What CASL is given is what one member may do: its rules are those of a user, and not of roles. */
function abilityOf(rules: number) {
  const { can, build } = new AbilityBuilder(createMongoAbility);
  for (let i = 0; i < rules - 3; i++) can('read', `other-${i}`);
  can('read', 'post');
  can('create', 'post');
  can('delete', 'post', { authorId: member.id });
  return build();
}
