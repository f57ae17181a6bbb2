import { describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem, expectStatus } from '../support/claims.js';
import { addPost, newUser } from '../support/journey.js';
import { readTrail } from '../support/trail.js';
import { until } from '../support/wait.js';
import type { GetWorld } from './world.js';

interface AccountItem {
  readonly id: string;
  readonly email: string;
}

/** What administrators do. */
export function administrationClaims(world: GetWorld): void {
  describe('administration', () => {
    it('GET /api/users shows accounts, and never a hash', async () => {
      const { admin, writer } = world();
      const answer = await admin.send('GET', '/api/users?limit=100');
      expectStatus(answer, 200);
      const { items } = answer.json<{ items: AccountItem[] }>();
      for (const item of items) {
        expect(Object.keys(item).sort()).toEqual(['email', 'emailVerified', 'id', 'name', 'role']);
      }
      expect(answer.text).not.toMatch(/argon2|hash/i);
      let cursor: string | null = null;
      const emails: string[] = [];
      do {
        const from: string = cursor === null ? '' : `&cursor=${cursor}`;
        const page = (await admin.send('GET', `/api/users?limit=20${from}`)).json<{
          items: AccountItem[];
          nextCursor: string | null;
        }>();
        emails.push(...page.items.map(({ email }) => email));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(emails).toContain(writer.email);
      expect(new Set(emails).size).toBe(emails.length);
    });

    it('a role takes effect within a second, both ways, and each change is in the trail', async () => {
      const { api, admin, writer } = world();
      const user = await newUser(api);
      const path = `/api/posts/${await addPost(writer)}`;
      expectProblem(await user.send('GET', '/api/users'), 403, 'FORBIDDEN');
      const grant = (role: string) => admin.send('PATCH', `/api/users/${user.id}/role`, { json: { role } });

      const granted = await grant('admin');
      expectStatus(granted, 200);
      await until(
        'the role to take effect',
        async () => (await user.send('GET', '/api/users')).status === 200,
        1_000,
      );
      expect((await user.send('GET', '/api/me')).json()).toMatchObject({ role: 'admin' });
      expectStatus(await user.send('PATCH', path, { json: { title: 'Moderated' } }), 200);

      const revoked = await grant('user');
      expectStatus(revoked, 200);
      await until(
        'the role to be gone',
        async () => (await user.send('GET', '/api/users')).status === 403,
        1_000,
      );
      expectProblem(await user.send('PATCH', path, { json: { title: 'No more' } }), 404, 'NOT_FOUND');

      const trail = await readTrail(admin);
      const changes = trail.filter(
        ({ event, target }) => event === 'privilege_permissions_changed' && target === user.id,
      );
      expect(
        changes.map(({ actor, outcome, requestId, details }) => ({
          actor,
          outcome,
          requestId,
          role: details.role,
        })),
      ).toEqual([
        { actor: admin.id, outcome: 'success', requestId: granted.headers['x-request-id'], role: 'admin' },
        { actor: admin.id, outcome: 'success', requestId: revoked.headers['x-request-id'], role: 'user' },
      ]);
    });

    it('nobody grants themselves a role, or one that is none', async () => {
      const { admin, reader } = world();
      const path = `/api/users/${reader.id}/role`;
      expectProblem(await reader.send('PATCH', path, { json: { role: 'admin' } }), 403, 'FORBIDDEN');
      for (const role of ['root', '', 'Admin']) {
        expectInvalid(await admin.send('PATCH', path, { json: { role } }), '/role', 'invalid');
      }
      expect((await reader.send('GET', '/api/me')).json()).toMatchObject({ role: 'user' });
    });
  });
}
