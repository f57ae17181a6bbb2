import {
  type CrashFixture,
  crashSuite,
  type Faults,
  faultyClient,
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
} from '@secapi/testing';
import { describe, expect, it } from 'vitest';
import { redisOneTimeStore, redisRefreshStore, redisRevocations } from '../src/index.js';
import type { RedisClient } from '../src/internal/call.js';
import { lockoutStore } from '../src/lockout-store.js';
import { mailBudget } from '../src/mail-budget.js';
import { describeOnBoth } from './support.js';

const runner = { describe, it, expect };
const options = { deadline: '5s' } as const;
const now = (): number => 1_800_000_000_000;

describeOnBoth('whatever breaks at whichever call', (bench) => {
  const breaking = <Store>(
    operations: readonly Operation<Store>[],
    storms: readonly Storm<Store>[],
    make: (client: RedisClient) => Store,
  ): void => {
    const over = async (faults: Faults): Promise<CrashFixture<Store>> => {
      await bench.flush();
      const store = make(faultyClient(bench.client, faults, ['call']));
      return { store, witness: make(bench.client), close: async () => {} };
    };
    crashSuite(runner, operations, over);
    stormSuite(runner, storms, over);
  };

  breaking(refreshStoreOperations, refreshStoreStorms, (client) => redisRefreshStore(client, options));
  breaking(oneTimeStoreOperations, oneTimeStoreStorms, (client) =>
    redisOneTimeStore(client, { ...options, now }),
  );
  breaking(revocationStoreOperations, revocationStoreStorms, (client) =>
    redisRevocations(client, { ...options, now }),
  );
  breaking(lockoutStoreOperations, lockoutStoreStorms, (client) => lockoutStore(client, options, true));
  breaking(mailBudgetStoreOperations, mailBudgetStoreStorms, (client) => mailBudget(client, options, true));
});
