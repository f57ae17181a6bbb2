// Adapters

// Stores
export { accountStoreSuite } from './account-store.js';
export { listen, portOf, type Received, type Sent, send } from './adapter/client.js';
export { type AdapterHarness, type HandlerStyle, type HarnessRoute, piecesOf } from './adapter/harness.js';
export { oddSpellings } from './adapter/paths.js';
export { adapterSuite } from './adapter/suite.js';
export { type Canaries, createCanaries, type Leak, type Outputs } from './canaries/canaries.js';
export {
  accountStoreOperations,
  lockoutStoreOperations,
  mailBudgetStoreOperations,
} from './crash/account-operations.js';
export { type CrashFixture, crashSuite, type Operation } from './crash/crash-suite.js';
export { createFaults, type FaultMoment, type Faults, InjectedFault } from './crash/faults.js';
export { faultyClient } from './crash/faulty-client.js';
export { faultyDatabase, type SqlDatabase } from './crash/faulty-database.js';
export { keyStoreOperations, trailStoreOperations } from './crash/other-operations.js';
export {
  oneTimeStoreOperations,
  refreshStoreOperations,
  revocationStoreOperations,
} from './crash/session-operations.js';
export { type Storm, stormSuite } from './crash/storm-suite.js';
export {
  accountStoreStorms,
  keyStoreStorms,
  lockoutStoreStorms,
  mailBudgetStoreStorms,
  oneTimeStoreStorms,
  refreshStoreStorms,
  revocationStoreStorms,
  trailStoreStorms,
} from './crash/storms.js';
export { forgedTokens } from './forged/forged-tokens.js';
export type { ForgedToken, ForgeryInput, PublicJwks } from './forged/parts.js';
export {
  type ForgeryReport,
  type ForgeryRun,
  refusesForgedTokens,
} from './forged/refuses-forged-tokens.js';
export { keyStoreSuite } from './key-store.js';
export { type LockoutFixture, lockoutStoreSuite } from './lockout-store.js';
export {
  type MailBudgetFixture,
  mailBudgetStoreSuite,
  mailBudgetWindowSuite,
} from './mail-budget-store.js';
export {
  describeSessionModel,
  type SessionModelOptions,
  type TimedRunner,
} from './model/session-model.js';
export type { SessionStores } from './model/system.js';
export { oneTimeStoreSuite } from './one-time-store.js';
export { refreshStoreSuite } from './refresh-store.js';
export { type RevocationFixture, revocationStoreSuite } from './revocation-store.js';
export type { Fixture, LifecycleRunner, TestRunner } from './runner.js';
export { trailStoreSuite } from './trail-store.js';
