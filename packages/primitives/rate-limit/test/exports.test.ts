import { expect, it } from 'vitest';
import * as rateLimit from '../src/index.js';

it('exports these names and no other', () => {
  expect(Object.keys(rateLimit).sort()).toEqual([
    'compileRule',
    'concurrency',
    'countWindow',
    'createAccessList',
    'createPenalties',
    'createRateLimiter',
    'decideLimit',
    'fixedWindow',
    'gcra',
    'inspectLimit',
    'judgeWindow',
    'leasedRateLimitStore',
    'legacyRateLimitHeaders',
    'memoryPenaltyStore',
    'memoryRateLimitStore',
    'offend',
    'peekWindow',
    'penaltyEnd',
    'penaltyOf',
    'rateLimitHeaders',
    'refundLimit',
    'refundWindow',
    'slideWindow',
    'slidingLog',
    'slidingWindow',
    'tokenBucket',
    'windowEnd',
  ]);
});
