import { afterAll, describe, it } from 'vitest';
import { startPostgres } from '../../../scripts/postgres.mjs';
import { contractSuite } from './contract/suite.js';

const server = await startPostgres();

if (server.skipped !== undefined) {
  describe('the contract on a PostgreSQL server', () => {
    it.skip(`is not judged: ${server.skipped}`);
  });
} else {
  contractSuite('a PostgreSQL server', { FRAMEWORK: 'fastify', DATABASE_URL: server.url });
  afterAll(() => server.stop());
}
