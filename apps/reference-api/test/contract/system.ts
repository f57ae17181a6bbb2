import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus } from '../support/claims.js';
import type { GetWorld } from './world.js';

const allowedOrigin = 'http://localhost:5173';

/** What anybody may ask: health, keys, whom to tell; and what browsers of other origins are told. */
export function systemClaims(world: GetWorld): void {
  describe('what is public', () => {
    it('GET /healthz says that all is well', async () => {
      const answer = await world().api.send('GET', '/healthz');
      expectStatus(answer, 200);
      expect(answer.json()).toEqual({ status: 'ok' });
      expect(answer.headers['ratelimit-policy']).toBeUndefined();
    });

    it('GET /.well-known/jwks.json gives public keys and nothing private', async () => {
      const answer = await world().api.send('GET', '/.well-known/jwks.json');
      expectStatus(answer, 200);
      const { keys } = answer.json<{ keys: Record<string, unknown>[] }>();
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) {
        expect(key).toMatchObject({ kty: expect.stringMatching(/^(OKP|EC|RSA)$/), kid: expect.any(String) });
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'])
          expect(key).not.toHaveProperty(secret);
      }
    });

    it('GET /.well-known/security.txt names a contact and an end (RFC 9116)', async () => {
      const answer = await world().api.send('GET', '/.well-known/security.txt');
      expectStatus(answer, 200);
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
      expect(answer.text).toMatch(/^Contact: \S+/m);
      const expires = /^Expires: (\S+)/m.exec(answer.text)?.[1] ?? '';
      expect(Date.parse(expires)).toBeGreaterThan(Date.now());
    });

    it('HEAD answers as GET does, without a body', async () => {
      const { api, reader } = world();
      const answers = [await api.send('HEAD', '/healthz'), await reader.send('HEAD', '/api/me')];
      for (const answer of answers) {
        expectStatus(answer, 200);
        expect(answer.text).toBe('');
      }
      expect((await api.send('HEAD', '/api/me')).status).toBe(401);
    });
  });

  describe('origins', () => {
    it('the allowed one reads answers and may send credentials', async () => {
      const { reader, api } = world();
      const answer = await reader.send('GET', '/api/me', { headers: { origin: allowedOrigin } });
      expectStatus(answer, 200);
      expect(answer.headers['access-control-allow-origin']).toBe(allowedOrigin);
      expect(answer.headers['access-control-allow-credentials']).toBe('true');
      expect(answer.headers.vary).toMatch(/\borigin\b/i);
      const headers = {
        origin: allowedOrigin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type',
      };
      const preflight = await api.send('OPTIONS', '/api/posts', { headers });
      expect(preflight.status).toBe(204);
      expect(preflight.headers['access-control-allow-origin']).toBe(allowedOrigin);
    });

    it.each([
      'https://evil.example',
      'http://localhost:5173.evil.example',
      'http://localhost:51733',
      'https://localhost:5173',
      'null',
    ])('%s reads nothing and gets no preflight through', async (origin) => {
      const { reader, api } = world();
      const answer = await reader.send('GET', '/api/me', { headers: { origin } });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      const headers = { origin, 'access-control-request-method': 'POST' };
      const preflight = await api.send('OPTIONS', '/api/posts', { headers });
      expectProblemWithoutLimit(preflight);
      expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    });
  });

  /** A preflight is answered before requests are counted. */
  function expectProblemWithoutLimit(answer: Parameters<typeof expectProblem>[0]): void {
    expectProblem({ ...answer, path: '/' }, 403, 'ORIGIN_REFUSED');
  }
}
