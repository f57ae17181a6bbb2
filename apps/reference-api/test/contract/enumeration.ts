import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus } from '../support/claims.js';
import type { Received } from '../support/client.js';
import { join, login, newPerson, register } from '../support/journey.js';
import type { GetWorld } from './world.js';

/** What an answer shows, but for what differs in every answer. */
function appearance({ status, headers, text }: Received) {
  const { date, 'x-request-id': requestId, ratelimit, ...others } = headers;
  const body = typeof requestId === 'string' ? text.replaceAll(requestId, '<id>') : text;
  return { status, body, headers: others };
}

/** Nothing that a stranger sees tells who has an account. */
export function enumerationClaims(world: GetWorld): void {
  describe('who has an account is told to nobody', () => {
    it('registering answers the same for a taken address, and only its mail tells', async () => {
      const { api } = world();
      const taken = await join(api);
      const fresh = newPerson();
      const send = (email: string) =>
        api.send('POST', '/api/auth/register', { json: { ...newPerson(), email } });
      const [known, unknown] = [await send(taken.email), await send(fresh.email)];
      expectStatus(known, 202);
      expect(appearance(known)).toEqual(appearance(unknown));
      expect((await api.mail(taken.email)).token).toBeNull();
      expect((await api.mail(fresh.email)).token).toEqual(expect.any(String));
      expectStatus(await login(api, taken), 200);
    });

    it('a login answers the same for no account, a wrong password and a registration that waits', async () => {
      const { api } = world();
      const known = await join(api);
      const waiting = newPerson();
      await register(api, waiting);
      const wrong = 'a password of nobody at all';
      const answers = [
        await login(api, { email: known.email, password: wrong }),
        await login(api, { email: newPerson().email, password: wrong }),
        await login(api, waiting),
      ];
      for (const answer of answers) expectProblem(answer, 401, 'INVALID_CREDENTIALS');
      expect(answers.map(appearance)).toEqual(Array(3).fill(appearance(answers[0] as Received))); // there are three
    });

    it('a reset answers the same whether or not there is an account', async () => {
      const { api } = world();
      const known = await join(api);
      const send = (email: string) => api.send('POST', '/api/auth/password-reset', { json: { email } });
      const [some, none] = [await send(known.email), await send(newPerson().email)];
      expectStatus(some, 202);
      expect(appearance(some)).toEqual(appearance(none));
      expect((await api.mail(known.email)).token).toEqual(expect.any(String));
    });

    it('a login that knows no account takes as long as one with a wrong password', async () => {
      const { api } = world();
      const people = [await join(api), await join(api)];
      const times = { known: [] as number[], unknown: [] as number[] };
      async function measure(kind: keyof typeof times, email: string): Promise<void> {
        const start = performance.now();
        await login(api, { email, password: 'a password of nobody at all' });
        times[kind].push(performance.now() - start);
      }
      for (let i = 0; i < 8; i++) {
        await measure('known', people[i % 2]?.email ?? '');
        await measure('unknown', newPerson().email);
      }
      const fastest = { known: Math.min(...times.known), unknown: Math.min(...times.unknown) };
      // Without the hash it would be a tenth of it.
      expect(fastest.unknown).toBeGreaterThan(fastest.known / 2);
      expect(fastest.unknown).toBeLessThan(fastest.known * 2);
    });
  });
}
