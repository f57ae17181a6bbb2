import { afterAll, describe, it } from 'vitest';
import { startRedis } from '../../../scripts/redis.mjs';
import { claimsAboutState, contractSuite } from './contract/suite.js';

const server = await startRedis();

if (server.skipped !== undefined) {
  describe('the contract with Redis', () => {
    it.skip(`is not judged: ${server.skipped}`);
  });
} else {
  contractSuite('Express with Redis', { FRAMEWORK: 'express', REDIS_URL: server.url }, claimsAboutState);
  afterAll(() => server.stop());
}
