export type { RateLimitErrorCode } from './errors.js';
export { type HeaderList, type ReportedState, rateLimitHeaders } from './headers.js';
export {
  createRateLimiter,
  type LimitRequest,
  type RateLimiter,
  type RateLimiterOptions,
  type Reservation,
  type RuleState,
} from './limiter.js';
export {
  type MemoryRateLimitStore,
  type MemoryRateLimitStoreOptions,
  memoryRateLimitStore,
} from './memory-store.js';
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
