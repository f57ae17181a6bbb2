import { expect, it } from 'vitest';
import * as main from '../src/index.js';
import * as pglite from '../src/pglite.js';

it('exports these names and no others', () => {
  expect(Object.keys(main).sort()).toEqual([
    'DatabaseError',
    'fromPg',
    'fromPglite',
    'migrate',
    'pgPoolOptions',
    'ping',
    'postgresAccountStore',
    'postgresKeyStore',
    'postgresLockoutStore',
    'postgresMailBudget',
    'postgresOneTimeStore',
    'postgresRefreshStore',
    'postgresRevocations',
    'postgresTrailStore',
  ]);
  expect(Object.keys(pglite)).toEqual(['openPglite']);
});
