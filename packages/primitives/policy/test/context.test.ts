import { describe, expect, it } from 'vitest';
import { createPolicy, type PolicyContext } from '../src/index.js';

interface Request extends PolicyContext {
  readonly now: number;
  readonly region?: string;
}

const policy = createPolicy({
  resources: { report: ['read', 'export'], vault: ['open'] },
  conditions: {
    fromOffice: { context: (_principal, { address }) => address?.startsWith('10.') ?? false },
    sameRegion: {
      both: (_principal, report: { region: string }, context: Request) => report.region === context.region,
    },
  },
  roles: {
    analyst: {
      grants: [
        { permission: 'report:read', when: 'fromOffice' },
        { permission: 'report:export', when: ['fromOffice', 'sameRegion'] },
      ],
    },
    guard: { grants: ['vault:open'] },
  },
  forbids: [{ permission: 'vault:open', when: 'fromOffice' }],
});
const ada = { id: 'ada', roles: ['analyst'] };
const office = { address: '10.0.0.7', now: 0, region: 'eu' };

describe('a condition on the context', () => {
  it('is asked with what the caller tells of the request', () => {
    expect(policy.decide(ada, 'report:read', undefined, office)).toMatchObject({
      allowed: true,
      condition: 'fromOffice',
    });
    expect(policy.decide(ada, 'report:read', undefined, { address: '192.0.2.1' }).reason).toBe(
      'condition_failed',
    );
  });

  it('denies without a context, and forbids without one', () => {
    expect(policy.decide(ada, 'report:read').reason).toBe('context_missing');
    expect(policy.allowsSome(ada, 'report:read').reason).toBe('context_missing');
    expect(policy.decide({ id: 'g', roles: ['guard'] }, 'vault:open').reason).toBe('context_missing');
    expect(policy.decide({ id: 'g', roles: ['guard'] }, 'vault:open', undefined, {}).allowed).toBe(true);
  });

  it('can need the resource as well', () => {
    expect(policy.decide(ada, 'report:export', { region: 'eu' }, office).allowed).toBe(true);
    expect(policy.decide(ada, 'report:export', { region: 'us' }, office).allowed).toBe(false);
    expect(policy.decide(ada, 'report:export', undefined, office).reason).toBe('resource_missing');
    expect(policy.decide(ada, 'report:export', { region: 'eu' }).reason).toBe('context_missing');
    expect(policy.allowsSome(ada, 'report:export', office).reason).toBe('conditional');
  });
});
