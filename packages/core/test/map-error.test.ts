import { type AddressInfo, createServer } from 'node:net';
import { SecapiError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { ApiError, errorOfStatus, route } from '../src/index.js';
import { toApiError } from '../src/map-error.js';
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
    ...['HASHING_BUSY', 'HASHING_BREACH_CHECK_UNAVAILABLE', 'KEYS_UNAVAILABLE', 'SANITIZER_BUSY'],
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

describe('a client that has gone', () => {
  const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });

  it.each([
    ['a body that was cut off', Object.assign(new Error(), { type: 'request.aborted', status: 400 })],
    ['hashing that was given up', new SecapiError('HASHING_ABORTED', 'gone')],
  ])('is told from %s alone', (_title, error) => {
    expect(toApiError(error)).toMatchObject({ code: 'CLIENT_GONE', status: 499 });
  });

  it('is told from a broken connection or an abort only where its own has ended', () => {
    const abort = new DOMException('aborted', 'AbortError');
    for (const error of [reset, abort]) expect(toApiError(error, { gone: true }).status).toBe(499);
    // A backend has reset the connection; and an abort that nobody's leaving explains is a fault.
    expect(toApiError(reset).status).toBe(503);
    expect(toApiError(abort).status).toBe(500);
    expect(toApiError(new TypeError('a bug'), { gone: true }).status).toBe(500);
  });
});

describe('what is not there just now', () => {
  it.each(['08006', '53300', '53100', '57014', '57P01', '57P03', '55P03', '25P03', '40001', '40P01'])(
    'is told by SQLSTATE %s, of the driver and of the store',
    (sqlState) => {
      const raw = Object.assign(new Error('x'), { code: sqlState, severity: 'ERROR' });
      const own = Object.assign(new SecapiError('DATABASE_CONFLICT', 'x'), { sqlState });
      for (const error of [raw, own, new Error('x', { cause: raw })]) {
        const { code, headers } = toApiError(error);
        expect([code, headers]).toEqual(['UNAVAILABLE', [['retry-after', '5']]]);
      }
    },
  );

  it.each(['22001', '23505', '42P01', '28P01', '3D000'])('is not told by SQLSTATE %s', (code) => {
    expect(toApiError(Object.assign(new Error('x'), { code, severity: 'ERROR' })).status).toBe(500);
  });

  it('is not told by five letters that only look like an SQLSTATE', () => {
    expect(toApiError(Object.assign(new Error('x'), { code: '57014' })).status).toBe(500);
    expect(toApiError(Object.assign(new Error('x'), { code: 'ENOENT' })).status).toBe(500);
  });

  it('is found behind five causes at most, in a circle as well', () => {
    const end = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    let error: Error = end;
    for (let depth = 0; depth < 4; depth++) error = new Error('x', { cause: error });
    expect(toApiError(error).status).toBe(503);
    expect(toApiError(new Error('x', { cause: error })).status).toBe(500);
    const one = new Error('one');
    one.cause = new Error('other', { cause: one });
    expect(toApiError(one).status).toBe(500);
  });

  it('is what a real timeout of fetch is, and a real refused connection', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const refused = await fetch(`http://127.0.0.1:${port}/`).catch((error: unknown) => error);
    expect(toApiError(refused).status).toBe(503);
    const late = await new Promise<unknown>((resolve) => {
      const signal = AbortSignal.timeout(1);
      signal.addEventListener('abort', () => resolve(signal.reason));
    });
    expect(toApiError(late).status).toBe(503);
  });
});

describe('an error of a status alone', () => {
  it('has the code of the catalogue, and what goes with it', () => {
    expect(errorOfStatus(401).headers).toEqual([['www-authenticate', 'Bearer']]);
    expect(errorOfStatus(503)).toMatchObject({ code: 'UNAVAILABLE', headers: [['retry-after', '5']] });
    expect(errorOfStatus(418)).toMatchObject({ code: 'REQUEST_REFUSED', status: 418 });
    expect(errorOfStatus(502)).toMatchObject({ code: 'INTERNAL_ERROR', status: 500 });
  });
});

describe('a header of an ApiError', () => {
  it.each([
    ['a line break', 'x-a', 'a\r\nset-cookie: a=b'],
    ['a NUL', 'x-a', 'a\0'],
    ['what no byte holds', 'x-a', '\u0100'],
    ['a name with a space', 'x a', 'a'],
    ['an empty name', '', 'a'],
    ['a name in upper case', 'X-A', 'a'],
  ])('can hold no %s', (_title, name, value) => {
    expect(() => new ApiError('CONFLICT', { headers: [[name, value]] })).toThrow(/ApiError\.headers/);
  });

  it('holds what a header may', () => {
    const headers = [['retry-after', '5']] as const;
    expect(new ApiError('CONFLICT', { headers }).headers).toEqual(headers);
  });
});
