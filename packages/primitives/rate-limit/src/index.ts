export type { MaybePromise } from '@secapi/kernel';
export { type AccessListOptions, createAccessList } from './access-list.js';
export {
  type AlgorithmName,
  type AlgorithmRequest,
  decideLimit,
  inspectLimit,
  type LimitAlgorithm,
  type LimitBounds,
  refundLimit,
} from './algorithms/algorithm.js';
export { concurrency } from './algorithms/concurrency.js';
export { type FixedWindowState, fixedWindow } from './algorithms/fixed-window.js';
export { type GcraState, gcra } from './algorithms/gcra.js';
export { type SlidingLogState, slidingLog } from './algorithms/sliding-log.js';
export { slidingWindow } from './algorithms/sliding-window.js';
export { type TokenBucketState, tokenBucket } from './algorithms/token-bucket.js';
export type { RateLimitErrorCode } from './errors.js';
export { type HeaderList, legacyRateLimitHeaders, type ReportedState, rateLimitHeaders } from './headers.js';
export { type LeasedRateLimitStoreOptions, leasedRateLimitStore } from './leased-store.js';
export { createRateLimiter, type RateLimiter, type RateLimiterOptions } from './limiter.js';
export {
  type MemoryRateLimitStore,
  type MemoryRateLimitStoreOptions,
  memoryRateLimitStore,
} from './memory-store.js';
export { createPenalties, type Penalties, type PenaltiesOptions, type PenaltyOptions } from './penalties.js';
export {
  offend,
  type Penalty,
  type PenaltyBounds,
  type PenaltyState,
  penaltyEnd,
  penaltyOf,
} from './penalty.js';
export {
  type MemoryPenaltyStore,
  type MemoryPenaltyStoreOptions,
  memoryPenaltyStore,
  type PenaltyStore,
} from './penalty-store.js';
export type { LimitRequest, Reservation, RuleState } from './reservation.js';
export { type CompiledRule, compileRule, type LimitRule } from './rule.js';
export {
  countWindow,
  judgeWindow,
  type LimitState,
  peekWindow,
  refundWindow,
  slideWindow,
  type WindowCounter,
  type WindowRequest,
  windowEnd,
} from './sliding-window.js';
export type { LimitEntry, RateLimitStore, RefundEntry } from './store.js';
export type { WhenStoreFails } from './when-store-fails.js';
