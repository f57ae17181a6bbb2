import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { fieldRules } from '../src/fields.js';
import { createPolicy, ownedBy, type PolicyPrincipal } from '../src/index.js';

const base = {
  resources: { post: ['update'], user: ['read'] },
  conditions: { owner: ownedBy('authorId') },
  roles: { user: {}, editor: { inherits: ['user'] }, admin: { inherits: ['editor'] } },
} as const;

const policy = createPolicy({
  ...base,
  fields: fieldRules({
    post: {
      read: { user: ['id', 'title', { fields: ['draft', 'title'], when: 'owner' }], admin: ['address'] },
      write: { user: [{ fields: ['title', 'html'], when: 'owner' }], editor: ['title'], admin: ['pinned'] },
    },
  }),
});
const ada = { id: 'ada', roles: ['user'] };
const hers = { authorId: 'ada' };
const others = { authorId: 'bob' };

describe('fields', () => {
  it('are readable and writable by role, with those that are inherited', () => {
    expect(policy.readable(ada, 'post')).toEqual(['id', 'title']);
    expect(policy.readable({ id: 'root', roles: ['admin'] }, 'post')).toEqual(['address', 'id', 'title']);
    expect(policy.writable({ id: 'ed', roles: ['editor'] }, 'post', others)).toEqual(['title']);
    expect(policy.writable({ id: 'x', roles: ['editor', 'admin'] }, 'post', others)).toEqual([
      'title',
      'pinned',
    ]);
  });

  it('with a condition count for a resource for which it holds', () => {
    expect(policy.readable(ada, 'post', hers)).toEqual(['id', 'title', 'draft']);
    expect(policy.readable(ada, 'post', others)).toEqual(['id', 'title']);
    expect(policy.writable(ada, 'post', hers)).toEqual(['title', 'html']);
    expect(policy.writable(ada, 'post', others)).toEqual([]);
    expect(policy.writable(ada, 'post')).toEqual([]);
  });

  it('are none for a resource, role or principal that no rule names', () => {
    expect(policy.readable(ada, 'user')).toEqual([]);
    expect(policy.readable(ada, 'constructor')).toEqual([]);
    expect(policy.readable({ id: 'x', roles: ['toString'] }, 'post')).toEqual([]);
    expect(policy.readable({ roles: ['admin'] } as unknown as PolicyPrincipal, 'post')).toEqual([]);
    expect(createPolicy(base).readable(ada, 'post')).toEqual([]);
  });

  it('are those of both when somebody acts for another', () => {
    const acting = { id: 'root', roles: ['admin'], actingFor: ada };
    expect(policy.readable(acting, 'post')).toEqual(['id', 'title']);
    const nested = { id: 'root', roles: ['admin'], actingFor: acting };
    expect(policy.readable(nested, 'post')).toEqual([]);
    expect(policy.readable({ ...acting, actingFor: null as never }, 'post')).toEqual([]);
  });

  it("are none of another tenant's resource", () => {
    const tenants = createPolicy({
      ...base,
      tenant: {},
      fields: fieldRules({ post: { read: { user: ['id'] } } }),
    });
    const member = { ...ada, tenant: 'acme' };
    expect(tenants.readable(member, 'post', { tenantId: 'acme' })).toEqual(['id']);
    expect(tenants.readable(member, 'post', { tenantId: 'globex' })).toEqual([]);
    expect(tenants.readable(ada, 'post', { tenantId: 'acme' })).toEqual([]);
  });

  it('can not be changed by who is given them', () => {
    expect(Object.isFrozen(policy.readable(ada, 'post', hers))).toBe(true);
    expect(Object.isFrozen(policy.readable(ada, 'post'))).toBe(true);
  });
});

describe('rules about fields are refused', () => {
  it.each<[string, unknown, RegExp]>([
    ['for an unknown resource', { pots: {} }, /policy\.fields\.pots is not a declared resource/],
    ['for an unknown use', { post: { delete: {} } }, /policy\.fields\.post\.delete is not an option/],
    [
      'for an unknown role',
      { post: { read: { usr: [] } } },
      /fields\.post\.read\.usr is not a declared role/,
    ],
    ['for an inherited name', { post: { read: { user: ['__proto__'] } } }, /user\[0\] is not the name/],
    [
      'for an unknown condition',
      { post: { read: { user: [{ fields: ['a'], when: 'ownr' }] } } },
      /fields\.post\.read\.user\[0\]\.when is not a declared condition/,
    ],
    ['that are no lists', { post: { read: { user: 'id' } } }, /read\.user is not a list/],
  ])('%s', (_title, rules, message) => {
    const construct = () => createPolicy({ ...base, fields: fieldRules(rules as never) });
    expect(construct).toThrow(message);
    expect(construct).toThrow(ConfigError);
  });

  it('that fieldRules did not make', () => {
    expect(() => createPolicy({ ...base, fields: { post: {} } as never })).toThrow(/pass fieldRules/);
  });

  it('by their types as well', () => {
    const wrong = () =>
      createPolicy({
        ...base,
        // @ts-expect-error no declared condition
        fields: fieldRules({ post: { read: { user: [{ fields: ['a'], when: 'ownr' }] } } }),
      });
    expect(wrong).toThrow(ConfigError);
  });
});
