import { expect, it } from 'vitest';
import * as names from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(names).sort()).toEqual([
    'InjectedFault',
    'accountStoreOperations',
    'accountStoreSuite',
    'adapterSuite',
    'crashSuite',
    'createFaults',
    'describeSessionModel',
    'faultyClient',
    'faultyDatabase',
    'forgedTokens',
    'keyStoreOperations',
    'keyStoreSuite',
    'listen',
    'lockoutStoreOperations',
    'lockoutStoreSuite',
    'mailBudgetStoreOperations',
    'mailBudgetStoreSuite',
    'mailBudgetWindowSuite',
    'oddSpellings',
    'oneTimeStoreOperations',
    'oneTimeStoreSuite',
    'portOf',
    'refreshStoreOperations',
    'refreshStoreSuite',
    'refusesForgedTokens',
    'revocationStoreOperations',
    'revocationStoreSuite',
    'send',
    'trailStoreOperations',
    'trailStoreSuite',
  ]);
});
