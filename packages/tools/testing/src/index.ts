// Adapters

// Stores
export { accountStoreSuite } from './account-store.js';
export { listen, portOf, type Received, type Sent, send } from './adapter/client.js';
export type { AdapterHarness, HandlerStyle, HarnessRoute } from './adapter/harness.js';
export { oddSpellings } from './adapter/paths.js';
export { adapterSuite } from './adapter/suite.js';
export { keyStoreSuite } from './key-store.js';
export { type LockoutFixture, lockoutStoreSuite } from './lockout-store.js';
export { mailBudgetStoreSuite } from './mail-budget-store.js';
export { oneTimeStoreSuite } from './one-time-store.js';
export { refreshStoreSuite } from './refresh-store.js';
export { type RevocationFixture, revocationStoreSuite } from './revocation-store.js';
export type { Fixture, LifecycleRunner, TestRunner } from './runner.js';
export { trailStoreSuite } from './trail-store.js';
