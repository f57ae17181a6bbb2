import { createPolicy, ownedBy, type Policy } from '@secapi/policy';

/** Who may do what. Nothing here is decided anywhere else. */
const declared = createPolicy({
  resources: {
    post: ['create', 'update', 'delete', 'moderate'],
    user: ['read', 'grant'],
    audit: ['read'],
    key: ['read', 'rotate'],
    limit: ['read', 'reset'],
  },
  conditions: {
    owner: ownedBy('authorId'),
  },
  readable: {
    post: { id: true, title: true, html: true, authorId: true, createdAt: true, updatedAt: true },
    // Of accounts, their passwords' hashes and all else that is stored are read by nobody.
    user: {
      id: 'user:read',
      email: 'user:read',
      name: 'user:read',
      role: 'user:read',
      emailVerified: 'user:read',
    },
  },
  writable: {
    post: { title: true, html: true },
    user: { role: 'user:grant' },
  },
  roles: {
    user: {
      grants: [
        'post:create',
        { permission: 'post:update', when: 'owner' },
        { permission: 'post:delete', when: 'owner' },
      ],
    },
    admin: { inherits: ['user'], grants: ['post:*', 'user:*', 'audit:*', 'key:*', 'limit:*'] },
  },
});

/** The roles that somebody can have. */
export const roles = ['user', 'admin'] as const;

export const policy = declared satisfies Policy<never>;
