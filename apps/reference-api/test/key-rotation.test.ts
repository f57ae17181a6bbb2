import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../scripts/postgres.mjs';
import { type Api, startApi } from './support/api.js';
import { expectStatus } from './support/claims.js';
import { administrator, login, newUser, signIn, type User, withAdministrator } from './support/journey.js';
import { until } from './support/wait.js';

const frameworks = ['express', 'fastify', 'koa'];
const settings = {
  TRUST_PROXY: '127.0.0.1/32',
  API_LIMIT: '1000000',
  KEY_PUBLISH_FOR: '2s',
  ...withAdministrator,
};

const kidOf = (token: string): string => {
  const header = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString();
  return (JSON.parse(header) as { kid: string }).kid;
};

/** Asks without a pause, everywhere, with tokens old and new, until it is told to stop; what was not 200 is noted. */
function load(apis: readonly Api[], user: User) {
  const seen = { kids: new Set<string>(), requests: 0, wrong: [] as string[] };
  const tokens = [user.accessToken];
  let running = true;
  const somewhere = (): Api => apis[seen.requests % apis.length] as Api; // there is one at least
  async function read(): Promise<void> {
    while (running) {
      const token = tokens[seen.requests % tokens.length];
      const answer = await somewhere().send('GET', '/api/me', { token });
      seen.requests++;
      if (answer.status !== 200) seen.wrong.push(`${answer.status} ${answer.text}`);
    }
  }
  async function sign(): Promise<void> {
    while (running) {
      const answer = await login(somewhere(), user);
      const { accessToken } = answer.json<{ accessToken: string }>();
      tokens.push(accessToken);
      seen.kids.add(kidOf(accessToken));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const workers = [sign(), ...Array.from({ length: 6 }, read)];
  return {
    seen,
    async stop() {
      running = false;
      await Promise.all(workers);
    },
  };
}

/** Rotates the keys twice under load, and waits until each new key signs. */
async function rotateUnderLoad(apis: readonly Api[]): Promise<void> {
  const [api] = apis as readonly [Api];
  const admin = await signIn(api, administrator);
  const user = await newUser(api);
  const { seen, stop } = load(apis, user);
  try {
    for (let turn = 0; turn < 2; turn++) {
      const rotation = await admin.send('POST', '/api/keys/rotate');
      expectStatus(rotation, 202);
      const { kid } = rotation.json<{ kid: string }>();
      await until(`the new key ${turn} to sign`, () => seen.kids.has(kid), 20_000);
    }
  } finally {
    await stop();
  }
  expect(seen.wrong).toEqual([]);
  expect(seen.kids.size).toBeGreaterThanOrEqual(3);
  expect(seen.requests).toBeGreaterThan(200);
  // The very first token, of a key that has two successors, is good until it expires.
  for (const each of apis) expectStatus(await each.send('GET', '/api/me', { token: user.accessToken }), 200);
}

describe.each(frameworks)('signing keys rotate under a constant load (%s)', (framework) => {
  it('with not one request refused', async () => {
    const api = await startApi({ ...settings, FRAMEWORK: framework });
    try {
      await rotateUnderLoad([api]);
    } finally {
      await api.remove();
    }
  }, 90_000);
});

describe('a signing key that was stolen', () => {
  it('is dropped by an administrator: what it signed is refused, and signing in again works at once', async () => {
    const api = await startApi({ ...settings, FRAMEWORK: 'fastify' });
    try {
      const admin = await signIn(api, administrator);
      const user = await newUser(api);
      expect((await user.send('DELETE', `/api/keys/${kidOf(user.accessToken)}`)).status).toBe(403);
      expect((await admin.send('DELETE', '/api/keys/nobody')).status).toBe(404);
      expectStatus(await admin.send('DELETE', `/api/keys/${kidOf(user.accessToken)}`), 204);
      expect((await user.send('GET', '/api/me')).status).toBe(401);
      expect((await admin.send('GET', '/api/me')).status).toBe(401);
      const again = await signIn(api, user);
      expectStatus(await again.send('GET', '/api/me'), 200);
    } finally {
      await api.remove();
    }
  }, 60_000);
});

describe('signing keys of two processes on one PostgreSQL', async () => {
  const server = await startPostgres();
  if (server.skipped !== undefined) {
    it.skip(`are not judged: ${server.skipped}`);
    return;
  }
  afterAll(() => server.stop());

  it('rotate together: what one signs the other takes, at every moment', async () => {
    const secret = (): string => randomBytes(32).toString('base64url');
    const shared = {
      ...settings,
      DATABASE_URL: server.url,
      PASSWORD_PEPPER: secret(),
      DEVICE_KEY: secret(),
      LIMIT_KEY: secret(),
      KEY_SEAL: `s1:${secret()}`,
    };
    const first = await startApi({ ...shared, FRAMEWORK: 'fastify' });
    const second = await startApi({ ...shared, FRAMEWORK: 'koa' });
    try {
      await rotateUnderLoad([first, second]);
    } finally {
      await first.remove();
      await second.remove();
    }
  }, 120_000);
});
