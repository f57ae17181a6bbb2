import { describe, it } from 'vitest';
import type { Api } from '../support/api.js';
import { expectProblem, expectStatus } from '../support/claims.js';
import { join, login, newUser, type Person } from '../support/journey.js';
import type { GetWorld } from './world.js';

const wrong = 'a password of nobody at all';

/** Guesses as often as it takes to lock an account, each time from another address. */
async function guess(api: Api, { email }: Person, device?: string): Promise<void> {
  const cookies = device === undefined ? {} : { cookies: { '__Host-device': device } };
  for (let i = 0; i < 5; i++) {
    expectProblem(await login(api, { email, password: wrong }, cookies), 401, 'INVALID_CREDENTIALS');
  }
}

/** The lock of an account, and who is not shut out by it. */
export function lockoutClaims(world: GetWorld): void {
  describe('the lock of an account', () => {
    it('after 5 failures from anywhere the right password is refused to unknown clients', async () => {
      const { api } = world();
      const person = await join(api);
      await guess(api, person);
      expectProblem(await login(api, person), 401, 'INVALID_CREDENTIALS');
      const spelt = { ...person, email: person.email.toUpperCase() };
      expectProblem(await login(api, spelt), 401, 'INVALID_CREDENTIALS');
    });

    it('4 failures lock nobody, and a success ends the count', async () => {
      const { api } = world();
      const person = await join(api);
      for (let round = 0; round < 2; round++) {
        for (let i = 0; i < 4; i++) await login(api, { email: person.email, password: wrong });
        expectStatus(await login(api, person), 200);
      }
    });

    it('a device on which the user signed in before is not shut out by the guesses of others', async () => {
      const { api } = world();
      const user = await newUser(api);
      await guess(api, user);
      expectProblem(await login(api, user), 401, 'INVALID_CREDENTIALS');
      expectStatus(await login(api, user, { cookies: { '__Host-device': user.device } }), 200);
    });

    it('a device has a count of its own, and is no way around the lock', async () => {
      const { api } = world();
      const [user, stranger] = [await newUser(api), await newUser(api)];
      await guess(api, user);
      const others = { cookies: { '__Host-device': stranger.device } };
      expectProblem(await login(api, user, others), 401, 'INVALID_CREDENTIALS');
      await guess(api, user, user.device);
      const own = { cookies: { '__Host-device': user.device } };
      expectProblem(await login(api, user, own), 401, 'INVALID_CREDENTIALS');
    });

    it('a password reset is open to somebody who is locked out, and ends the lock', async () => {
      const { api } = world();
      const person = await join(api);
      await guess(api, person);
      expectStatus(
        await api.send('POST', '/api/auth/password-reset', { json: { email: person.email } }),
        202,
      );
      const { token } = await api.mail(person.email);
      const password = 'nineteen paper swans at midnight';
      expectStatus(
        await api.send('POST', '/api/auth/password-reset/confirm', { json: { token, password } }),
        204,
      );
      expectStatus(await login(api, { ...person, password }), 200);
    });

    it('guesses at once are no more than guesses in a row', async () => {
      const { api } = world();
      const person = await join(api);
      const email = person.email;
      await Promise.all(Array.from({ length: 12 }, () => login(api, { email, password: wrong })));
      expectProblem(await login(api, person), 401, 'INVALID_CREDENTIALS');
    });
  });
}
