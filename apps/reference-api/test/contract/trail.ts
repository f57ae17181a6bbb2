import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus } from '../support/claims.js';
import { address, type Received } from '../support/client.js';
import { addPost, administrator, login, newUser, refresh } from '../support/journey.js';
import { faultsOf, readTrail, type TrailItem } from '../support/trail.js';
import type { GetWorld } from './world.js';

const members = [
  'actor',
  'address',
  'at',
  'details',
  'event',
  'hash',
  'id',
  'outcome',
  'previousHash',
  'requestId',
  'target',
];

/** The trail: whole, complete, and without a secret. */
export function trailClaims(world: GetWorld): void {
  describe('the trail', () => {
    it('is a chain in which every hash is right', async () => {
      const trail = await readTrail(world().admin);
      expect(trail.length).toBeGreaterThan(2);
      for (const item of trail) {
        expect(Object.keys(item).sort()).toEqual(members);
        expect(['success', 'failure', 'denied']).toContain(item.outcome);
        expect(item.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }
      expect(faultsOf(trail)).toEqual([]);
    });

    it('comes 50 entries at a time, 100 at most', async () => {
      const { admin } = world();
      const answer = await admin.send('GET', '/api/audit');
      expectStatus(answer, 200);
      expect(answer.json<{ items: TrailItem[] }>().items).toHaveLength(50);
      expectProblem(await admin.send('GET', '/api/audit?limit=101'), 422, 'VALIDATION_FAILED');
    });

    it('tells of logins and their failures, locks, resets, reuse, refusals, sensitive reads and deletes', async () => {
      const { api, admin } = world();
      const user = await newUser(api);
      const from = address();
      const wrong = { email: user.email, password: 'a password of nobody at all' };

      const success = await login(api, user, { from });
      const failure = await login(api, wrong, { from });
      const unknown = await login(api, { ...wrong, email: 'nobody-at-all@example.org' }, { from });
      const refusal = await user.send('GET', '/api/users', { from });
      const post = await addPost(user);
      const remove = await user.send('DELETE', `/api/posts/${post}`, { from });
      const read = await admin.send('GET', '/api/users', { from });
      const undeclared = await user.send('GET', '/api/undeclared', { from });
      const second = (await refresh(api, user.refresh)).cookie('__Host-refresh') ?? '';
      await refresh(api, second);
      const reuse = await refresh(api, user.refresh, { from });
      for (let i = 0; i < 4; i++) await login(api, wrong);
      await api.send('POST', '/api/auth/password-reset', { json: { email: user.email } });
      const { token } = await api.mail(user.email);
      const reset = await api.send('POST', '/api/auth/password-reset/confirm', {
        json: { token, password: 'twelve amber compasses pointing south' },
        from,
      });
      expectStatus(reset, 204);

      const trail = await readTrail(admin);
      const of = ({ headers }: Received) =>
        trail
          .filter(({ requestId }) => requestId === headers['x-request-id'])
          .map(({ event, outcome, actor, target, address: where }) => ({
            event,
            outcome,
            actor,
            target,
            where,
          }));
      const entry = (event: string, outcome: string, more: object) =>
        expect.arrayContaining([expect.objectContaining({ event, outcome, where: from, ...more })]);

      expect(of(success)).toEqual(entry('authn_login_success', 'success', { actor: user.id }));
      expect(of(failure)).toEqual(entry('authn_login_fail', 'failure', { target: user.id }));
      expect(of(unknown)).toEqual(entry('authn_login_fail', 'failure', { target: null }));
      expect(of(refusal)).toEqual(entry('authz_fail', 'denied', { actor: user.id }));
      expect(of(undeclared)).toEqual(entry('authz_fail', 'denied', { actor: user.id }));
      expect(of(remove)).toEqual(
        entry('sensitive_delete', 'success', { actor: user.id, target: `/api/posts/${post}` }),
      );
      expect(of(read)).toEqual(entry('sensitive_read', 'success', { actor: admin.id }));
      expect(of(reuse)).toEqual(entry('authn_token_reuse', 'denied', {}));
      expect(of(reset)).toEqual(entry('authn_password_reset', 'success', { target: user.id }));
      const locks = trail.filter(({ event, target }) => event === 'authn_login_lock' && target === user.id);
      expect(locks).toHaveLength(1);
      expect(faultsOf(trail)).toEqual([]);
    });

    it('holds no secret, and neither does the log', async () => {
      const { api, admin, writer, reader } = world();
      await login(api, { email: reader.email, password: 'a guess that is nearly right' });
      const written = JSON.stringify(await readTrail(admin)) + api.output();
      expect(written.length).toBeGreaterThan(1_000);
      const secrets = [
        administrator.password,
        'a guess that is nearly right',
        ...[admin, writer, reader].flatMap(({ password, accessToken, refresh: token, device }) => [
          password,
          accessToken,
          token,
          device,
        ]),
      ];
      for (const secret of secrets) expect(written.includes(secret)).toBe(false);
      expect(written).not.toContain('$argon2');
    });
  });
}
