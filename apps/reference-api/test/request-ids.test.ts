import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, startApi } from './support/api.js';
import { administrator, login, newPerson, signIn, withAdministrator } from './support/journey.js';
import { readTrail } from './support/trail.js';

vi.setConfig({ testTimeout: 60_000 }); // it starts the whole service

describe('an id that a trusted proxy gives a request', () => {
  let api: Api | undefined;
  const started = (): Api => {
    if (!api) throw new Error('the API is not there yet');
    return api;
  };

  beforeAll(async () => {
    api = await startApi({ FRAMEWORK: 'fastify', TRUST_PROXY: '127.0.0.1/32', ...withAdministrator });
  });
  afterAll(() => api?.remove());

  const id = '9f86d081884c7d659a2feaa0c55ad015';
  const trace = '0af7651916cd43dd8448eb211c80319c';

  it('is in the answer, the log and the trail as it is, masked by nobody', async () => {
    const headers = { 'x-request-id': id, traceparent: `00-${trace}-b7ad6b7169203331-01` };
    const failed = await started().send('GET', '/api/debug/fail', { headers });
    expect([failed.status, failed.headers['x-request-id'], failed.json().requestId]).toEqual([500, id, id]);
    const lines = started().output().split('\n');
    const line = lines.find((text) => text.includes('request failed') && text.includes(id));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ requestId: id, traceId: trace });

    await login(started(), newPerson(), { headers });
    const trail = await readTrail(await signIn(started(), administrator));
    expect(trail.find(({ requestId }) => requestId === id)).toMatchObject({ event: 'authn_login_fail' });
  });
});
