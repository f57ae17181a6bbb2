import { describe, expect, it, vi } from 'vitest';
import { type Environment, launchApi } from './support/api.js';
import { newSecrets, newSigningKey } from './support/secrets.js';

vi.setConfig({ testTimeout: 60_000 }); // each is a start of the whole service

/** A start that must fail: how it ended, and what it said. */
async function refusedStart(environment: Environment): Promise<{ code: number | null; output: string }> {
  const { api, ended, output } = await launchApi(environment);
  await api?.remove();
  expect(api, 'it started').toBeUndefined();
  return { code: ended?.code ?? null, output };
}

describe.concurrent('a setting that makes no sense ends the start with code 78 and names its variable', () => {
  it.each([
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_ORIGINS', 'https://app.example,null'],
    ['ALLOWED_ORIGINS', 'https://app.example/path'],
    ['ALLOWED_ORIGINS', 'https://*.example'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '10.0.0.0/8,::/0'],
    ['TRUST_PROXY', '::ffff:0.0.0.0/96'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', 'true'],
    ['API_LIMIT', 'NaN'],
    ['API_LIMIT', '0'],
    ['API_LIMIT', '1e3'],
    ['LOGIN_LIMIT', '-1'],
    ['LOGIN_LIMIT', 'Infinity'],
    ['PORT', '99999'],
    ['FRAMEWORK', 'hapi'],
    ['DATABASE_URL', 'mysql://127.0.0.1/x'],
    ['REDIS_URL', '127.0.0.1:6379'],
    ['REDIS_CA_FILE', 'ca.pem'],
    ['ADMIN_EMAIL', 'chief@example.org'],
  ])('%s=%s', async (name, value) => {
    const { code, output } = await refusedStart({ [name]: value });
    expect(output).toContain(name);
    expect(output).not.toMatch(/\n {4}at /);
    expect(code).toBe(78);
  });

  it('names all of them at once', async () => {
    const { code, output } = await refusedStart({
      API_LIMIT: 'NaN',
      FRAMEWORK: 'hapi',
      ALLOWED_ORIGINS: '*',
    });
    expect(code).toBe(78);
    for (const name of ['API_LIMIT', 'FRAMEWORK', 'ALLOWED_ORIGINS']) expect(output).toContain(name);
  });
});

const needed = ['SIGNING_KEYS', 'PASSWORD_PEPPER', 'DEVICE_KEY', 'LIMIT_KEY'];

describe.concurrent('production', () => {
  it('refuses to start without secrets, and names every one', async () => {
    const { code, output } = await refusedStart({ NODE_ENV: 'production' });
    expect(code).toBe(78);
    for (const name of needed) expect(output).toContain(`- ${name} is missing: set it, or ${name}_FILE`);
  });

  it('names everything that is wrong in one message, settings and secrets, and no value', async () => {
    const { code, output } = await refusedStart({
      NODE_ENV: 'production',
      PORT: '99999',
      FRAMEWORK: 'hunter2',
      TRUST_PROXY: '0.0.0.0/0',
      DATABASE_URL: 'mysql://hunter2@127.0.0.1/x',
      REDIS_PASSWORD: 'hunter2',
      ADMIN_EMAIL: 'chief@example.org',
      ADMIN_PASSWORD: 'hunter2hunter2',
      ...newSecrets(),
      SIGNING_KEYS: JSON.stringify({ ...newSigningKey('x'), alg: undefined }),
      PASSWORD_PEPPER: '',
      DEVICE_KEY: 'qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghj',
      LIMIT_KEY_FILE: '/nowhere/hunter2',
      LIMIT_KEY: '',
      KEY_SEAL: 's1:changeme',
    });
    expect(code).toBe(78);
    expect(output).toMatch(/^11 variables can't be used:\n(?:- .+\n){11}$/);
    for (const line of [
      '- PORT must be a whole number from 0 to 65535',
      '- FRAMEWORK must be one of express, fastify, koa',
      '- TRUST_PROXY ',
      '- DATABASE_URL must be memory:, file:<folder> or postgres://…',
      '- REDIS_PASSWORD is of no use without REDIS_URL',
      '- ADMIN_PASSWORD is refused by the password rules',
      '- SIGNING_KEYS are refused: ',
      '- PASSWORD_PEPPER is missing: set it, or PASSWORD_PEPPER_FILE',
      '- DEVICE_KEY ',
      "- LIMIT_KEY_FILE names a file that can't be read (ENOENT)",
      '- KEY_SEAL has a key (number 1) that ',
    ])
      expect(output).toContain(line);
    expect(output).not.toMatch(/hunter2|changeme|qwerty/);
  });

  it.each([
    ['PASSWORD_PEPPER', 'abc'],
    ['PASSWORD_PEPPER', 'a'.repeat(43)],
    ['SIGNING_KEYS', 'hunter2-hunter2-hunter2'],
    ['SIGNING_KEYS', '{"keys":[]}'],
    ['SIGNING_KEYS', JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0', alg: 'HS256', kid: 'weak' }] })],
    ['DEVICE_KEY', 'changeme'],
  ])('refuses a weak %s and never prints it: %s', async (name, value) => {
    const { code, output } = await refusedStart({ NODE_ENV: 'production', ...newSecrets(), [name]: value });
    expect(code).toBe(78);
    expect(output).toContain(name);
    expect(output).not.toMatch(/hunter2|changeme|c2VjcmV0|aaaaaaaa|\babc\b/);
  });

  it('starts with good ones, has no debugging route, and refuses HTTP from beyond its proxy', async () => {
    const environment = { NODE_ENV: 'production', TRUST_PROXY: '127.0.0.1/32', ...newSecrets() };
    const { api, output } = await launchApi(environment);
    expect(api, output).toBeDefined();
    if (!api) return;
    const https = { 'x-forwarded-proto': 'https' };
    const healthy = await api.send('GET', '/healthz', { headers: https });
    expect(healthy.status).toBe(200);
    expect(healthy.headers['strict-transport-security']).toMatch(/max-age=\d{7,}/);
    expect((await api.send('GET', '/api/debug/fail', { headers: https })).status).toBe(404);
    const plain = await api.send('GET', '/api/me', { headers: { 'x-forwarded-proto': 'http' } });
    expect(plain.status).toBe(403);
    expect(plain.json()).toMatchObject({ code: 'HTTPS_REQUIRED' });
    await api.remove();
  });
});

describe.concurrent('a Redis or a database out of reach', () => {
  it.each([
    ['REDIS_URL', 'redis://:hunter2@127.0.0.1:1', /REDIS_URL/],
    ['REDIS_URL', 'redis://:hunter2@127.0.0.1:1,redis://:hunter2@127.0.0.1:2', /REDIS_URL/],
    ['DATABASE_URL', 'postgres://app:hunter2@127.0.0.1:1/app', /DATABASE_URL|PostgreSQL/],
  ])('%s: it does not start, and says why without a password', async (name, value, said) => {
    const { code, output } = await refusedStart({ [name]: value });
    expect(code).not.toBe(0);
    expect(output).not.toContain('hunter2');
    expect(output).toMatch(said);
  });
});
