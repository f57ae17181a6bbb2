import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAccounts, type Hasher, memoryAccountStore } from '@secapi/accounts';
import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import {
  createAccessTokenIssuer,
  createKeyRing,
  createOneTimeTokens,
  createRefreshFamilies,
  generateKey,
} from '@secapi/tokens';
import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import {
  redisLockoutStore,
  redisMailBudget,
  redisOneTimeStore,
  redisRateLimitStore,
  redisRefreshStore,
  redisRevocations,
} from '../src/index.js';
import { describeWithRedis } from './support.js';

const email = 'alice@mail.example';
const passwords = [
  'correct horse battery staple',
  'another fifteen characters',
  'a guess that is wrong',
] as const;
const [password, newPassword, guess] = passwords;

/** scrypt at a cost that is right for tests alone. */
const hasher: Hasher = {
  async hash(text) {
    const salt = randomBytes(16);
    return `${salt.toString('hex')}:${scryptSync(text, salt, 32, { N: 16 }).toString('hex')}`;
  },
  async verify(text, hash = `${'0'.repeat(32)}:${'0'.repeat(64)}`) {
    const [salt = '', digest = ''] = hash.split(':');
    const found = scryptSync(text, Buffer.from(salt, 'hex'), 32, { N: 16 });
    return { ok: timingSafeEqual(found, Buffer.from(digest, 'hex')), needsRehash: false };
  },
};

/** A life with accounts over Redis: every secret that anybody got on the way, and the id of the account. */
async function live(redis: Redis, key: Uint8Array | undefined) {
  const options = { deadline: '5s', ...(key ? { key } : {}) } as const;
  const mails: { to: string; token?: string | undefined }[] = [];
  const names = {
    keys: await createKeyRing({ keys: [await generateKey()] }),
    issuer: 'https://api.example',
    audience: 'https://api.example',
  };
  const families = createRefreshFamilies({ store: redisRefreshStore(redis, options) });
  const accounts = createAccounts({
    store: memoryAccountStore(),
    hasher,
    passwordRules: { check: () => ({ ok: true }) },
    sessions: families,
    issuer: createAccessTokenIssuer(names),
    oneTime: createOneTimeTokens({ store: redisOneTimeStore(redis, options) }),
    revocations: redisRevocations(redis, options),
    lockout: { store: redisLockoutStore(redis, options) },
    mailBudget: { store: redisMailBudget(redis, options) },
    mailer: { send: async (mail) => void mails.push(mail) },
    devices: { key: new Uint8Array(32).fill(7) },
  });
  const limiter = createRateLimiter({ store: redisRateLimitStore(redis, options) });
  const client = { address: '203.0.113.7', userAgent: 'test' };
  const secrets: string[] = [...passwords];
  const mailed = async (): Promise<string> => {
    await accounts.idle();
    const token = mails.at(-1)?.token ?? '';
    secrets.push(token);
    return token;
  };

  await accounts.register({ email, password, name: 'Alice' });
  await accounts.verifyEmail({ token: await mailed() });
  let deviceCookie: string | undefined;
  let subject = '';
  for (let i = 0; i < 3; i++) {
    const result = await accounts.login({ email, password, deviceCookie, client });
    if (!result.ok) throw new Error('no login');
    subject = result.account.id;
    deviceCookie = result.deviceCookie.value;
    secrets.push(result.accessToken, result.refreshToken, deviceCookie, deviceCookie.split('.')[1] ?? '');
    let { refreshToken } = result;
    for (let turn = 0; turn < 3; turn++) {
      const all = await Promise.all([1, 2].map(() => accounts.refresh({ token: refreshToken, client })));
      for (const refreshed of all)
        if (refreshed.ok) secrets.push(refreshed.refreshToken, refreshed.accessToken);
      refreshToken = secrets.at(-2) ?? '';
    }
    await accounts.login({ email, password: guess, deviceCookie });
    await accounts.login({ email, password: guess });
    if (i === 0) await accounts.logout({ subject, session: result.session.id });
    await limiter.reserve([{ rule: compileRule({ name: 'login', limit: 5, window: '1h' }), key: email }]);
  }
  await accounts.requestPasswordReset({ email });
  await accounts.confirmPasswordReset({ token: await mailed(), password: newPassword });
  await accounts.requestPasswordReset({ email }); // a token that stays unused
  await mailed();
  const last = await accounts.login({ email, password: newPassword, deviceCookie });
  if (!last.ok) throw new Error('no login'); // its session stays
  secrets.push(last.refreshToken, last.accessToken);
  return { secrets, subject };
}

/** What somebody holds who has the server's disk: the snapshot, the log of writes, the log. */
function filesIn(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  expect(files.map(({ name }) => name)).toContain('dump.rdb');
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}

describeWithRedis(
  'a captured dump',
  (bench) => {
    it.each([
      ['with a key', new Uint8Array(32).fill(5)],
      ['without one', undefined],
    ])('holds no secret that was issued and no address of mail, %s', async (_title, key) => {
      const { secrets, subject } = await live(bench.redis, key);
      expect(secrets.every((secret) => secret.length > 15)).toBe(true);
      expect(secrets.length).toBeGreaterThan(50);
      await bench.server.admin.save();
      const dump = filesIn(bench.server.folder);
      expect(dump.includes(subject)).toBe(true); // so what stands there is found
      for (const secret of [...secrets, email]) {
        for (const bytes of [secret, Buffer.from(secret, 'base64url'), Buffer.from(secret).toString('hex')]) {
          expect(dump.includes(bytes)).toBe(false);
        }
      }
      for (const name of await bench.server.admin.keys('*')) {
        const value = `${name} ${await bench.server.admin.get(name)}`;
        for (const secret of [...secrets, email]) expect(value).not.toContain(secret);
      }
    });
  },
  { appendOnly: true, settings: { rdbcompression: 'no' } },
);
