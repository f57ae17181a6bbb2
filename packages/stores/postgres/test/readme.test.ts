import { createTrail } from '@secapi/audit';
import { createRefreshFamilies } from '@secapi/tokens';
import { expect, it } from 'vitest';
import {
  migrate,
  ping,
  postgresRefreshStore,
  postgresRevocations,
  postgresTrailStore,
} from '../src/index.js';
import { openPglite } from '../src/pglite.js';
import { dump } from './databases.js';

it('does what the README shows, with the real tokens and trail', async () => {
  const db = await openPglite({ folder: 'memory', dump });
  await migrate(db, [{ number: 1, name: 'posts', statements: ['CREATE TABLE post (id integer)'] }]);
  const families = createRefreshFamilies({ store: postgresRefreshStore(db) });
  const revocations = postgresRevocations(db);
  await revocations.start();
  const trail = createTrail({ store: postgresTrailStore(db) });
  await ping(db);

  const { token, session } = await families.start({ subject: 'ann' });
  const [first, racer] = await Promise.all([families.rotate(token), families.rotate(token)]);
  expect([first.ok, racer.ok && first.ok && racer.token === first.token]).toEqual([true, true]);
  await revocations.revoke({ kind: 'session', id: session.id, at: Date.now(), until: Date.now() + 900_000 });
  expect(revocations.isRevoked({ jti: 'a', sid: session.id, sub: 'ann', iat: Date.now() / 1_000 })).toBe(
    true,
  );
  await trail.append([{ event: 'session_created', outcome: 'success', actor: 'ann' }]);
  expect(await trail.verify()).toMatchObject({ ok: true, entries: 1 });

  // A copy of the database holds nothing that can be used.
  const { rows } = await db.query<{ all: string }>(
    "SELECT string_agg(t::text, ' ') || (SELECT string_agg(f::text, ' ') FROM secapi_refresh_family f) AS all FROM secapi_refresh_token t",
  );
  expect(rows[0]?.all).toContain(session.id);
  for (const secret of [token, first.ok ? first.token : '']) expect(rows[0]?.all).not.toContain(secret);
  await revocations.close();
  await db.close();
});
