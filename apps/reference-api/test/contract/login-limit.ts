import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus } from '../support/claims.js';
import { address, type Received } from '../support/client.js';
import { join, login, newPerson, newUser, refresh, register } from '../support/journey.js';
import type { GetWorld } from './world.js';

function expectLimited(answer: Received): void {
  expectProblem(answer, 429, 'RATE_LIMITED');
  const wait = Number(answer.headers['retry-after']);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(3_600);
}

/** The failures of one client over `/api/auth/`: 5 an hour. */
export function loginLimitClaims(world: GetWorld): void {
  function failures(from: string): (() => Promise<Received>)[] {
    const { api } = world();
    const token = 'A'.repeat(43);
    const password = 'a password of nobody at all';
    return [
      () => login(api, { email: newPerson().email, password }, { from }),
      () => refresh(api, token, { from }),
      () => api.send('POST', '/api/auth/verify-email', { json: { token }, from }),
      () => api.send('POST', '/api/auth/password-reset/confirm', { json: { token, password }, from }),
    ];
  }

  async function fail(from: string, times: number): Promise<void> {
    const ways = failures(from);
    for (let i = 0; i < times; i++) {
      const answer = await ways[i % ways.length]?.();
      expect([400, 401]).toContain(answer?.status);
    }
  }

  describe('the failures of a client', () => {
    it('count together, whatever they fail at, and past 5 are 429', async () => {
      const from = address();
      await fail(from, 5);
      for (const again of failures(from)) expectLimited(await again());
    });

    it('are told to the log once each when they are past the limit', async () => {
      const { api } = world();
      const from = address();
      await fail(from, 5);
      for (const again of failures(from)) {
        const { headers } = await again();
        const told = () =>
          api
            .output()
            .split('\n')
            .filter((line) => line.includes('excess_rate_limit_exceeded'))
            .filter((line) => line.includes(String(headers['x-request-id'])));
        // The log comes by a pipe of its own, and so perhaps after the answer.
        await expect.poll(() => told().length, { timeout: 5_000 }).toBeGreaterThan(0);
        expect(told()).toHaveLength(1);
      }
    });

    it('a client past them still uses the session that it has', async () => {
      const { api } = world();
      const user = await newUser(api);
      const from = address();
      await fail(from, 5);
      expectLimited(await login(api, user, { from }));
      expectStatus(await user.send('GET', '/api/me', { from }), 200);
      const refreshed = await refresh(api, user.refresh, { from });
      expectStatus(refreshed, 200);
      expectStatus(await user.send('POST', '/api/auth/logout', { from }), 204);
      const token = await register(api, newPerson());
      expectStatus(await api.send('POST', '/api/auth/verify-email', { json: { token }, from }), 204);
    });

    it('are no business of another client', async () => {
      const { api } = world();
      const person = await join(api);
      await fail(address(), 5);
      expectStatus(await login(api, person, { from: address() }), 200);
    });

    it('successes do not count', async () => {
      const { api } = world();
      const user = await newUser(api);
      const from = address();
      let { refresh: token } = user;
      for (let i = 0; i < 6; i++) {
        expectStatus(await login(api, user, { from }), 200);
        const answer = await refresh(api, token, { from });
        expectStatus(answer, 200);
        token = answer.cookie('__Host-refresh') ?? '';
      }
      await fail(from, 5);
      expectLimited(await login(api, { email: newPerson().email, password: 'a wrong one' }, { from }));
    });

    it('of 20 guesses at once no more than 5 are judged', async () => {
      const { api } = world();
      const from = address();
      const guesses = Array.from({ length: 20 }, () =>
        login(api, { email: newPerson().email, password: 'a password of nobody at all' }, { from }),
      );
      const statuses = (await Promise.all(guesses)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 401)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    });
  });
}
