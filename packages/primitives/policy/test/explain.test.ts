import { describe, expect, it } from 'vitest';
import { explain, explainAccess } from '../src/explain.js';
import { createPolicy, ownedBy } from '../src/index.js';

const policy = createPolicy({
  resources: { post: ['read', 'delete'] },
  conditions: { owner: ownedBy('authorId'), never: { principal: () => false } },
  roles: {
    user: { grants: [{ permission: 'post:delete', when: 'owner' }, 'post:read'] },
    editor: { inherits: ['user'], grants: [{ permission: 'post:delete', when: 'never' }] },
    banned: { forbids: ['post:delete'] },
  },
  tenant: {},
});
const ada = { id: 'ada', roles: ['editor'], tenant: 'acme' };
const hers = { authorId: 'ada', tenantId: 'acme', secret: 'correct horse' };

describe('an explanation', () => {
  it('is one plain sentence', () => {
    expect(explain(policy.decide(ada, 'post:delete', hers))).toBe(
      'post:delete is allowed: it is granted (role editor, condition owner, by roles.user.grants[0]).',
    );
    expect(explain(policy.decide({ ...ada, roles: [] }, 'post:delete', hers))).toBe(
      'post:delete is denied: nothing grants it.',
    );
    expect(explain(policy.decide(ada, 'post:delete', { tenantId: 'globex' }))).toBe(
      'post:delete is denied: principal and resource are not of one tenant (by tenant).',
    );
    expect(explain(policy.decide({ ...ada, id: 'sue', actingFor: ada }, 'post:read', hers))).toContain(
      'sue acting for ada',
    );
  });

  it('holds nothing of the resource, and stays one line whatever it is given', () => {
    const odd = 'post:read\n2026 INFO granted' as 'post:read';
    const sentence = explain(policy.decide(ada, odd, hers));
    expect(sentence).toBe('post:read?2026?INFO?granted is denied: the policy declares no such permission.');
    expect(explain(policy.decide(ada, 'x'.repeat(10_000) as 'post:read')).length).toBeLessThan(300);
    expect(JSON.stringify(explainAccess(policy, ada, 'post:delete', hers))).not.toContain('correct horse');
  });

  it('lists every rule that was looked at, with what came of it', () => {
    const { decision, steps } = explainAccess(policy, ada, 'post:delete', hers);
    expect(decision.allowed).toBe(true);
    expect(steps.map(({ rule, effect, outcome }) => [rule, effect, outcome])).toEqual([
      ['tenant', 'bound', 'granted'],
      ['roles.editor.grants[0]', 'grant', 'condition_failed'],
      ['roles.user.grants[0]', 'grant', 'granted'],
    ]);
  });

  it('lists what bounds, forbids and the principal itself is granted', () => {
    const who = {
      ...ada,
      roles: ['banned'],
      scopes: ['post:delete'],
      grants: [{ permission: 'post:delete', until: 5 }],
      actingFor: ada,
    };
    const { decision, steps } = explainAccess(policy, who, 'post:delete', hers, { now: 9 });
    expect(decision.reason).toBe('forbidden');
    expect(steps.map(({ principal, rule, outcome }) => [principal, rule, outcome])).toEqual([
      ['ada', 'scopes', 'granted'],
      ['ada', 'tenant', 'granted'],
      ['ada', 'roles.banned.forbids[0]', 'granted'],
      ['ada', 'principal.grants[0]', 'not_in_force'],
      ['ada', 'tenant', 'granted'],
      ['ada', 'roles.editor.grants[0]', 'condition_failed'],
      ['ada', 'roles.user.grants[0]', 'granted'],
    ]);
  });

  it('of what is unknown lists nothing', () => {
    expect(explainAccess(policy, ada, 'post:fly' as 'post:read').steps).toEqual([]);
    expect(explainAccess(policy, null as never, 'post:read').decision.reason).toBe('invalid_principal');
  });

  it('is given of policies alone', () => {
    expect(() => explainAccess({ ...policy }, ada, 'post:read')).toThrow(/not a policy/);
  });
});
