import { createHash, randomBytes } from 'node:crypto';
import { createRunner, identifier, sql } from '@secapi/sql';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../scripts/postgres.mjs';
import { startRedis } from '../../../scripts/redis.mjs';
import { type Api, startApi } from './support/api.js';
import { expectStatus } from './support/claims.js';
import {
  administrator,
  join,
  login,
  newPerson,
  refresh,
  register,
  signIn,
  withAdministrator,
} from './support/journey.js';
import { signingKey } from './support/signing-key.js';

const servers = { postgres: await startPostgres(), redis: await startRedis() };

/** Every secret that a journey through all flows was given, by what it is. */
async function journey(api: Api): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  const person = await join(api);
  const user = await signIn(api, person);
  secrets.set('a password', person.password);
  secrets.set('an access token', user.accessToken);
  secrets.set('the signature of an access token', user.accessToken.split('.')[2] ?? '');
  secrets.set('a refresh token', user.refresh);
  secrets.set('a device cookie', user.device);
  secrets.set('the nonce of a device cookie', user.device.split('.')[1] ?? '');
  const rotated = await refresh(api, user.refresh);
  secrets.set('the next refresh token', rotated.cookie('__Host-refresh') ?? '');

  const waiting = newPerson();
  secrets.set('a password that waits', waiting.password);
  secrets.set('a token to verify an address', await register(api, waiting));
  expectStatus(await api.send('POST', '/api/auth/password-reset', { json: { email: person.email } }), 202);
  secrets.set('a token to reset a password', (await api.mail(person.email)).token ?? '');
  await login(api, { email: person.email, password: 'a wrong guess of somebody' });
  secrets.set('a wrong guess', 'a wrong guess of somebody');

  const admin = await signIn(api, administrator);
  secrets.set('the password of the administrator', administrator.password);
  expectStatus(await admin.send('POST', '/api/keys/rotate'), 202);
  const changed = 'another kettle under eight umbrellas';
  const json = { current: person.password, password: changed };
  expectStatus(await user.send('POST', '/api/auth/change-password', { json }), 204);
  secrets.set('a changed password', changed);
  return secrets;
}

/** All that a database holds, as one text: every row of every table. */
async function dumpPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts = [];
  for (const { name } of tables.rows) {
    const table = identifier(name, [name]);
    const rows = await createRunner(client).query<{ row: string }>(
      sql`SELECT t::text AS row FROM ${table} t`,
    );
    texts.push(name, ...rows.map(({ row }) => row));
  }
  await client.end();
  return texts.join('\n');
}

/** All that a Redis holds, as one text: every key and, as Redis writes it to disk, every value. */
async function dumpRedis(url: string): Promise<string> {
  const redis = new Redis(url);
  const texts: string[] = [];
  for (const key of await redis.keys('*')) {
    texts.push(key, (await redis.dumpBuffer(key))?.toString('latin1') ?? '');
  }
  redis.disconnect();
  return texts.join('\n');
}

describe('what a thief of the stores gets', () => {
  const { postgres, redis } = servers;
  if (postgres.skipped !== undefined || redis.skipped !== undefined) {
    it.skip(`is not judged: ${postgres.skipped ?? ''} ${redis.skipped ?? ''}`);
    return;
  }
  afterAll(async () => {
    await postgres.stop();
    await redis.stop();
  });

  it('is none of the secrets that were issued, in no spelling', async () => {
    const bytes = (): string => randomBytes(32).toString('base64url');
    const own = {
      PASSWORD_PEPPER: bytes(),
      DEVICE_KEY: bytes(),
      LIMIT_KEY: bytes(),
      KEY_SEAL: `s1:${bytes()}`,
    };
    const api = await startApi({
      TRUST_PROXY: '127.0.0.1/32',
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      SIGNING_KEYS: JSON.stringify({ keys: [signingKey] }),
      ...own,
      ...withAdministrator,
    });
    try {
      const secrets = await journey(api);
      secrets.set('the private signing key', signingKey.d ?? '');
      for (const [name, value] of Object.entries(own)) secrets.set(name, value.replace('s1:', ''));
      const dumps = { PostgreSQL: await dumpPostgres(postgres.url), Redis: await dumpRedis(redis.url) };
      expect(dumps.PostgreSQL).toContain('secapi_refresh_token');
      expect(dumps.PostgreSQL).toContain('$argon2id$');
      expect(dumps.Redis.length).toBeGreaterThan(100);
      for (const [what, secret] of secrets) {
        expect(secret.length, what).toBeGreaterThan(20);
        for (const spelling of spellings(secret)) {
          for (const [store, dump] of Object.entries(dumps)) {
            expect(dump.includes(spelling), `${what} is in ${store}`).toBe(false);
          }
        }
      }
      // A thief can't look for a guess either: Redis holds keyed digests of addresses, never plain ones.
      const { email } = administrator;
      for (const trace of [email, createHash('sha256').update(email).digest('hex')]) {
        expect(dumps.Redis.includes(trace)).toBe(false);
      }
    } finally {
      await api.remove();
    }
  }, 60_000);
});

/** A secret as it is, and as careless code might keep it. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const own = /^[\w-]+$/.test(secret) ? [Buffer.from(secret, 'base64url').toString('hex')] : [];
  return [secret, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url'), ...own];
}
