import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from './support/api.js';
import { remaining } from './support/claims.js';
import { administrator, login, signIn, withAdministrator } from './support/journey.js';
import { readTrail } from './support/trail.js';

describe('an API behind no proxy', () => {
  let api: Api | undefined;
  const started = (): Api => {
    if (!api) throw new Error('the API is not there yet');
    return api;
  };

  beforeAll(async () => {
    api = await startApi({ FRAMEWORK: 'koa', ...withAdministrator });
  });
  afterAll(() => api?.remove());

  it('counts by the address of the connection, whatever its client claims', async () => {
    const claims = [
      { 'x-forwarded-for': '203.0.113.1' },
      { 'x-forwarded-for': '203.0.113.2', 'x-real-ip': '203.0.113.2' },
      { forwarded: 'for=203.0.113.3' },
      { 'x-forwarded-for': ['203.0.113.4', '203.0.113.5'] },
      { 'x-client-ip': '203.0.113.6', 'cf-connecting-ip': '203.0.113.6', 'true-client-ip': '203.0.113.6' },
    ];
    for (const [index, headers] of claims.entries()) {
      expect(remaining(await started().send('GET', '/api/nothing', { headers }))).toBe(99 - index);
    }
  });

  it('writes the same address into the trail', async () => {
    const failed = await login(
      started(),
      { email: 'nobody@example.org', password: 'x' },
      { from: '203.0.113.9' },
    );
    const trail = await readTrail(await signIn(started(), administrator));
    const entry = trail.find(({ requestId }) => requestId === failed.headers['x-request-id']);
    expect(entry).toMatchObject({ event: 'authn_login_fail', address: '127.0.0.1' });
  });
});
