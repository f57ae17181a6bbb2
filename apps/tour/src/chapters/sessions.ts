import type { Sent } from '../client.js';
import type { Guide } from '../guide.js';
import { bearing, json, type People, type Person } from '../people.js';
import { keep } from './accounts.js';

/** Sessions are renewed, and one cookie is stolen and used again. */
export async function sessions(guide: Guide, { ann, bob }: People): Promise<void> {
  guide.chapter('Staying signed in');
  await guide.honest(
    'Ann gives her password once more',
    bearing(ann.accessToken, json('POST', '/api/auth/reauthenticate', { password: ann.password })),
    { status: 200, shows: 'a token as recent as now' },
  );
  await guide.attack(
    'a thief of her token guesses the password',
    bearing(ann.accessToken, json('POST', '/api/auth/reauthenticate', { password: 'a walk along the quay' })),
    { status: 403, code: 'INVALID_CREDENTIALS', guard: 'accounts: counted guesses' },
  );
  const stolen = bob.refreshToken;
  await renew(guide, "Bob's browser renews his session", bob);
  await renew(guide, 'and again', bob);
  await guide.attack('a thief uses the first cookie once more', refresh(stolen), {
    status: 401,
    code: 'REFRESH_REUSED',
    guard: 'refresh family: ended',
  });
  await guide.attack(
    'the access token of that ended session',
    bearing(bob.accessToken, { method: 'GET', path: '/api/me' }),
    { status: 401, code: 'INVALID_TOKEN', guard: 'authenticate: revoked' },
  );
  await renew(guide, "Ann's browser renews hers, untouched", ann);
}

async function renew(guide: Guide, what: string, person: Person): Promise<void> {
  const before = person.refreshToken;
  await guide.honest(what, refresh(before), {
    status: 200,
    also: (received) =>
      keep(person, received) && person.refreshToken !== before ? undefined : 'the cookie was not replaced',
    shows: 'another cookie',
  });
}

function refresh(token: string): Sent {
  return {
    method: 'POST',
    path: '/api/auth/refresh',
    headers: { cookie: `__Host-refresh=${token}`, 'sec-fetch-site': 'same-origin' },
  };
}
