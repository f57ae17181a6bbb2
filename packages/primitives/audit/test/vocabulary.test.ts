import { describe, expect, it } from 'vitest';
import { belongsInTrail, isSecurityEventName, levelOf, securityEvents } from '../src/index.js';

describe('the vocabulary', () => {
  it.each([
    ['authn_login_success', 'info', true],
    ['authn_login_fail', 'warn', true],
    ['authn_login_lock', 'warn', true],
    ['authn_password_reset', 'info', true],
    ['authn_token_reuse', 'critical', true],
    ['authz_fail', 'critical', true],
    ['privilege_permissions_changed', 'warn', true],
    ['sensitive_read', 'warn', true],
    ['sensitive_delete', 'warn', true],
    ['excess_rate_limit_exceeded', 'warn', false],
    ['input_validation_fail', 'warn', false],
    ['malicious_cors', 'critical', false],
    ['sys_crash', 'critical', false],
  ] as const)('%s is %s, in the trail: %s', (event, level, trail) => {
    expect(levelOf({ event, outcome: 'failure' })).toBe(level);
    expect(belongsInTrail({ event, outcome: 'failure' })).toBe(trail);
  });

  it('gives way to what an event says of itself', () => {
    expect(levelOf({ event: 'authz_fail', outcome: 'denied', level: 'info' })).toBe('info');
    expect(belongsInTrail({ event: 'authz_fail', outcome: 'denied', trail: false })).toBe(false);
    expect(belongsInTrail({ event: 'malicious_cors', outcome: 'denied', trail: true })).toBe(true);
  });

  it('knows its names and no inherited one', () => {
    for (const name of Object.keys(securityEvents)) expect(isSecurityEventName(name)).toBe(true);
    for (const name of ['toString', 'constructor', '__proto__', '', 'authn_login', undefined, 7]) {
      expect(isSecurityEventName(name)).toBe(false);
    }
  });

  it('is frozen and says of each event what it means', () => {
    expect(Object.isFrozen(securityEvents)).toBe(true);
    for (const [name, each] of Object.entries(securityEvents)) {
      expect(name).toMatch(/^[a-z]+(_[a-z0-9]+)+$/);
      expect(each.description).toMatch(/\.$/);
      expect(Object.isFrozen(each)).toBe(true);
    }
  });
});
