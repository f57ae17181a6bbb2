import { createPolicy, ownedBy, type Policy, type PolicyPrincipal } from '@secapi/policy';
import { where } from '@secapi/policy/conditions';
import { filterOf, filterToSql, predicateOf } from '@secapi/policy/filters';
import { createRunner, join, sql } from '@secapi/sql';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../src/index.js';
import { onServer } from './databases.js';

// A list that shows what `decide` denies is a leak that no test of `decide` finds, and nulls are where the two part.
const runs = process.env.SECAPI_SOAK === '1' ? 500 : 32;

interface Row {
  readonly id: string;
}

const columns = {
  id: sql`d.id`,
  tenantId: sql`d.tenant_id`,
  ownerId: sql`d.owner_id`,
  teamId: sql`d.team_id`,
  status: sql`d.status`,
  level: sql`d.level`,
  published: sql`d.published`,
};

/** 10,000 documents over small sets of values, about a fifth of each being null. */
const documents = `
  CREATE TABLE document AS SELECT
    'd' || i AS id,
    (ARRAY['acme', 'globex', NULL])[1 + h % 3] AS tenant_id,
    (ARRAY['ada', 'bob', 'eve', '', NULL])[1 + h / 3 % 5] AS owner_id,
    (ARRAY['red', 'blue', 'green', NULL, 'O''Hara "$1"'])[1 + h / 15 % 5] AS team_id,
    (ARRAY['draft', 'open', 'closed', NULL])[1 + h / 75 % 4] AS status,
    (ARRAY[0, 1, 2, -1, NULL])[1 + h / 300 % 5] AS level,
    (ARRAY[true, false, NULL])[1 + h / 1500 % 3] AS published
  FROM (SELECT i, abs(hashint4(i)) AS h FROM generate_series(1, 10000) AS i) AS made`;

const principalValue = (name: string) => fc.constant({ principal: name });
const leaf = fc.oneof(
  fc.record({
    field: fc.constantFrom('ownerId', 'teamId'),
    equals: fc.oneof(fc.constantFrom('ada', 'red', 'O\'Hara "$1"', '', null), principalValue('team')),
  }),
  fc.record({ field: fc.constant('status'), equals: fc.constantFrom('draft', 'open', 'gone', null) }),
  fc.record({
    field: fc.constant('level'),
    equals: fc.oneof(fc.constantFrom(0, 1, -1, 7, null), principalValue('level')),
  }),
  fc.record({ field: fc.constant('published'), equals: fc.constantFrom(true, false, null) }),
  fc.record({
    field: fc.constant('teamId'),
    oneOf: fc.oneof(fc.constantFrom(['red'], ['red', 'O\'Hara "$1"', 'none']), principalValue('teams')),
  }),
  fc.record({ field: fc.constant('level'), oneOf: fc.constantFrom([1, 2], [0]) }),
);
const { tree } = fc.letrec<{ tree: Parameters<typeof where>[0] }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({ not: tie('tree') }),
    fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
  ) as fc.Arbitrary<Parameters<typeof where>[0]>,
}));

const named = ['a', 'b', 'c', 'owner', 'staff', 'office'] as const;
const rule = fc.oneof(
  { arbitrary: fc.constant('document:read' as const), weight: 1 },
  {
    arbitrary: fc.record({
      permission: fc.constant('document:read' as const),
      when: fc.uniqueArray(fc.constantFrom(...named), { minLength: 1, maxLength: 2 }),
    }),
    weight: 6,
  },
);
const seldom = <T>(value: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> =>
  fc.oneof({ arbitrary: fc.constant<T[]>([]), weight: 3 }, value);
const role = fc.record({
  grants: fc.array(rule, { minLength: 1, maxLength: 3 }),
  forbids: seldom(fc.array(rule, { maxLength: 2 })),
});
const policies = fc.record({
  conditions: fc.tuple(tree, tree, tree),
  roles: fc.record({ one: role, two: role, three: role }),
  forbids: seldom(fc.array(rule, { maxLength: 1 })),
  tenant: fc.boolean(),
});
/** Mostly values that can be compared. */
const mostly = <T>(good: readonly T[], odd: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...good), weight: 7 },
    { arbitrary: fc.constantFrom(...odd), weight: 1 },
  );
const person = fc.record({
  id: fc.constantFrom('ada', 'bob', 'staff-1'),
  roles: fc.uniqueArray(
    fc.oneof(
      fc.constantFrom('one', 'two', 'three', 'unknown'),
      fc.record({ role: fc.constant('three'), tenant: fc.constantFrom('acme', 'globex') }),
    ),
    { minLength: 2, maxLength: 4 },
  ),
  tenant: mostly(['acme', 'globex'], ['', undefined]),
  team: mostly(['red', 'blue'], [null, undefined, 7]),
  teams: mostly(
    [
      ['red', 'blue'],
      ['green', 'none'],
    ],
    [[], 'red', undefined],
  ),
  level: mostly([0, 1], [undefined, Number.NaN]),
  grants: seldom(
    fc.array(
      fc.record(
        {
          permission: fc.constant('document:read'),
          resource: fc.constantFrom('d1', 'd77', 'none', ''),
          until: fc.constantFrom(500, 5_000),
        },
        { requiredKeys: ['permission', 'resource'] },
      ),
      { maxLength: 2 },
    ),
  ),
  scopes: mostly([undefined, ['document:*'], ['document:read']], [[], null]),
}) as fc.Arbitrary<PolicyPrincipal>; // members of any shape, as an application might pass them
const principals = fc.oneof(
  { arbitrary: person, weight: 4 },
  {
    arbitrary: fc.tuple(person, person).map(([who, actingFor]): PolicyPrincipal => ({ ...who, actingFor })),
    weight: 1,
  },
);
const office = { now: 1_000, address: '10.0.0.1' };
const contexts = fc.constantFrom(undefined, office, office, { now: 1_000 });
const askers = fc.array(fc.tuple(principals, contexts), { minLength: 2, maxLength: 2 });

function policyOf(drawn: typeof policies extends fc.Arbitrary<infer T> ? T : never): Policy<'document:read'> {
  const [a, b, c] = drawn.conditions;
  return createPolicy({
    resources: { document: ['read'] },
    conditions: {
      a: where(a),
      b: where(b),
      c: where(c),
      owner: ownedBy('ownerId'),
      staff: { principal: ({ id }) => id.startsWith('staff-') },
      office: { context: (_principal, { address }) => address === '10.0.0.1' },
    },
    roles: drawn.roles,
    forbids: drawn.forbids,
    ...(drawn.tenant && { tenant: {} }),
  });
}

onServer((test) => {
  let db: Database;
  let rows: readonly Row[];
  beforeAll(async () => {
    db = await test.fresh();
    await db.query(documents);
    ({ rows } = await db.query<Row>(
      `SELECT id, tenant_id AS "tenantId", owner_id AS "ownerId", team_id AS "teamId", status, level, published FROM document`,
    ));
    return () => db.close();
  });

  it('a filter in SQL, and as a predicate, lets through what deciding row by row allows', async () => {
    const run = createRunner(db);
    const seen = { some: 0, all: 0, none: 0 };
    await fc.assert(
      fc.asyncProperty(policies, askers, async (drawn, asked) => {
        const policy = policyOf(drawn);
        for (const [principal, context] of asked) {
          const filter = filterOf(policy, principal, 'document:read', context);
          const condition = filterToSql(filter, { sql, join }, columns);
          const found = await run.query<Row>(sql`SELECT d.id FROM document d WHERE ${condition}`);
          const decided = rows.filter(
            (row) => policy.decide(principal, 'document:read', row, context).allowed,
          );
          const ids = new Set(found.map(({ id }) => id));
          expect(rows.filter(({ id }) => ids.has(id))).toEqual(decided);
          expect(rows.filter(predicateOf(filter))).toEqual(decided);
          seen[found.length === 0 ? 'none' : found.length === rows.length ? 'all' : 'some']++;
        }
      }),
      { numRuns: runs, seed: 20_240_607 },
    );
    expect(rows).toHaveLength(10_000);
    expect(seen.some, JSON.stringify(seen)).toBeGreaterThan(runs / 2); // else it has compared nothing with nothing
  }, 600_000);
});
