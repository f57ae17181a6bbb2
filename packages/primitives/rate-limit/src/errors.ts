/** The codes of the errors that a limiter reports: the store failed, or didn't answer before the deadline. */
export type RateLimitErrorCode = 'RATE_LIMIT_STORE_FAILED' | 'RATE_LIMIT_STORE_TIMEOUT';
