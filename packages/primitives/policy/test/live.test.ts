import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { where } from '../src/conditions.js';
import { explainAccess } from '../src/explain.js';
import { filterOf } from '../src/filters.js';
import { createPolicy, ownedBy } from '../src/index.js';
import { livePolicy, policyFromJson } from '../src/live.js';

const resources = { post: ['read', 'delete'] } as const;
const strict = createPolicy({ resources, roles: { user: { grants: ['post:read'] } } });
const lenient = createPolicy({ resources, roles: { user: { grants: ['post:*'] }, guest: {} } });
const ada = { id: 'ada', roles: ['user'] };

describe('a live policy', () => {
  it('decides by what has replaced it, at once and in every part', () => {
    const live = livePolicy(strict);
    const { decide } = live;
    expect([live.version, decide(ada, 'post:delete').allowed]).toEqual([1, false]);
    expect(live.replace(lenient)).toBe(2);
    expect([live.version, decide(ada, 'post:delete').allowed]).toEqual([2, true]);
    expect(live.allowsSome(ada, 'post:delete').allowed).toBe(true);
    expect(live.roles.has('guest')).toBe(true);
    expect(filterOf(live, ada, 'post:delete')).toBe('all');
    expect(explainAccess(live, ada, 'post:delete').steps).toHaveLength(1);
    live.replace(strict);
    expect(decide(ada, 'post:delete').allowed).toBe(false);
    expect(filterOf(live, ada, 'post:delete')).toBe('none');
  });

  it('keeps what it has when the next one lacks a permission, or is none', () => {
    const live = livePolicy(lenient);
    const less = createPolicy({ resources: { post: ['read'] }, roles: {} });
    expect(() => live.replace(less as never)).toThrow(/no longer declares post:delete/);
    expect(() => live.replace({ ...strict })).toThrow(TypeError);
    expect([live.version, live.decide(ada, 'post:delete').allowed]).toEqual([1, true]);
  });

  it('takes more permissions, which only grow from then on', () => {
    const live = livePolicy<string>(strict);
    live.replace(createPolicy({ resources: { post: ['read', 'delete', 'pin'] }, roles: {} }));
    expect(live.permissions.has('post:pin')).toBe(true);
    expect(() => live.replace(strict)).toThrow(ConfigError);
  });
});

describe('a policy from JSON', () => {
  const json = {
    resources: { post: ['read', 'update'] },
    roles: {
      user: { grants: [{ permission: 'post:update', when: ['owner', 'draft'] }, 'post:read'] },
      banned: { forbids: ['post:*'] },
    },
    tenant: { of: [] },
    readable: { post: { id: true, draft: 'post:update' } },
    writable: { post: { draft: 'post:update' } },
    conceal: { 'post:*': 'never' },
  };
  const conditions = { owner: ownedBy('authorId'), draft: where({ field: 'draft', equals: true }) };
  const hers = { authorId: 'ada', draft: true };

  it('decides as the same policy in code', () => {
    const policy = policyFromJson(JSON.stringify(json), { conditions });
    expect(policy.decide(ada, 'post:update', hers)).toMatchObject({
      allowed: true,
      condition: 'owner+draft',
    });
    expect(policy.decide(ada, 'post:update', { ...hers, authorId: 'bob' }).allowed).toBe(false);
    expect(policy.decide({ ...ada, roles: ['user', 'banned'] }, 'post:read').reason).toBe('forbidden');
    expect(policy.fields('read', ada, 'post', hers)).toEqual(['id', 'draft']);
    expect(policy.fields('write', ada, 'post', { ...hers, authorId: 'bob' })).toEqual([]);
    expect(policyFromJson(json, { conditions }).decide(ada, 'post:read').allowed).toBe(true);
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON, without quoting it', '{"password": "hunter2"', /^policy is not JSON: pass a JSON object/],
    ['too much', `"${'x'.repeat(4_000_001)}"`, /policy is not JSON/],
    ['a list', '[]', /policy is not a plain object/],
    ['null', 'null', /policy is not a plain object/],
    ['an unknown option', '{"allow": "*"}', /policy\.allow is not an option/],
    ['conditions, which are code', '{"conditions": {}}', /policy\.conditions is not an option/],
    ['no resources', '{"roles": {}}', /policy\.resources is not an object/],
    ['a role named __proto__', '{"resources":{"a":["b"]},"roles":{"__proto__":{}}}', /invalid name/],
    [
      'a condition that code did not give',
      '{"resources":{"a":["b"]},"roles":{"r":{"grants":[{"permission":"a:b","when":"x"}]}}}',
      /when is not a declared condition/,
    ],
    [
      'fields of nothing',
      '{"resources":{"a":["b"]},"roles":{},"writable":{"c":{}}}',
      /policy\.writable\.c is not a declared resource/,
    ],
  ])('is refused: %s', (_title, text, message) => {
    expect(() => policyFromJson(text)).toThrow(message);
    expect(() => policyFromJson(text)).toThrow(ConfigError);
  });
});
