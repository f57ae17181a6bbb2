import { connectRedis, pingRedis } from '@secapi/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPostgres } from '../../../scripts/postgres.mjs';
import { startRedisCluster } from '../../../scripts/redis.mjs';
import { type Fleet, startFleet } from './fleet/fleet.js';
import { strangers } from './fleet/load.js';
import { moveSlot } from './fleet/reshard.js';
import { type Cost, endure, printCosts, soak, type Trouble } from './fleet/trouble.js';
import { expectProblem, remaining } from './support/claims.js';
import { address, type Received } from './support/client.js';
import { join, login, newPerson } from './support/journey.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const limit = 200;
const lanes = 40;
const loginLimit = 5;
const wrong = 'a password of nobody at all';
const rounds = soak ? 3 : 1;
const cluster = await startRedisCluster();
const postgres = await startPostgres();
const skipped = cluster.skipped ?? postgres.skipped;

describe.skipIf(skipped !== undefined)('four processes behind one cluster', () => {
  if (cluster.skipped !== undefined || postgres.skipped !== undefined) return;
  let fleet: Fleet;
  const admins: ReturnType<typeof connectRedis>[] = [];
  const costs: Cost[] = [];
  const nth = (index: number): Fleet['apis'][number] => {
    const api = fleet.apis[index % fleet.apis.length];
    if (!api) throw new Error('the fleet is empty');
    return api;
  };

  beforeAll(async () => {
    const urls = cluster.nodes.map(({ url }) => url);
    fleet = await startFleet(limit, postgres.url, {
      REDIS_URL: urls.join(','),
      LOGIN_LIMIT: String(loginLimit),
    });
    for (const url of urls) {
      const admin = connectRedis(url, { commandTimeout: '10s' });
      admins.push(admin);
      expect(await pingRedis(admin, '5s')).toEqual({ ok: true });
    }
    for (let i = 0; i < 80; i++) await strangers(nth(i)); // a first request takes longer than it should
  });
  afterAll(async () => {
    printCosts('A cluster of three masters', costs);
    for (const admin of admins) admin.disconnect();
    await fleet?.stop();
    await Promise.all([cluster.stop(), postgres.stop()]);
  });

  it(`lets exactly ${limit} of ${3 * limit} in 40 lanes through, counting down to 0 over all of them`, async () => {
    const from = address();
    const answers: Received[] = [];
    const lane = async (index: number): Promise<void> => {
      for (let i = 0; i < (3 * limit) / lanes; i++)
        answers.push(await nth(index + i).send('GET', '/api/posts', { from }));
    };
    await Promise.all(Array.from({ length: lanes }, (_, index) => lane(index)));
    const passed = answers.filter(({ status }) => status === 401);
    expect(passed).toHaveLength(limit);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2 * limit);
    const counts = passed.map(remaining).sort((a, b) => b - a);
    expect(counts).toEqual(Array.from({ length: limit }, (_, index) => limit - 1 - index));
    for (const answer of answers.filter(({ status }) => status === 429)) {
      expect(remaining(answer)).toBe(0);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    for (const api of fleet.apis) {
      const refused = await api.send('GET', '/api/posts', { from });
      expectProblem(refused, 429, 'RATE_LIMITED');
      expect(refused.headers['ratelimit-policy']).toMatch(new RegExp(`^"api";q=${limit};w=900`));
      expect(remaining(await api.send('GET', '/api/posts', { from: address() }))).toBe(limit - 1);
    }
  });

  it(`answers ${loginLimit} of 20 failures of one client at once, wherever they arrive, and refuses the others`, async () => {
    const from = address();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => login(nth(i), { ...newPerson(), password: wrong }, { from })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(loginLimit);
    for (const answer of answers.filter(({ status }) => status !== 401))
      expectProblem(answer, 429, 'RATE_LIMITED');
  });

  it(`locks an account at ${loginLimit} failures that arrive everywhere, and not at one fewer`, async () => {
    const people = await Promise.all([join(nth(0)), join(nth(0))]);
    const guesses = people.flatMap(({ email }, i) =>
      Array.from({ length: loginLimit - i }, (_, at) => login(nth(at), { email, password: wrong })),
    );
    for (const answer of await Promise.all(guesses)) expectProblem(answer, 401, 'INVALID_CREDENTIALS');
    const [locked, open] = people;
    if (!locked || !open) throw new Error('nobody is there');
    for (const api of fleet.apis) {
      expectProblem(await login(api, locked), 401, 'INVALID_CREDENTIALS');
      expect((await login(api, open)).status).toBe(200);
    }
  });

  const frozen: Trouble = {
    name: 'all frozen',
    begin: async () => {
      for (const node of cluster.nodes) node.pause();
    },
    end: async () => {
      for (const node of cluster.nodes) node.resume();
    },
    lasts: 3_000, // no longer than the nodes wait for each other
  };
  const troubles: readonly Trouble[] = [
    { name: 'resharded', begin: () => moveSlot(admins), end: async () => {}, lasts: 0, short: true },
    ...(soak ? [frozen] : []),
  ];
  const all = Array.from({ length: rounds }, () => troubles).flat();
  it.each(all)('nobody waits, nothing fails and all is soon well: $name', async (trouble) => {
    costs.push(await endure(fleet, trouble));
  });
});
