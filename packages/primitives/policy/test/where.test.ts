import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { where } from '../src/conditions.js';
import { createPolicy } from '../src/index.js';

type Data = Parameters<typeof where>[0];

function reasonOf(data: Data, resource: unknown, principal: object = {}): string {
  const policy = createPolicy({
    resources: { post: ['read'] },
    conditions: { c: where(data) },
    roles: { user: { grants: [{ permission: 'post:read', when: 'c' }] } },
  });
  return policy.decide({ id: 'ada', roles: ['user'], ...principal }, 'post:read', resource).reason;
}

describe('a condition as data', () => {
  it.each<[Data, object, string]>([
    [{ field: 'published', equals: true }, { published: true }, 'granted'],
    [{ field: 'published', equals: true }, { published: 1 }, 'condition_failed'],
    [{ field: 'published', equals: true }, { published: null }, 'condition_failed'],
    [{ field: 'level', equals: 1 }, { level: '1' }, 'condition_failed'],
    [{ field: 'gone', equals: null }, { gone: null }, 'granted'],
    [{ field: 'gone', equals: null }, {}, 'condition_error'],
    [{ field: 'team', equals: { principal: 'team' } }, { team: 'red' }, 'granted'],
    [{ field: 'team', oneOf: { principal: 'teams' } }, { team: 'red' }, 'granted'],
    [{ field: 'team', oneOf: ['blue', 'red'] }, { team: 'red' }, 'granted'],
    [{ field: 'team', oneOf: ['blue'] }, { team: null }, 'condition_failed'],
    [{ not: { field: 'team', equals: 'red' } }, { team: null }, 'granted'],
    [{ not: { field: 'team', equals: 'red' } }, {}, 'condition_error'],
    [
      {
        all: [
          { field: 'a', equals: 1 },
          { field: 'b', equals: 2 },
        ],
      },
      { a: 1, b: 2 },
      'granted',
    ],
    [
      {
        any: [
          { field: 'a', equals: 1 },
          { field: 'b', equals: 2 },
        ],
      },
      { a: 0, b: 2 },
      'granted',
    ],
    [{ any: [{ field: 'a', equals: 1 }] }, { a: 0 }, 'condition_failed'],
  ])('%j of %j: %s', (data, resource, reason) => {
    expect(reasonOf(data, resource, { team: 'red', teams: ['green', 'red'] })).toBe(reason);
  });

  it.each([undefined, null, '', {}, ['red'], Number.NaN])(
    "does not answer when the principal's value is %j, under not neither",
    (team) => {
      const same: Data = { field: 'team', equals: { principal: 'team' } };
      expect(reasonOf(same, { team }, { team })).toBe('condition_error');
      expect(reasonOf({ not: same }, { team: 'blue' }, { team })).toBe('condition_error');
      expect(reasonOf({ any: [{ field: 'a', equals: 1 }, same] }, { a: 1, team: 'x' }, { team })).toBe(
        'condition_error',
      );
    },
  );

  it.each([undefined, 'red', { includes: () => true }, ['red', 7], [null], [Number.NaN]])(
    "does not answer when the principal's list is %j",
    (teams) => {
      const among: Data = { field: 'team', oneOf: { principal: 'teams' } };
      expect(reasonOf(among, { team: 'red' }, { teams })).toBe('condition_error');
    },
  );

  it('reads what the principal has itself, and no more', () => {
    const same: Data = { field: 'team', equals: { principal: 'constructor2' } };
    const principal = Object.assign(Object.create({ constructor2: 'red' }), { id: 'ada', roles: ['user'] });
    const policy = createPolicy({
      resources: { post: ['read'] },
      conditions: { c: where(same) },
      roles: { user: { grants: [{ permission: 'post:read', when: 'c' }] } },
    });
    expect(policy.decide(principal, 'post:read', { team: 'red' }).reason).toBe('condition_error');
  });

  it('is not changed by what it was made from', () => {
    const oneOf = ['red'];
    const made = where({ field: 'team', oneOf });
    oneOf.push('blue');
    expect(made.data).toEqual({ field: 'team', oneOf: ['red'] });
    expect(Object.isFrozen(made.data)).toBe(true);
  });
});

describe('where refuses', () => {
  const deep = (levels: number): Data =>
    levels === 0 ? { field: 'a', equals: 1 } : { not: deep(levels - 1) };
  it.each<[string, unknown, RegExp]>([
    ['nothing', {}, /is not a condition/],
    ['a field without a comparison', { field: 'a' }, /is not a condition/],
    ['two comparisons', { field: 'a', equals: 1, oneOf: [1] }, /is not a condition/],
    ['a comparison of nothing', { equals: 1 }, /is not a condition/],
    ['an unknown comparison', { field: 'a', matches: '.*' }, /where\.matches is not an option/],
    ['an inherited name', { field: '__proto__', equals: 1 }, /where\.field is not the name of a member/],
    ['an undefined value', { field: 'a', equals: undefined }, /equals can not be compared/],
    ['a number that is none', { field: 'a', equals: Number.NaN }, /equals can not be compared/],
    ['a list as a value', { field: 'a', equals: ['b'] }, /equals can not be compared/],
    ['an empty list', { field: 'a', oneOf: [] }, /oneOf can not be compared/],
    ['a list of several types', { field: 'a', oneOf: ['1', 1] }, /oneOf can not be compared/],
    ['a list with null', { field: 'a', oneOf: [null] }, /oneOf can not be compared/],
    [
      'an inherited member of a principal',
      { field: 'a', equals: { principal: 'toString' } },
      /principal is not/,
    ],
    ['all of nothing', { all: [] }, /where\.all is empty/],
    ['a part that is none', { any: [{ field: 'a', equals: 1 }, 'b'] }, /where\.any\[1\]/],
    ['a tree of 17 levels', deep(17), /depth\) is 17/],
  ])('%s', (_title, data, message) => {
    expect(() => where(data as Data)).toThrow(message);
    expect(() => where(data as Data)).toThrow(ConfigError);
    expect(() => where(deep(16))).not.toThrow();
  });
});
