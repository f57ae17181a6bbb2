import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { refusesForgedTokens } from '@secapi/testing';
import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus } from '../support/claims.js';
import { newUser } from '../support/journey.js';
import type { GetWorld } from './world.js';

type Claims = Readonly<Record<string, unknown>>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part = ''): Claims => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims; // an object, as JWTs have

/** Access tokens: what is in them, and that nothing else passes for one. */
export function tokenClaims(world: GetWorld): void {
  describe('access tokens', () => {
    it('hold what names a session, and nothing of the person', async () => {
      const user = await newUser(world().api);
      const [header, claims] = user.accessToken.split('.').slice(0, 2).map(decode);
      expect(header).toMatchObject({
        typ: 'at+jwt',
        alg: expect.stringMatching(/^(EdDSA|Ed25519|ES|PS|RS)/),
      });
      expect(Object.keys(claims ?? {}).sort()).toEqual([
        ...['aud', 'auth_time', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub'],
      ]);
      expect(claims).toMatchObject({ sub: user.id });
      expect(JSON.stringify(claims)).not.toMatch(/example\.org|Reader|user"/);
    });

    it('refuse every forged token of the corpus, and take the honest one in between', async () => {
      const { api, reader } = world();
      const jwks = (await api.send('GET', '/.well-known/jwks.json')).json<{
        keys: Record<string, unknown>[];
      }>();
      const send = async (token: string) => {
        const answer = await api.send('GET', '/api/me', { token });
        if (answer.status === 401) expectProblem(answer, 401, 'INVALID_TOKEN');
        return answer.status;
      };
      const report = await refusesForgedTokens({ token: reader.accessToken, jwks, send });
      expect(report.refused).toBeGreaterThan(100);
    }, 60_000);

    it('are never taken when anything is wrong with them', async () => {
      const { api, reader } = world();
      const [header = '', payload = '', signature = ''] = reader.accessToken.split('.');
      const [head, claims] = [decode(header), decode(payload)];
      const { keys } = (await api.send('GET', '/.well-known/jwks.json')).json<{ keys: object[] }>();
      const { privateKey } = generateKeyPairSync('ed25519');
      const forge = (changedHead: Claims, changed: Claims): string => {
        const input = `${encode(changedHead)}.${encode(changed)}`;
        return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
      };
      const byPublicKey = `${encode({ ...head, alg: 'HS256' })}.${payload}`;
      const hmac = createHmac('sha256', JSON.stringify(keys[0])).update(byPublicKey).digest('base64url');
      const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
      const bad = {
        'another signature': `${header}.${payload}.${flipped}`,
        'no signature': `${header}.${payload}.`,
        'no algorithm': `${encode({ ...head, alg: 'none' })}.${payload}.`,
        'a public key as a secret': `${byPublicKey}.${hmac}`,
        'a key of one’s own': forge(head, claims),
        'a key of one’s own in the header': forge(
          { ...head, jwk: privateKey.export({ format: 'jwk' }) },
          claims,
        ),
        'another subject': `${header}.${encode({ ...claims, sub: world().admin.id })}.${signature}`,
        'another type': `${encode({ ...head, typ: 'JWT' })}.${payload}.${signature}`,
        'another end': `${header}.${encode({ ...claims, exp: 9_999_999_999 })}.${signature}`,
        'two parts': `${header}.${payload}`,
        'a refresh token': reader.refresh,
        'no end of it': 'A'.repeat(9_000),
      };
      for (const [what, token] of Object.entries(bad)) {
        const answer = await api.send('GET', '/api/me', { token });
        expectProblem(answer, 401, 'INVALID_TOKEN');
        expect(answer.headers['www-authenticate'], what).toBe('Bearer error="invalid_token"');
      }
      expectStatus(await reader.send('GET', '/api/me'), 200);
    });

    it('are read from one Authorization header, whatever the case of its scheme', async () => {
      const { api, reader } = world();
      const send = (authorization: string | string[]) =>
        api.send('GET', '/api/me', { headers: { authorization } });
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
        expectStatus(await send(`${scheme} ${reader.accessToken}`), 200);
      }
      const good = `Bearer ${reader.accessToken}`;
      expectProblem(await send([good, good]), 401, 'INVALID_TOKEN');
      expectProblem(await send([good, 'Bearer x']), 401, 'INVALID_TOKEN');
      expectProblem(await send('Bearer '), 401, 'INVALID_TOKEN');
    });

    it('are never taken from anywhere else', async () => {
      const { api, reader } = world();
      const { accessToken } = reader;
      const places = [
        api.send('GET', `/api/me?access_token=${accessToken}`),
        api.send('GET', '/api/me', {
          cookies: { access_token: accessToken, '__Host-refresh': reader.refresh },
        }),
        api.send('GET', '/api/me', { headers: { 'x-access-token': accessToken } }),
      ];
      for (const answer of await Promise.all(places)) expectProblem(answer, 401, 'UNAUTHENTICATED');
    });
  });
}
