import { expect, it } from 'vitest';
import * as rateLimit from '../src/index.js';

it('exports these names and no other', () => {
  expect(Object.keys(rateLimit).sort()).toEqual([
    'compileRule',
    'concurrency',
    'countWindow',
    'createRateLimiter',
    'decideLimit',
    'fixedWindow',
    'gcra',
    'inspectLimit',
    'judgeWindow',
    'legacyRateLimitHeaders',
    'memoryRateLimitStore',
    'peekWindow',
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
