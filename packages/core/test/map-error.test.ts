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
    ...['HASHING_BUSY', 'HASHING_ABORTED', 'HASHING_BREACH_CHECK_UNAVAILABLE', 'KEYS_UNAVAILABLE'],
    ...['DATABASE_UNAVAILABLE', 'DATABASE_DEADLINE', 'REDIS_TIMEOUT', 'REDIS_UNREACHABLE', 'REDIS_FAILED'],
    'AUDIT_QUEUE_FULL',
  ])('%s is answered as "not now"', async (code) => {
    const response = await answerTo(new SecapiError(code, 'of the inside'));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(text).not.toContain('inside');
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
