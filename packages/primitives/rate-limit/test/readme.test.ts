import { expect, it } from 'vitest';
import { compileRule, createRateLimiter, rateLimitHeaders } from '../src/index.js';

it('does what the README shows', async () => {
  const limiter = createRateLimiter({ now: () => 1_700_000_000_000 });
  const api = compileRule({ name: 'api', limit: 100, window: '15m' });
  const logins = compileRule({ name: 'logins', limit: 5, window: '1h' });
  const requests = [
    { rule: api, key: '203.0.113.7' },
    { rule: logins, key: 'ada@example.com' },
  ];

  const reservation = await limiter.reserve(requests);
  expect(rateLimitHeaders(reservation.states)).toEqual([
    ['ratelimit-policy', '"api";q=100;w=900, "logins";q=5;w=3600'],
    ['ratelimit', '"api";r=99;t=900, "logins";r=4;t=3600'],
  ]);
  await reservation.refund();
  expect((await limiter.reserve(requests)).states.map((state) => state.remaining)).toEqual([99, 4]);
});
