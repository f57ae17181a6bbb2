import { ConfigError } from '@secapi/kernel';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { describe, expect, it } from 'vitest';
import { where } from '../src/conditions.js';
import {
  type Filter,
  filterOf,
  filterToKysely,
  filterToPrisma,
  filterToSql,
  predicateOf,
} from '../src/filters.js';
import { createPolicy, ownedBy } from '../src/index.js';
import { passesPrisma } from './prisma.js';

const policy = createPolicy({
  resources: { post: ['read', 'list', 'delete', 'pin', 'open'] },
  conditions: {
    owner: ownedBy('authorId'),
    published: where({ field: 'published', equals: true }),
    archived: where({ not: { field: 'archivedAt', equals: null } }),
    inTeam: where({ field: 'teamId', oneOf: { principal: 'teams' } }),
    odd: (_principal, post: { n: number }) => post.n % 2 === 1,
    staff: { principal: ({ id }) => id.startsWith('staff') },
    office: { context: (_principal, { address }) => address === '10.0.0.1' },
  },
  roles: {
    user: {
      grants: [
        { permission: 'post:read', when: 'owner' },
        { permission: 'post:read', when: 'published' },
        { permission: 'post:list', when: ['published', 'inTeam'] },
        { permission: 'post:pin', when: 'odd' },
        { permission: 'post:open', when: 'office' },
      ],
      forbids: [{ permission: 'post:list', when: 'archived' }],
    },
    staff: { grants: [{ permission: 'post:delete', when: 'staff' }, 'post:pin'] },
    judge: { forbids: [{ permission: 'post:pin', when: 'odd' }] },
  },
});
const ada = { id: 'ada', roles: ['user'], teams: ['red', 'blue'] };

describe('a filter', () => {
  it('is what conditions say, with the values of the principal', () => {
    expect(filterOf(policy, ada, 'post:read')).toEqual({
      any: [
        { field: 'authorId', equals: 'ada' },
        { field: 'published', equals: true },
      ],
    });
    expect(filterOf(policy, ada, 'post:list')).toEqual({
      all: [
        { field: 'published', equals: true },
        { field: 'teamId', oneOf: ['red', 'blue'] },
        { field: 'archivedAt', equals: null },
      ],
    });
  });

  it('is all or none where nothing depends on the resource', () => {
    expect(filterOf(policy, { id: 'staff-1', roles: ['staff'] }, 'post:delete')).toBe('all');
    expect(filterOf(policy, { id: 'bob', roles: ['staff'] }, 'post:delete')).toBe('none');
    expect(filterOf(policy, ada, 'post:open')).toBe('none');
    expect(filterOf(policy, ada, 'post:open', { address: '10.0.0.1' })).toBe('all');
    expect(filterOf(policy, ada, 'post:fly' as 'post:read')).toBe('none');
    expect(filterOf(policy, null as never, 'post:read')).toBe('none');
    expect(filterOf(policy, { ...ada, scopes: [] }, 'post:read')).toBe('none');
  });

  it("is none where the principal lacks a condition's value", () => {
    expect(filterOf(policy, { id: 'ada', roles: ['user'] }, 'post:list')).toBe('none');
  });

  it("holds a principal's grants of single resources", () => {
    const bob = { id: 'bob', roles: [], grants: [{ permission: 'post:read', resource: 'p1' }] };
    expect(filterOf(policy, bob, 'post:read')).toEqual({ field: 'id', equals: 'p1' });
  });

  it('holds for both where somebody acts for another', () => {
    const acting = { ...ada, id: 'sue', actingFor: ada };
    expect(predicateOf(filterOf(policy, acting, 'post:read'))({ authorId: 'ada', published: false })).toBe(
      false,
    );
    expect(predicateOf(filterOf(policy, acting, 'post:read'))({ authorId: 'x', published: true })).toBe(true);
    expect(filterOf(policy, { ...acting, actingFor: acting }, 'post:read')).toBe('none');
  });

  it('is refused where a function stands in the way, and says what to write', () => {
    expect(() => filterOf(policy, ada, 'post:pin')).toThrow(ConfigError);
    expect(() => filterOf(policy, ada, 'post:pin')).toThrow(
      /policy\.conditions\.odd stands in the way of a filter for post:pin: write it as data/,
    );
    expect(() => filterOf(policy, { id: 'x', roles: ['staff', 'judge'] }, 'post:pin')).toThrow(ConfigError);
    expect(filterOf(policy, { id: 'x', roles: ['staff', 'user'] }, 'post:pin')).toBe('all');
  });

  it('as a predicate passes nothing that lacks a member', () => {
    const filter: Filter = { not: { field: 'locked', equals: true } };
    expect(predicateOf(filter)({ locked: null })).toBe(true);
    expect(predicateOf(filter)({})).toBe(false);
    expect(predicateOf('all')(undefined)).toBe(true);
    expect(predicateOf('none')({})).toBe(false);
  });
});

const values: readonly unknown[] = ['a', 'b', '', null];
const rows = values.flatMap((s) =>
  [1, 2, null].flatMap((n) => [true, false, null].map((b) => ({ s, n, b }))),
);
const filters: readonly Filter[] = [
  'all',
  'none',
  { field: 's', equals: 'a' },
  { field: 's', equals: null },
  { not: { field: 's', equals: null } },
  { not: { field: 's', equals: 'a' } },
  { field: 'n', oneOf: [1, 2] },
  { field: 'n', oneOf: [] },
  { not: { field: 'n', oneOf: [1] } },
  { not: { field: 'n', oneOf: [] } },
  { not: { all: [{ field: 's', equals: 'a' }, { not: { field: 'b', equals: true } }] } },
  {
    any: [
      { field: 'b', equals: false },
      {
        not: {
          any: [
            { field: 's', equals: 'b' },
            { field: 'n', equals: 2 },
          ],
        },
      },
    ],
  },
];

describe("a filter as Prisma's where", () => {
  const fields = { s: 'nullable', n: 'nullable', b: 'nullable' } as const;
  it.each(filters.map((filter) => [filter]))('%j lets the same rows through', (filter) => {
    const asPrisma = filterToPrisma(filter, fields);
    expect(rows.filter((row) => passesPrisma(asPrisma, row))).toEqual(rows.filter(predicateOf(filter)));
  });
  it('never asks a required field for null, which its client refuses', () => {
    const required = { s: 'required' } as const;
    expect(filterToPrisma({ not: { field: 's', equals: 'a' } }, required)).toEqual({ s: { not: 'a' } });
    expect(filterToPrisma({ field: 's', equals: null }, required)).toEqual({ OR: [] });
    expect(filterToPrisma({ not: { field: 's', equals: null } }, required)).toEqual({});
  });
});

describe('a filter for Kysely', () => {
  interface Tables {
    readonly post: { readonly s: string | null; readonly n: number | null; readonly b: boolean | null };
  }
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const columns = { s: 'post.s', n: 'post.n', b: 'post.b' };
  const compiled = (filter: Filter) => {
    const { sql, parameters } = db
      .selectFrom('post')
      .selectAll()
      .where((eb) => filterToKysely(filter, eb, columns))
      .compile();
    return [sql.replace('select * from "post" where ', ''), parameters];
  };
  it.each<[Filter, string, unknown[]]>([
    ['all', '1 = 1', []],
    ['none', '1 = 0', []],
    [{ field: 's', equals: 'a' }, '"post"."s" = $1', ['a']],
    [{ not: { field: 's', equals: 'a' } }, '"post"."s" is distinct from $1', ['a']],
    [{ field: 's', equals: null }, '"post"."s" is null', []],
    [{ not: { field: 's', equals: null } }, '"post"."s" is not null', []],
    [{ field: 'n', oneOf: [1, 2] }, '"post"."n" in ($1, $2)', [1, 2]],
    [{ not: { field: 'n', oneOf: [1] } }, '("post"."n" is null or "post"."n" not in ($1))', [1]],
    [
      {
        all: [
          { field: 's', equals: 'a' },
          {
            any: [
              { field: 'b', equals: true },
              { field: 'n', equals: 1 },
            ],
          },
        ],
      },
      '("post"."s" = $1 and ("post"."b" = $2 or "post"."n" = $3))',
      ['a', true, 1],
    ],
  ])('%j is %s', (filter, text, parameters) => {
    expect(compiled(filter)).toEqual([text, parameters]);
  });
});

describe('a field that no column is listed for', () => {
  const filter: Filter = { field: 'password', equals: 'x' };
  const builder = Object.assign(() => '', { and: () => '', or: () => '' });
  it.each<[string, () => unknown]>([
    ['SQL', () => filterToSql(filter, { sql: () => '', join: () => '' }, { title: '' })],
    ['Prisma', () => filterToPrisma(filter, { title: 'required' })],
    ['Kysely', () => filterToKysely(filter, builder, { title: 'post.title' })],
  ])('has no way into %s', (_title, build) => {
    expect(build).toThrow(ConfigError);
    expect(build).toThrow(/filter\.columns lists no password/);
  });
  it('is not found among what every object inherits', () => {
    const odd: Filter = { field: 'constructor', equals: 'x' };
    expect(() => filterToPrisma(odd, {})).toThrow(ConfigError);
  });
});
