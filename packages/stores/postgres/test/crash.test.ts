import {
  accountStoreOperations,
  accountStoreStorms,
  type CrashFixture,
  crashSuite,
  type Faults,
  faultyDatabase,
  keyStoreOperations,
  keyStoreStorms,
  lockoutStoreOperations,
  lockoutStoreStorms,
  mailBudgetStoreOperations,
  mailBudgetStoreStorms,
  type Operation,
  oneTimeStoreOperations,
  oneTimeStoreStorms,
  refreshStoreOperations,
  refreshStoreStorms,
  revocationStoreOperations,
  revocationStoreStorms,
  type Storm,
  stormSuite,
  trailStoreOperations,
  trailStoreStorms,
} from '@secapi/testing';
import { afterAll, describe, expect, it } from 'vitest';
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
import { onBoth } from './databases.js';

const runner = { describe, it, expect };
const now = (): number => 1_800_000_000_000;
// One statement, and no TRUNCATE: with that, emptying would take longer than all the rest.
const empty = `DO $$ BEGIN
  ALTER TABLE secapi_trail DISABLE TRIGGER USER;
  ${['refresh_family', 'one_time_token', 'revocation', 'key_ring', 'account', 'pending_registration', 'lockout', 'mail_budget', 'trail'].map((table) => `DELETE FROM secapi_${table};`).join(' ')}
  ALTER TABLE secapi_trail ENABLE TRIGGER USER;
  UPDATE secapi_trail_head SET position = 0, hash = repeat('0', 64);
END $$`;

onBoth((test) => {
  let fresh: Promise<Database> | undefined;
  afterAll(async () => (await fresh)?.close());

  /** A store over the same tables each time, emptied. */
  const over =
    <Store>(make: (db: Database) => Store) =>
    async (faults: Faults): Promise<CrashFixture<Store>> => {
      fresh ??= test.fresh();
      const db = await fresh;
      await db.query(empty);
      return { store: make(faultyDatabase(db, faults)), witness: make(db), close: async () => {} };
    };
  const crash = <Store>(
    operations: readonly Operation<Store>[],
    storms: readonly Storm<Store>[],
    make: (db: Database) => Store,
  ): void => {
    crashSuite(runner, operations, over(make));
    stormSuite(runner, storms, over(make));
  };

  describe('refresh families', () => crash(refreshStoreOperations, refreshStoreStorms, postgresRefreshStore));
  describe('one-time tokens', () => crash(oneTimeStoreOperations, oneTimeStoreStorms, postgresOneTimeStore));
  describe('revocations', () =>
    crash(revocationStoreOperations, revocationStoreStorms, (db: Database) =>
      postgresRevocations(db, { now }),
    ));
  describe('key rings', () =>
    crash(keyStoreOperations, keyStoreStorms, (db: Database) => postgresKeyStore(db)));
  describe('accounts', () => crash(accountStoreOperations, accountStoreStorms, postgresAccountStore));
  describe('lockouts', () => crash(lockoutStoreOperations, lockoutStoreStorms, postgresLockoutStore));
  describe('budgets of mails', () =>
    crash(mailBudgetStoreOperations, mailBudgetStoreStorms, postgresMailBudget));
  describe('the trail', () => crash(trailStoreOperations, trailStoreStorms, postgresTrailStore));
});
