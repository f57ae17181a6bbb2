import { expect, it } from 'vitest';
import * as conditions from '../src/conditions.js';
import * as explaining from '../src/explain.js';
import * as facts from '../src/facts.js';
import * as filters from '../src/filters.js';
import * as policy from '../src/index.js';
import * as live from '../src/live.js';

it.each([
  ['.', policy, ['createPolicy', 'ownedBy']],
  ['conditions', conditions, ['related', 'where']],
  ['explain', explaining, ['explain', 'explainAccess']],
  ['facts', facts, ['withFacts']],
  ['filters', filters, ['filterOf', 'filterToKysely', 'filterToPrisma', 'filterToSql', 'predicateOf']],
  ['live', live, ['livePolicy', 'policyFromJson']],
])('%s exports exactly these names', (_entry, module, names) => {
  expect(Object.keys(module).sort()).toEqual(names);
});
