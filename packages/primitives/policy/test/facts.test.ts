import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { related } from '../src/conditions.js';
import { type FactLoader, withFacts } from '../src/facts.js';
import { createPolicy } from '../src/index.js';

const errors: unknown[] = [];
const policy = createPolicy({
  resources: { document: ['read', 'edit', 'list', 'share'], status: ['read'] },
  conditions: {
    member: related('memberOf', { field: 'teamId', depth: 3 }),
    editor: related('editorOf', { field: 'folderId', up: { relation: 'parent', depth: 2 } }),
    blocked: related('blockedIn', { field: 'teamId' }),
  },
  roles: {
    user: {
      grants: [
        { permission: 'document:read', when: 'member' },
        { permission: 'document:edit', when: 'editor' },
        { permission: 'document:list', when: 'member' },
        'document:share',
        'status:read',
      ],
      forbids: [{ permission: 'document:share', when: 'blocked' }],
    },
  },
  onConditionError: (error) => errors.push(error),
});
const ada = { id: 'ada', roles: ['user'] };

/** Loaders over plain tables that tell of every call. */
function loaders(tables: Record<string, Record<string, readonly string[]>>) {
  const calls: [relation: string, ids: readonly string[]][] = [];
  const of = (relation: string): FactLoader => {
    return async (ids) => {
      calls.push([relation, [...ids]]);
      return new Map(ids.flatMap((id) => (tables[relation]?.[id] ? [[id, tables[relation][id]]] : [])));
    };
  };
  const all = {
    memberOf: of('memberOf'),
    editorOf: of('editorOf'),
    parent: of('parent'),
    blockedIn: of('blockedIn'),
  };
  return { calls, all };
}

const tables = {
  memberOf: { ada: ['red'], red: ['colours'], colours: ['everything'], everything: ['beyond'] },
  editorOf: { ada: ['top'] },
  parent: { leaf: ['middle'], middle: ['top'], deep: ['leaf'], loop: ['loop'] },
  blockedIn: { ada: ['blue'] },
};

describe('a relation', () => {
  it('holds within its depth and no further', async () => {
    const { all } = loaders(tables);
    const asked = withFacts(policy, all);
    const allowed = async (teamId: unknown) => (await asked.decide(ada, 'document:read', { teamId })).allowed;
    expect(await allowed('red')).toBe(true);
    expect(await allowed('everything')).toBe(true);
    expect(await allowed('beyond')).toBe(false);
    expect(await allowed('ada')).toBe(false);
    expect(await allowed(null)).toBe(false);
    expect((await asked.decide({ ...ada, id: 'bob' }, 'document:read', { teamId: 'red' })).reason).toBe(
      'condition_failed',
    );
  });

  it("leads upwards from the resource's own place", async () => {
    const asked = withFacts(policy, loaders(tables).all);
    const reasons = [];
    for (const folderId of ['top', 'middle', 'leaf', 'deep', 'loop', 'none']) {
      reasons.push((await asked.decide(ada, 'document:edit', { folderId })).reason);
    }
    expect(reasons).toEqual(['granted', 'granted', 'granted', ...Array(3).fill('condition_failed')]);
  });

  it('denies where nothing was loaded, and forbids', () => {
    expect(policy.decide(ada, 'document:read', { teamId: 'red' }).reason).toBe('facts_missing');
    expect(policy.decide(ada, 'document:share', { teamId: 'red' }).reason).toBe('facts_missing');
    expect(policy.allowsSome(ada, 'document:read').reason).toBe('conditional');
  });

  it('can forbid', async () => {
    const asked = withFacts(policy, loaders(tables).all);
    expect((await asked.decide(ada, 'document:share', { teamId: 'red' })).allowed).toBe(true);
    expect((await asked.decide(ada, 'document:share', { teamId: 'blue' })).reason).toBe('forbidden');
  });

  it('counts for both when somebody acts for another', async () => {
    const asked = withFacts(policy, loaders(tables).all);
    const acting = { id: 'bob', roles: ['user'], actingFor: ada };
    expect((await asked.decide(acting, 'document:read', { teamId: 'red' })).allowed).toBe(false);
    expect(
      (await asked.decide({ ...acting, id: 'red' }, 'document:read', { teamId: 'colours' })).allowed,
    ).toBe(true);
  });

  it('is a filter where it leads to the field itself', async () => {
    const asked = withFacts(policy, loaders(tables).all);
    expect(await asked.filter(ada, 'document:list')).toEqual({
      field: 'teamId',
      oneOf: ['red', 'colours', 'everything'],
    });
    await expect(asked.filter(ada, 'document:edit')).rejects.toThrow(/leave its `up` out/);
  });
});

describe('facts', () => {
  it('are loaded once for a request, and together for all decisions of a turn', async () => {
    const { calls, all } = loaders(tables);
    const asked = withFacts(policy, all);
    const documents = Array.from({ length: 50 }, (_, i) => ({
      teamId: 'red',
      folderId: i % 2 ? 'leaf' : 'deep',
    }));
    const decided = await Promise.all(
      documents.flatMap((document) => [
        asked.decide(ada, 'document:read', document),
        asked.decide(ada, 'document:edit', document),
      ]),
    );
    expect(decided.filter(({ allowed }) => allowed)).toHaveLength(75);
    const again = await asked.decide(ada, 'document:read', { teamId: 'red' });
    expect(again.allowed).toBe(true);
    expect(calls.filter(([relation]) => relation === 'memberOf')).toEqual([
      ['memberOf', ['ada']],
      ['memberOf', ['red']],
      ['memberOf', ['colours']],
    ]);
    expect(calls.filter(([relation]) => relation === 'parent')).toEqual([
      ['parent', ['deep', 'leaf']],
      ['parent', ['middle']],
    ]);
  });

  it('are not loaded where nothing depends on them', async () => {
    const { calls, all } = loaders(tables);
    const asked = withFacts(policy, all);
    expect((await asked.decide(ada, 'status:read')).allowed).toBe(true);
    expect((await asked.decide({ id: 'x', roles: [] }, 'document:read', { teamId: 'red' })).reason).toBe(
      'no_grant',
    );
    expect((await asked.decide(ada, 'document:read')).reason).toBe('resource_missing');
    expect((await asked.decide(null as never, 'document:read')).reason).toBe('invalid_principal');
    expect(calls).toEqual([]);
  });

  it.each<[string, FactLoader]>([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['gives no map', () => ({}) as never],
    ['gives no list', () => new Map([['ada', 'red']]) as never],
  ])('deny when their loader %s, and tell the developer', async (_title, memberOf) => {
    errors.length = 0;
    const asked = withFacts(policy, { ...loaders(tables).all, memberOf });
    expect((await asked.decide(ada, 'document:read', { teamId: 'red' })).reason).toBe('condition_error');
    expect(errors).toHaveLength(1);
    expect(await asked.filter(ada, 'document:list')).toBe('none');
  });

  it('deny who is related to more than anybody can look through', async () => {
    const crowd = Array.from({ length: 10_001 }, (_, i) => `team-${i}`);
    const memberOf: FactLoader = (ids) => new Map(ids.map((id) => [id, crowd]));
    const asked = withFacts(policy, { ...loaders(tables).all, memberOf });
    expect((await asked.decide(ada, 'document:read', { teamId: 'team-1' })).reason).toBe('condition_error');
  });

  it('of every relation have a loader', () => {
    const { parent: _, ...some } = loaders(tables).all;
    expect(() => withFacts(policy, some)).toThrow(/facts\.parent is missing/);
    expect(() => withFacts(policy, some)).toThrow(ConfigError);
  });
});

describe('related refuses', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['no name', () => related('', { field: 'a' }), /related\.relation has an invalid name/],
    ['an inherited member', () => related('r', { field: 'toString' }), /related\.field is not the name/],
    [
      'a depth without bound',
      () => related('r', { field: 'a', depth: Number.POSITIVE_INFINITY }),
      /related\.depth/,
    ],
    [
      'a depth of 17',
      () => related('r', { field: 'a', up: { relation: 'p', depth: 17 } }),
      /up\.depth is 17/,
    ],
    [
      'what is unknown',
      () => related('r', { field: 'a', deep: 1 } as never),
      /related\.deep is not an option/,
    ],
  ])('%s', (_title, make, message) => {
    expect(make).toThrow(message);
  });
});
