import { describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem, expectStatus } from '../support/claims.js';
import { newUser } from '../support/journey.js';
import { signAnew } from '../support/signing-key.js';
import { readTrail } from '../support/trail.js';
import type { GetWorld } from './world.js';

const authTime = (token: string): number => {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    auth_time: number;
  };
  return claims.auth_time;
};

/** Proving once more who one is, and what asks for it: the keys that sign access tokens. */
export function keyClaims(world: GetWorld): void {
  describe('step-up', () => {
    const ago = (seconds: number): number => Math.floor(Date.now() / 1_000) - seconds;

    it('is asked for once a sign-in is older than five minutes, in the words of RFC 9470', async () => {
      const { api, admin } = world();
      const token = signAnew(admin.accessToken, { auth_time: ago(301) });
      const refused = await api.send('POST', '/api/keys/rotate', { token });
      expectProblem(refused, 401, 'STEP_UP_REQUIRED');
      expect(refused.headers['www-authenticate']).toMatch(
        /^Bearer error="insufficient_user_authentication", .*max_age="300"$/,
      );
      expectStatus(await api.send('GET', '/api/keys', { token }), 200);
    });

    it('is given by the password: the new token is as young as now, the session the same', async () => {
      const { api, admin } = world();
      const token = signAnew(admin.accessToken, { auth_time: ago(3_600) });
      const again = await api.send('POST', '/api/auth/reauthenticate', {
        token,
        json: { password: admin.password },
      });
      expectStatus(again, 200);
      const { accessToken, ...others } = again.json<{ accessToken: string }>();
      expect(others).toEqual({ tokenType: 'Bearer', expiresIn: 900 });
      expect(again.headers['set-cookie']).toBeUndefined();
      expect(authTime(accessToken)).toBeGreaterThan(ago(30));
      expectStatus(await api.send('POST', '/api/keys/rotate', { token: accessToken }), 202);
    });

    it('is not given by a wrong password, which is counted and told of', async () => {
      const { api, admin } = world();
      const user = await newUser(api);
      const guess = (password: string) =>
        api.send('POST', '/api/auth/reauthenticate', { token: user.accessToken, json: { password } });
      for (let i = 0; i < 5; i++)
        expectProblem(await guess(`a wrong guess, number ${i}`), 403, 'INVALID_CREDENTIALS');
      expectProblem(await guess(user.password), 429, 'RATE_LIMITED');
      const entries = (await readTrail(admin)).filter(({ target }) => target === user.id);
      expect(entries.filter(({ event }) => event === 'authn_login_fail').length).toBeGreaterThanOrEqual(5);
      expectInvalid(
        await api.send('POST', '/api/auth/reauthenticate', { token: admin.accessToken, json: {} }),
        '/password',
        'missing',
      );
    });

    it('is nothing that a refresh gives', async () => {
      const { api } = world();
      const user = await newUser(api);
      const refreshed = await api.send('POST', '/api/auth/refresh', {
        cookies: { '__Host-refresh': user.refresh },
      });
      expect(authTime(refreshed.json<{ accessToken: string }>().accessToken)).toBe(
        authTime(user.accessToken),
      );
    });
  });

  describe('signing keys', () => {
    it('are shown to administrators alone, with their phases and nothing private', async () => {
      const { admin, writer } = world();
      expectProblem(await writer.send('GET', '/api/keys'), 403, 'FORBIDDEN');
      expectProblem(await writer.send('POST', '/api/keys/rotate'), 403, 'FORBIDDEN');
      const answer = await admin.send('GET', '/api/keys');
      expectStatus(answer, 200);
      const { items } = answer.json<{ items: Record<string, unknown>[] }>();
      expect(items.filter(({ phase }) => phase === 'active')).toHaveLength(1);
      for (const item of items) {
        expect(Object.keys(item).sort()).toEqual(['activeAt', 'alg', 'kid', 'phase', 'retireAt']);
      }
    });

    it('are published before they sign, once for any number of commands, and the trail tells of it', async () => {
      const { api, admin } = world();
      const rotations = await Promise.all(
        Array.from({ length: 5 }, () => admin.send('POST', '/api/keys/rotate')),
      );
      for (const rotation of rotations) expectStatus(rotation, 202);
      const kids = new Set(rotations.map((rotation) => rotation.json<{ kid: string }>().kid));
      expect(kids.size).toBe(1);
      const [kid] = kids;
      const jwks = await api.send('GET', '/.well-known/jwks.json');
      expectStatus(jwks, 200);
      expect(jwks.headers['cache-control']).toMatch(/^public, max-age=\d+/);
      expect(jwks.headers.etag).toMatch(/^"/);
      const { keys } = jwks.json<{ keys: Record<string, unknown>[] }>();
      expect(keys.map((key) => key.kid)).toContain(kid);
      for (const key of keys) expect(Object.keys(key)).not.toContain('d');
      const user = await newUser(api);
      const header = Buffer.from(user.accessToken.split('.')[0] ?? '', 'base64url').toString();
      expect(header).not.toContain(kid);
      const entries = await readTrail(admin);
      expect(entries).toContainEqual(expect.objectContaining({ event: 'authz_admin', target: kid }));
    });
  });
}
