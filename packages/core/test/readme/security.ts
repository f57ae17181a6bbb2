// security.ts
import { createShield, recommended } from '@secapi/core';
import { createPolicy, ownedBy } from '@secapi/policy';
import { createKeyRing, generateKey } from '@secapi/tokens';

export const keys = await createKeyRing({ keys: [await generateKey()] }); // yours come from a file or a vault
const policy = createPolicy({
  resources: { post: ['create', 'delete'] },
  conditions: { owner: ownedBy('authorId') },
  roles: { user: { grants: ['post:create', { permission: 'post:delete', when: 'owner' }] } },
});
export const shield = createShield(
  recommended({
    origins: ['https://app.example'],
    tokens: { keys, issuer: 'https://api.example', audience: 'https://api.example' },
    policy,
    principal: ({ sub }) => ({ id: sub, roles: ['user'] }),
  }),
);
