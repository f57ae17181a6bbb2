import { expect, it } from 'vitest';
import * as rateLimit from '../src/index.js';

it('exports these names and no other', () => {
  expect(Object.keys(rateLimit).sort()).toEqual([
    'compileRule',
    'countWindow',
    'createRateLimiter',
    'judgeWindow',
    'memoryRateLimitStore',
    'peekWindow',
    'rateLimitHeaders',
    'refundWindow',
    'slideWindow',
    'windowEnd',
  ]);
});
