import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createPolicy, ownedBy } from '../src/index.js';

const resources = { post: ['create', 'update'] };
const construct = (options: unknown) => () => createPolicy(options as Parameters<typeof createPolicy>[0]);

describe('createPolicy refuses', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'an unknown option',
      { resources, roles: {}, allowByDefault: true },
      /policy\.allowByDefault is not an option/,
    ],
    ['no resources', { roles: {} }, /policy\.resources is not an object/],
    ['no roles', { resources }, /policy\.roles is not an object/],
    [
      'a resource without actions',
      { resources: { post: [] }, roles: {} },
      /policy\.resources\.post has no action/,
    ],
    ['an action twice', { resources: { post: ['a', 'a'] }, roles: {} }, /names an action twice/],
    ['a name with a colon', { resources: { 'a:b': ['c'] }, roles: {} }, /invalid name/],
    [
      'an action named *',
      { resources: { post: ['*'] }, roles: {} },
      /policy\.resources\.post\[0\] has an invalid name/,
    ],
    ['an inherited name', { resources: { post: ['constructor'] }, roles: {} }, /every object inherits/],
    ['a role named toString', { resources, roles: { toString: {} } }, /every object inherits/],
    ['a hidden __proto__', { resources, roles: { __proto__: { admin: {} } } }, /not a plain object/],
    ['an own __proto__', { resources, roles: JSON.parse('{"__proto__":{}}') }, /invalid name/],
    [
      'an unknown permission',
      { resources, roles: { a: { grants: ['post:destroy'] } } },
      /roles\.a\.grants\[0\] is not a declared permission: use one of policy\.resources \(post:create, post:update\)/,
    ],
    ['an unknown resource', { resources, roles: { a: { grants: ['user:*'] } } }, /not a declared permission/],
    [
      'a wildcard over resources',
      { resources, roles: { a: { grants: ['*:create'] } } },
      /not a declared permission/,
    ],
    ['a bare wildcard', { resources, roles: { a: { grants: ['*'] } } }, /not a declared permission/],
    [
      'three parts',
      { resources, roles: { a: { grants: ['post:create:all'] } } },
      /not a declared permission/,
    ],
    [
      'an unknown condition',
      {
        resources,
        conditions: { owner: ownedBy('authorId') },
        roles: { a: { grants: [{ permission: 'post:update', when: 'ownr' }] } },
      },
      /grants\[0\]\.when is not a declared condition: use one of policy\.conditions \(owner\)/,
    ],
    [
      'a condition named by inheritance',
      { resources, roles: { a: { grants: [{ permission: 'post:update', when: 'toString' }] } } },
      /not a declared condition/,
    ],
    [
      'a grant whose condition is missing',
      { resources, roles: { a: { grants: [{ permission: 'post:update' }] } } },
      /when is not a declared condition/,
    ],
    [
      'a misspelt grant',
      { resources, roles: { a: { grants: [{ permission: 'post:update', if: 'x' }] } } },
      /grants\[0\]\.if is not an option/,
    ],
    [
      'grants that are no list',
      { resources, roles: { a: { grants: 'post:create' } } },
      /roles\.a\.grants is not a list/,
    ],
    [
      'a condition that is no test',
      { resources, conditions: { owner: true }, roles: {} },
      /policy\.conditions\.owner/,
    ],
    [
      'an unknown parent',
      { resources, roles: { a: { inherits: ['b'] } } },
      /policy\.roles\.a\.inherits names b, which is not declared/,
    ],
    ['a role that inherits itself', { resources, roles: { a: { inherits: ['a'] } } }, /circle \(a > a\)/],
    [
      'a circle',
      { resources, roles: { a: { inherits: ['b'] }, b: { inherits: ['c'] }, c: { inherits: ['b'] } } },
      /circle \(b > c > b\)/,
    ],
    [
      'a rule that forbids what is not declared',
      { resources, roles: { a: { forbids: ['post:fly'] } } },
      /policy\.roles\.a\.forbids\[0\] is not a declared permission/,
    ],
    [
      'a forbidden permission of nothing',
      { resources, roles: {}, forbids: ['*'] },
      /policy\.forbids\[0\] is not a declared permission/,
    ],
    [
      'an empty list of conditions',
      { resources, roles: { a: { grants: [{ permission: 'post:create', when: [] }] } } },
      /grants\[0\]\.when is empty/,
    ],
    [
      'a condition of two kinds',
      { resources, conditions: { x: { principal: () => true, context: () => true } }, roles: {} },
      /policy\.conditions\.x has no test/,
    ],
    [
      'a condition as data that nothing has checked',
      { resources, conditions: { x: { field: 'a', equals: 1 } }, roles: {} },
      /policy\.conditions\.x\.field is not an option/,
    ],
    [
      'an unknown tenancy',
      { resources, roles: {}, tenant: { id: 'x' } },
      /policy\.tenant\.id is not an option/,
    ],
    [
      'a tenant of no resource',
      { resources, roles: {}, tenant: { of: ['pots'] } },
      /policy\.tenant\.of\[0\] is not a declared resource/,
    ],
    [
      'an unknown permission that needs no resource',
      { resources, roles: {}, tenant: { withoutResource: ['post:fly'] } },
      /withoutResource\[0\] is not a declared permission/,
    ],
    [
      'a tenant in an inherited member',
      { resources, roles: {}, tenant: { resource: 'constructor' } },
      /policy\.tenant\.resource is not the name of a member/,
    ],
    [
      'a concealment of nothing',
      { resources, roles: {}, conceal: { 'post:fly': 'always' } },
      /policy\.conceal\.post:fly is not a declared permission/,
    ],
    [
      'an unknown concealment',
      { resources, roles: {}, conceal: { 'post:*': true } },
      /use 'always', 'resource' or 'never'/,
    ],
    [
      'a listener that is none',
      { resources, roles: {}, onConditionError: 'log' },
      /onConditionError is not a function/,
    ],
  ])('%s', (_title, options, message) => {
    expect(construct(options)).toThrow(message);
    expect(construct(options)).toThrow(ConfigError);
  });

  it('inheritance deeper than 32 roles, and takes 32', () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, i) => [
          `r${i}`,
          i + 1 < length ? { inherits: [`r${i + 1}`] } : { grants: ['post:create'] },
        ]),
      );
    expect(construct({ resources, roles: chain(34) })).toThrow(/more than 32 roles deep/);
    const deep = construct({ resources, roles: chain(32) })();
    expect(deep.decide({ id: 'x', roles: ['r0'] }, 'post:create').allowed).toBe(true);
  });

  it('a diamond of roles is no circle', () => {
    const diamond = createPolicy({
      resources,
      roles: {
        top: { inherits: ['l', 'r'] },
        l: { inherits: ['base'] },
        r: { inherits: ['base'] },
        base: { grants: ['post:*'] },
      },
    });
    expect(diamond.decide({ id: 'x', roles: ['top'] }, 'post:update').allowed).toBe(true);
  });
});

describe('types', () => {
  it('follow from the declaration', () => {
    const policy = createPolicy({
      resources: { post: ['create'], user: ['read'] },
      conditions: { owner: ownedBy('authorId') },
      roles: {
        user: { grants: ['post:create', { permission: 'user:*', when: 'owner' }] },
        admin: { inherits: ['user'] },
      },
    });
    const ada = { id: 'ada', roles: ['user'] };
    expect(policy.decide(ada, 'post:create').allowed).toBe(true);
    // @ts-expect-error not declared
    expect(policy.decide(ada, 'post:read').allowed).toBe(false);
    const wrong = () =>
      createPolicy({
        resources: { post: ['create'] },
        conditions: { owner: ownedBy('authorId') },
        roles: {
          // @ts-expect-error not a declared permission
          user: { grants: ['post:destroy'] },
          // @ts-expect-error not a declared role
          admin: { inherits: ['usr'] },
          // @ts-expect-error not a declared condition
          editor: { grants: [{ permission: 'post:create', when: 'ownr' }] },
        },
      });
    expect(wrong).toThrow(ConfigError);
  });
});
