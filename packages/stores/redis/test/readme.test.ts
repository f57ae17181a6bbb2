import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import { createOneTimeTokens, createRefreshFamilies } from '@secapi/tokens';
import { expect, it } from 'vitest';
import {
  connectRedis,
  pingRedis,
  redisLockoutStore,
  redisOneTimeStore,
  redisRateLimitStore,
  redisRefreshStore,
  redisRevocations,
} from '../src/index.js';
import { describeWithRedis } from './support.js';

describeWithRedis('the README', (bench) => {
  it('shows what works', async () => {
    const redis = connectRedis(bench.server.url);
    try {
      expect(await pingRedis(redis, '2s')).toEqual({ ok: true });
      const key = crypto.getRandomValues(new Uint8Array(32));
      const limiter = createRateLimiter({ store: redisRateLimitStore(redis, { key }) });
      const lockout = redisLockoutStore(redis, { key });
      const revocations = redisRevocations(redis, { key });
      const sessions = createRefreshFamilies({ store: redisRefreshStore(redis, { key }) });
      const oneTime = createOneTimeTokens({ store: redisOneTimeStore(redis, { key }) });

      const api = compileRule({ name: 'api', limit: 100, window: '15m' });
      const reservation = await limiter.reserve([{ rule: api, key: '203.0.113.7' }]);
      expect(reservation).toMatchObject({ allowed: true, decidedBy: 'store' });
      const policy = { limit: 5, windowMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 3_600_000 };
      expect(await lockout.attempt('ada', policy, Date.now())).toEqual({ allowed: true, failures: 1 });
      await revocations.revoke({ kind: 'session', id: 's', at: Date.now(), until: Date.now() + 900_000 });
      expect(await revocations.isRevoked({ jti: 't', sid: 's', sub: 'ada', iat: 0 })).toBe(true);
      const { token } = await sessions.start({ subject: 'ada' });
      expect(await sessions.rotate(token)).toMatchObject({ ok: true, raced: false });
      const mail = await oneTime.issue({ purpose: 'reset', subject: 'ada', lifetime: '15m' });
      expect(await oneTime.consume({ purpose: 'reset', token: mail.token })).toEqual({
        ok: true,
        subject: 'ada',
      });
    } finally {
      redis.disconnect();
    }
  });
});
