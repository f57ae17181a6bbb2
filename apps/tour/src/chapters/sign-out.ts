import type { Guide } from '../guide.js';
import { bearing, type People } from '../people.js';

/** Ann signs out, and her token is of no use to whoever kept a copy. */
export async function signOut(guide: Guide, { ann }: People): Promise<void> {
  guide.chapter('Signing out');
  await guide.honest(
    'Ann signs out',
    bearing(ann.accessToken, { method: 'POST', path: '/api/auth/logout' }),
    { status: 204 },
  );
  await guide.attack(
    'a copy of her token, not yet expired',
    bearing(ann.accessToken, { method: 'GET', path: '/api/me' }),
    { status: 401, code: 'INVALID_TOKEN', guard: 'authenticate: revoked' },
  );
}
