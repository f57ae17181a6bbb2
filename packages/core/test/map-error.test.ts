import { SecapiError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { route } from '../src/index.js';
import { local, request, world } from './support.js';

async function answerTo(error: unknown) {
  const { shield } = await world();
  const handler = secapi(shield).protect(route({ access: 'public' }), () => {
    throw error;
  });
  return handler(request('/'), local);
}

describe("an error of secapi's own parts", () => {
  it.each([
    ...['HASHING_BUSY', 'HASHING_BREACH_CHECK_UNAVAILABLE', 'KEYS_UNAVAILABLE'],
    ...['DATABASE_UNAVAILABLE', 'DATABASE_DEADLINE', 'REDIS_TIMEOUT', 'REDIS_UNREACHABLE', 'REDIS_FAILED'],
    'REDIS_CIRCUIT_OPEN',
    'AUDIT_QUEUE_FULL',
  ])('%s is answered as "not now"', async (code) => {
    const response = await answerTo(new SecapiError(code, 'of the inside'));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(text).not.toContain('inside');
  });

  it('of a client that has gone is no failure of the server, and takes no guess back', async () => {
    const { shield, lines } = await world({
      limits: { login: { limit: 2, window: '1h', count: 'failures', on: 'route' } },
    });
    const login = secapi(shield).protect(route({ access: 'public', limit: 'login' }), () => {
      throw new SecapiError('HASHING_ABORTED', 'gone');
    });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await login(request('/login'), local)).status);
    expect(statuses).toEqual([499, 499, 429]);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it.each([
    new SecapiError('HASHING_FAILED', 'of the inside'),
    Object.assign(new Error(), { code: 'HASHING_BUSY' }),
  ])(
    'is a failure of this server where it may never get better, or only looks like ours: %s',
    async (error) => {
      const response = await answerTo(error);
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({ code: 'INTERNAL_ERROR' });
    },
  );
});
