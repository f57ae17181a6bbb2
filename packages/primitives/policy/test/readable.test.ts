import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Authorized, createPolicy, ownedBy } from '../src/index.js';

const policy = createPolicy({
  resources: { user: ['read', 'grant'], post: ['update'] },
  conditions: { self: ownedBy('id') },
  readable: { user: { id: true, name: true, email: 'user:read', role: 'user:grant' } },
  roles: {
    user: { grants: [{ permission: 'user:read', when: 'self' }] },
    admin: { grants: ['user:*'] },
  },
});
const ada = { id: 'ada', name: 'Ada', email: 'ada@example.org', role: 'user', passwordHash: 'canary' };
const as = (id: string, ...roles: string[]) => ({ id, roles });

describe('a view', () => {
  it('holds what everybody reads, and more for whom it is granted', () => {
    expect(policy.view(undefined, 'user', ada)).toEqual({ id: 'ada', name: 'Ada' });
    expect(policy.view(as('bob', 'user'), 'user', ada)).toEqual({ id: 'ada', name: 'Ada' });
    expect(policy.view(as('ada', 'user'), 'user', ada)).toEqual({
      id: 'ada',
      name: 'Ada',
      email: 'ada@example.org',
    });
    const { passwordHash: _, ...all } = ada;
    expect(policy.view(as('chief', 'admin'), 'user', ada)).toEqual(all);
  });

  it('never holds a field that is not named, or that the record only inherits', () => {
    const record = Object.assign(Object.create({ email: 'canary', name: 'canary' }), {
      id: 'x',
      secret: 'canary',
    });
    expect(policy.view(as('chief', 'admin'), 'user', record)).toEqual({ id: 'x' });
    expect(policy.view(undefined, 'user', JSON.parse('{"__proto__":{"id":1},"constructor":2}'))).toEqual({});
  });

  it('is a copy of the record, whose members are its own', () => {
    const view = policy.view(undefined, 'user', ada);
    expect(view).not.toBe(ada);
    expect(Object.getPrototypeOf(view)).toBe(Object.prototype);
  });

  it('has a type that follows from the rules', () => {
    const view = policy.view(undefined, 'user', ada);
    expectTypeOf(view.id).toEqualTypeOf<string>();
    expectTypeOf(view.email).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: nobody reads it
    expect(view.passwordHash).toBeUndefined();
    // @ts-expect-error: a record is no view
    const forged: typeof view = ada;
    expectTypeOf(forged).toExtend<Authorized<{ readonly id: string }>>();
    // @ts-expect-error: the policy doesn't say what may be read of a post
    expect(() => policy.view(undefined, 'post', {})).toThrow(/does not say which fields of 'post'/);
  });
});

describe('createPolicy refuses readable fields', () => {
  const build = (readable: object) => () =>
    createPolicy({ resources: { user: ['read'] }, roles: {}, readable: readable as never });
  it.each<[string, object, RegExp]>([
    ['of no resource', { post: { id: true } }, /policy\.readable\.post is not a declared resource/],
    [
      'with an unknown permission',
      { user: { id: 'user:grant' } },
      /policy\.readable\.user\.id is not a declared permission and not true: .*user:read/,
    ],
    ['with false', { user: { id: false } }, /policy\.readable\.user\.id/],
    ['that are a list', { user: ['id'] }, /policy\.readable\.user is not an object/],
    [
      'with a name that objects inherit',
      { user: { constructor: true } },
      /policy\.readable\.user has the name constructor/,
    ],
  ])('%s', (_title, readable, message) => {
    expect(build(readable)).toThrow(message);
  });
});
