export type { RateLimitErrorCode } from './errors.js';
export { type HeaderList, type ReportedState, rateLimitHeaders } from './headers.js';
export { createRateLimiter, type RateLimiter, type RateLimiterOptions } from './limiter.js';
export {
  type MemoryRateLimitStore,
  type MemoryRateLimitStoreOptions,
  memoryRateLimitStore,
} from './memory-store.js';
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
export type { LimitEntry, MaybePromise, RateLimitStore, RefundEntry } from './store.js';
