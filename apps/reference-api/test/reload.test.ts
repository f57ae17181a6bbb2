import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Api, newFolder, startApi } from './support/api.js';
import { newUser, signIn } from './support/journey.js';
import { newSecrets, newSigningKey } from './support/secrets.js';
import { until } from './support/wait.js';

vi.setConfig({ testTimeout: 60_000 }); // it starts the whole service

const apis: Api[] = [];
afterAll(async () => {
  for (const api of apis) await api.remove();
});

/** Files that are replaced at once, as Kubernetes does: a new folder, and the one link that leads to it. */
function publisher(folder: string): (files: Readonly<Record<string, string>>) => void {
  let generation = 0;
  return function publish(files) {
    const next = `..${generation++}`;
    mkdirSync(join(folder, next), { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, next, name), content);
    symlinkSync(next, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  };
}

/** The same API, as a proxy calls it that ends HTTPS. */
function behindHttps(api: Api): Api {
  const send: Api['send'] = (method, path, sent) =>
    api.send(method, path, { ...sent, headers: { 'x-forwarded-proto': 'https', ...sent?.headers } });
  return { ...api, send };
}

function kidOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
}

describe('SIGHUP', () => {
  it('takes new signing keys from their file, without a restart; and keeps the old ones when the new make no sense', async () => {
    const folder = newFolder();
    const publish = publisher(join(folder, 'keys'));
    const [first, second] = [newSigningKey('first'), newSigningKey('second')];
    const pepper = randomBytes(32).toString('base64url');
    publish({ SIGNING: JSON.stringify({ keys: [first] }), PEPPER: pepper });
    const { SIGNING_KEYS: _, PASSWORD_PEPPER: __, KEY_SEAL: ___, ...rest } = newSecrets();
    const api = await startApi(
      {
        NODE_ENV: 'production',
        TRUST_PROXY: '127.0.0.1/32',
        ...rest,
        SIGNING_KEYS_FILE: join(folder, 'keys/..data/SIGNING'),
        PASSWORD_PEPPER_FILE: join(folder, 'keys/..data/PEPPER'),
      },
      folder,
    );
    apis.push(api);
    const behind = behindHttps(api);
    const again = async (said: string, times = 1): Promise<void> => {
      api.signal('SIGHUP');
      await until(said, () => api.output().split(said).length > times, 5_000);
    };
    const me = async (token: string): Promise<number> =>
      (await behind.send('GET', '/api/me', { token })).status;

    const user = await newUser(behind);
    const signInAgain = async (): Promise<string> => (await signIn(behind, user)).accessToken;
    expect(kidOf(user.accessToken)).toBe('first');

    publish({ SIGNING: 'canary', PEPPER: pepper });
    await again('makes no sense any more');
    expect(await me(user.accessToken)).toBe(200);
    expect(kidOf(await signInAgain())).toBe('first');

    publish({ SIGNING: JSON.stringify({ keys: [second, first] }), PEPPER: pepper });
    await again('the environment was read again');
    const fresh = await signInAgain();
    expect(kidOf(fresh)).toBe('second');
    for (const token of [user.accessToken, fresh]) expect(await me(token)).toBe(200);

    // The first one leaves: what it signed is worth nothing from now on.
    publish({ SIGNING: JSON.stringify({ keys: [second] }), PEPPER: pepper });
    await again('the environment was read again', 2);
    expect([await me(user.accessToken), await me(fresh)]).toEqual([401, 200]);

    publish({ SIGNING: JSON.stringify({ keys: [second] }), PEPPER: randomBytes(32).toString('base64url') });
    await again('wait for the next start');
    expect(api.output()).toContain('"variables":["PASSWORD_PEPPER"]');
    expect(kidOf(await signInAgain())).toBe('second'); // its password is still known by the old pepper
    expect(api.output()).not.toContain('canary');
    expect(api.output()).not.toContain(pepper);
  });
});
