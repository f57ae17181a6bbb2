import { expect, it } from 'vitest';
import * as accounts from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(accounts).sort()).toEqual([
    'canonicalEmail',
    'createAccounts',
    'defaultMails',
    'memoryAccountStore',
    'memoryLockoutStore',
    'memoryMailBudget',
    'toPublicAccount',
  ]);
});
