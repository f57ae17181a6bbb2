import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus, remaining } from '../support/claims.js';
import { address } from '../support/client.js';
import { readTrail } from '../support/trail.js';
import type { GetWorld } from './world.js';

let networks = 0;

/** An IPv6 network that no other test has. */
function network(): string {
  networks++;
  return `2001:db8:${(networks + 0x100).toString(16)}:7`;
}

/** 100 requests in 15 minutes for each client over `/api/`. */
export function limitClaims(world: GetWorld): void {
  /** What is left for a client after one more request. */
  async function left(from: string): Promise<number> {
    return remaining(await world().api.send('GET', '/api/nothing', { from }));
  }

  describe('the limit of requests', () => {
    it('lets exactly 100 of 300 at once through, counting from 99 down to 0', async () => {
      const { api, reader } = world();
      const from = address();
      const token = reader.accessToken;
      const answers = await Promise.all(
        Array.from({ length: 300 }, () => api.send('GET', '/api/me', { from, token })),
      );
      const passed = answers.filter(({ status }) => status === 200);
      expect(passed).toHaveLength(100);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(200);
      const counts = passed.map(remaining).sort((a, b) => b - a);
      expect(counts).toEqual(Array.from({ length: 100 }, (_, index) => 99 - index));
      const [first] = passed;
      expect(first?.headers['ratelimit-policy']).toMatch(/^"api";q=100;w=900/);
      expectProblem(await api.send('GET', '/api/me', { from, token }), 429, 'RATE_LIMITED');
      expectStatus(await api.send('GET', '/api/me', { token }), 200);
    });

    it('counts what ends in 4xx', async () => {
      const { api } = world();
      const from = address();
      const send = (method: string, path: string) => api.send(method, path, { from });
      const answers = [
        await send('GET', '/api/nothing'),
        await send('GET', '/api/me'),
        await send('PUT', '/api/me'),
        await send('POST', '/api/posts'),
        await send('GET', '/api/undeclared'),
        await send('POST', '/api/auth/login'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 401, 405, 401, 403, 415]);
      expect(answers.map(remaining)).toEqual([99, 98, 97, 96, 95, 94]);
    });

    it('no spelling of a path escapes it', async () => {
      const { api } = world();
      const from = address();
      const spellings = [
        '/API/me',
        '//api/me',
        '/api//me',
        '/./api/me',
        '/x/../api/me',
        '/%61pi/me',
        '/api/me/',
        '/api;x/me',
      ];
      let expected = 99;
      for (const path of spellings) {
        const answer = await api.send('GET', path, { from });
        expect([400, 401, 404], path).toContain(answer.status);
        if (answer.status !== 400) expect(remaining(answer), path).toBe(expected--);
      }
    });

    it('holds an IPv6 /64 for one client, and its neighbour for another', async () => {
      const [here, there] = [network(), network()];
      expect(await left(`${here}::1`)).toBe(99);
      expect(await left(`${here}:ffff:1:2:3`)).toBe(98);
      expect(await left(`${here.toUpperCase()}:0000:0000:0000:0009`)).toBe(97);
      expect(await left(`${there}::1`)).toBe(99);
    });

    it('folds every form of an IPv4-mapped address', async () => {
      const plain = address();
      const [a = 0, b = 0, c = 0, d = 0] = plain.split('.').map(Number);
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      expect(await left(plain)).toBe(99);
      expect(await left(`::ffff:${plain}`)).toBe(98);
      expect(await left(`::FFFF:${hex}`)).toBe(97);
      expect(await left(`0:0:0:0:0:ffff:${hex}`)).toBe(96);
      expect(await left(address())).toBe(99);
    });

    it('takes the address that the trusted proxy saw, whatever the client wrote before it', async () => {
      const from = address();
      expect(await left(from)).toBe(99);
      expect(await left(`${address()}, ${from}`)).toBe(98);
      expect(await left(`10.0.0.1, ${address()}, ${from}`)).toBe(97);
    });
  });

  describe('limits, for an administrator', () => {
    it('are shown for an address, forgotten at command, and the trail tells of it', async () => {
      const { api, admin, writer } = world();
      const from = address();
      for (let i = 0; i < 3; i++) await left(from);
      const path = `/api/limits/api?of=${from}`;
      expectProblem(await writer.send('GET', path), 403, 'FORBIDDEN');
      expectProblem(await writer.send('DELETE', path), 403, 'FORBIDDEN');
      expectProblem(await api.send('GET', path), 401, 'UNAUTHENTICATED');
      const shown = await admin.send('GET', path);
      expectStatus(shown, 200);
      expect(shown.json()).toMatchObject({ name: 'api', limit: 100, remaining: 97 });
      expectProblem(await admin.send('GET', `/api/limits/nothing?of=${from}`), 404, 'NOT_FOUND');
      expectStatus(await admin.send('DELETE', path), 204);
      expect(await left(from)).toBe(99);
      const entries = await readTrail(admin);
      expect(entries.some(({ details }) => details.action === 'limit_reset' && details.of === from)).toBe(
        true,
      );
    });
  });
}
