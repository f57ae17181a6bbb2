import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../../scripts/certificates.mjs';
import { loadEnvironment } from '../src/environment.js';
import type { RedisConfig } from '../src/redis-config.js';
import { type Environment, newFolder } from './support/api.js';
import { newSecrets } from './support/secrets.js';

const one = 'redis://:hunter2@10.0.0.1:6379';
const other = 'redis://:hunter2@10.0.0.2:6379';
const folder = newFolder();
const file = join(folder, 'ca.pem');
const { ca } = makeCertificates();
writeFileSync(file, ca);
afterAll(() => rmSync(folder, { recursive: true }));

/** What is read of these settings, in an environment whose secrets are good. */
async function redisOf(environment: Environment): Promise<RedisConfig | undefined> {
  return (await loadEnvironment({ ...newSecrets(), ...environment })).config.redis;
}

describe('the settings of Redis', () => {
  it.each<[string, Environment, unknown]>([
    ['nothing', {}, undefined],
    ['a server', { REDIS_URL: `${one}/2` }, { kind: 'server', url: `${one}/2`, ca: undefined }],
    ['a cluster', { REDIS_URL: `${one}, ${other}` }, { kind: 'cluster', urls: [one, other], ca: undefined }],
    [
      'sentinels',
      {
        REDIS_URL: `${one},${other}`,
        REDIS_SENTINEL_NAME: 'primary',
        REDIS_USERNAME: 'api',
        REDIS_PASSWORD: 'x',
      },
      {
        kind: 'sentinels',
        urls: [one, other],
        name: 'primary',
        username: 'api',
        password: 'x',
        ca: undefined,
      },
    ],
    [
      'one sentinel without passwords',
      { REDIS_URL: 'redis://10.0.0.1:26379', REDIS_SENTINEL_NAME: 'primary' },
      {
        kind: 'sentinels',
        urls: ['redis://10.0.0.1:26379'],
        name: 'primary',
        username: undefined,
        password: undefined,
        ca: undefined,
      },
    ],
    [
      'an authority',
      { REDIS_URL: 'rediss://redis.example', REDIS_CA_FILE: file },
      { kind: 'server', url: 'rediss://redis.example', ca: ca.trim() },
    ],
  ])('name %s', async (_title, environment, expected) => {
    expect(await redisOf(environment)).toEqual(expected);
  });

  it.each<[Environment, string[]]>([
    [{ REDIS_URL: '10.0.0.1:6379' }, ['REDIS_URL must be']],
    [{ REDIS_URL: 'http://10.0.0.1:6379' }, ['REDIS_URL must be']],
    [{ REDIS_URL: 'redis://' }, ['REDIS_URL must be']],
    [{ REDIS_URL: `${one},10.0.0.2:6379` }, ['REDIS_URL must be']],
    [{ REDIS_URL: `${one},` }, ['REDIS_URL must be']],
    [{ REDIS_URL: `${one},${other.replace('redis:', 'rediss:')}` }, ['REDIS_URL names nodes that differ']],
    [{ REDIS_URL: `${one},${other.replace('hunter2', 'hunter3')}` }, ['REDIS_URL names nodes that differ']],
    [{ REDIS_URL: `${one}/1,${other}/1` }, ['REDIS_URL has the number of a database']],
    [{ REDIS_URL: `${one}/1`, REDIS_SENTINEL_NAME: 'primary' }, ['REDIS_URL has the number of a database']],
    [{ REDIS_URL: `${one}/posts` }, ['REDIS_URL has a path']],
    [{ REDIS_URL: one.replace('hunter2', '%zzhunter2') }, ['REDIS_URL has a user or password']],
    [{ REDIS_SENTINEL_NAME: 'primary' }, ['REDIS_SENTINEL_NAME is of no use']],
    [
      { REDIS_URL: one, REDIS_PASSWORD: 'hunter2', REDIS_USERNAME: 'api' },
      ['REDIS_PASSWORD is for', 'REDIS_USERNAME is for'],
    ],
    [{ REDIS_CA_FILE: file }, ['REDIS_CA is of no use without REDIS_URL']],
    [{ REDIS_URL: one, REDIS_CA_FILE: file }, ['REDIS_CA is of no use without rediss://']],
    [
      { REDIS_URL: 'rediss://redis.example', REDIS_CA_FILE: join(file, 'nowhere') },
      ["REDIS_CA_FILE names a file that can't be read"],
    ],
    [
      { REDIS_URL: 'rediss://redis.example', REDIS_CA_FILE: import.meta.filename },
      ['REDIS_CA must be certificates in PEM (in the file that REDIS_CA_FILE names)'],
    ],
    [
      {
        REDIS_URL: 'hunter2',
        REDIS_CA_FILE: 'nowhere.pem',
        PORT: '-1',
        API_LIMIT: '0',
      },
      ['REDIS_URL must be', 'REDIS_CA_FILE names', 'PORT', 'API_LIMIT'],
    ],
  ])('%j are refused, all problems at once and without a password', async (environment, said) => {
    const message = await redisOf(environment).then(() => '', String);
    for (const text of said) expect(message).toContain(text);
    expect(message).not.toContain('hunter');
  });
});
