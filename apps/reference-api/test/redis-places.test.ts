import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { makeCertificates } from '../../../scripts/certificates.mjs';
import { startRedis, startRedisCluster, startRedisSentinel } from '../../../scripts/redis.mjs';
import { type Environment, launchApi, newFolder } from './support/api.js';
import { expectProblem, expectStatus, remaining } from './support/claims.js';
import { address } from './support/client.js';
import { newUser } from './support/journey.js';

vi.setConfig({ testTimeout: 120_000 }); // each is a start of the whole service

const cluster = await startRedisCluster({ tls: true, password: 'canary4711' });
const watched = await startRedisSentinel({
  password: 'canaryOfServers',
  sentinelPassword: 'canaryOfSentinels',
});
const valkey = await startRedis({ flavour: 'valkey' });

const folder = newFolder();

afterAll(async () => {
  for (const started of [cluster, watched, valkey]) if (started.skipped === undefined) await started.stop();
  rmSync(folder, { recursive: true });
});

/** The environment of each place; a file of authorities is written into the folder. */
function environments(folder: string): [where: string, environment: Environment][] {
  const file = (name: string, pem = ''): string => {
    writeFileSync(join(folder, name), pem);
    return join(folder, name);
  };
  const found: [string, Environment][] = [];
  if (cluster.skipped === undefined) {
    const REDIS_URL = cluster.nodes.map(({ url }) => url).join(',');
    found.push(['a cluster over TLS', { REDIS_URL, REDIS_CA_FILE: file('ca.pem', cluster.tls?.ca) }]);
  }
  if (watched.skipped === undefined) {
    const REDIS_URL = watched.sentinels.map(({ url }) => url).join(', ');
    const name = { REDIS_SENTINEL_NAME: watched.name, REDIS_PASSWORD: 'canaryOfServers' };
    found.push(['sentinels with passwords', { REDIS_URL, ...name }]);
  }
  if (valkey.skipped === undefined) found.push(['Valkey', { REDIS_URL: valkey.url }]);
  return found;
}

describe.each(environments(folder))('the API on %s', (_where, environment) => {
  it('counts, locks and revokes there, and is well', async () => {
    const trust = { TRUST_PROXY: '127.0.0.1/32', API_LIMIT: '30' };
    const { api, output } = await launchApi({ ...environment, ...trust });
    expect(api, output).toBeDefined();
    if (!api) return;
    try {
      expectStatus(await api.send('GET', '/healthz'), 200);
      const from = address();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => api.send('GET', '/api/nothing', { from })),
      );
      expect(answers.filter(({ status }) => status === 404)).toHaveLength(30);
      expect(answers.map(remaining).filter((left) => left === 0)).toHaveLength(21);
      const user = await newUser(api);
      expectStatus(await user.send('POST', '/api/auth/logout', { json: {} }), 204);
      expectProblem(await user.send('GET', '/api/me'), 401, 'INVALID_TOKEN');
      expect(api.output()).not.toMatch(/canary|out of reach|REDIS_CIRCUIT/);
    } finally {
      await api.remove();
    }
  });
});

describe('the API', () => {
  it.skipIf(cluster.skipped !== undefined)('does not start on a Redis that it does not trust', async () => {
    if (cluster.skipped !== undefined) return;
    const file = join(folder, 'another.pem');
    writeFileSync(file, makeCertificates().ca);
    const REDIS_URL = cluster.nodes[0]?.url ?? '';
    const { api, ended, output } = await launchApi({ REDIS_URL, REDIS_CA_FILE: file });
    await api?.remove();
    expect(ended?.code).toBe(1);
    expect(output).toMatch(/REDIS_URL/);
    expect(output).toMatch(/certificate/);
    expect(output).not.toContain('canary');
  });
});
