import type { LimitAlgorithm } from './algorithm.js';
import { type SlidingLogState, slidingLog } from './sliding-log.js';

/**
 * Counts what is held at the same time: `limit` at most. A refund ends a lease; one that nobody ends (the process died) expires after
 * `windowMs`. Waits are those until leases expire: the longest that it can take.
 */
export const concurrency: LimitAlgorithm<SlidingLogState> = { ...slidingLog, name: 'concurrency' };
