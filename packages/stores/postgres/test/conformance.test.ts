import { memoryAccountStore, memoryLockoutStore, memoryMailBudget } from '@secapi/accounts';
import { memoryTrailStore } from '@secapi/audit';
import {
  accountStoreSuite,
  keyStoreSuite,
  lockoutStoreSuite,
  mailBudgetStoreSuite,
  mailBudgetWindowSuite,
  oneTimeStoreSuite,
  refreshStoreSuite,
  revocationStoreSuite,
  trailStoreSuite,
} from '@secapi/testing';
import { memoryKeyStore, memoryOneTimeStore, memoryRefreshStore, memoryRevocations } from '@secapi/tokens';
import { describe, expect, it } from 'vitest';
import {
  type Database,
  postgresAccountStore,
  postgresKeyStore,
  postgresLockoutStore,
  postgresMailBudget,
  postgresOneTimeStore,
  postgresRefreshStore,
  postgresRevocations,
  postgresTrailStore,
} from '../src/index.js';
import { onBoth, type TestDatabase } from './databases.js';

const runner = { describe, it, expect };
const nothing = async (): Promise<void> => {};

describe('in memory', () => {
  refreshStoreSuite(runner, async () => ({ store: memoryRefreshStore(), close: nothing }));
  oneTimeStoreSuite(runner, async () => ({ store: memoryOneTimeStore(), close: nothing }));
  trailStoreSuite(runner, async () => ({ store: memoryTrailStore(), close: nothing }));
  keyStoreSuite(runner, async () => ({ store: memoryKeyStore(), close: nothing }));
  accountStoreSuite(runner, async () => ({ store: memoryAccountStore(), close: nothing }));
  lockoutStoreSuite(runner, async () => ({ store: memoryLockoutStore(), close: nothing }));
  mailBudgetStoreSuite(runner, async () => ({ store: memoryMailBudget(), close: nothing }));
  mailBudgetWindowSuite(runner, async () => ({ store: memoryMailBudget(), close: nothing }));
  revocationStoreSuite(runner, async () => {
    let time = 0;
    const setTime = (next: number): void => {
      time = next;
    };
    return { store: { ...memoryRevocations({ now: () => time }), setTime }, close: nothing };
  });
});

onBoth((test) => {
  refreshStoreSuite(runner, () => fixture(test, postgresRefreshStore));
  oneTimeStoreSuite(runner, () => fixture(test, postgresOneTimeStore));
  trailStoreSuite(runner, () => fixture(test, postgresTrailStore));
  keyStoreSuite(runner, () => fixture(test, postgresKeyStore));
  accountStoreSuite(runner, () => fixture(test, postgresAccountStore));
  lockoutStoreSuite(runner, () => fixture(test, postgresLockoutStore));
  mailBudgetStoreSuite(runner, () => fixture(test, postgresMailBudget));
  mailBudgetWindowSuite(runner, () => fixture(test, postgresMailBudget));
  revocationStoreSuite(runner, () =>
    fixture(test, (db) => {
      let time = 0;
      const setTime = (next: number): void => {
        time = next;
      };
      return { ...postgresRevocations(db, { now: () => time }), setTime };
    }),
  );
});

async function fixture<Store>(
  test: TestDatabase,
  make: (db: Database) => Store,
): Promise<{ store: Store; close: () => Promise<void> }> {
  const db = await test.fresh();
  return { store: make(db), close: () => db.close() };
}
