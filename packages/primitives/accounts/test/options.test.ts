import { ConfigError } from '@secapi/kernel';
import { expect, it } from 'vitest';
import { type AccountsOptions, createAccounts } from '../src/index.js';
import { createWorld } from './support/world.js';

it.each<[string, object]>([
  ['accounts.mailers', { mailers: {} }],
  ['accounts.store', { store: undefined }],
  ['accounts.sessions', { sessions: { start() {} } }],
  ['accounts.hasher', { hasher: 'argon2' }],
  ['accounts.devices', { devices: undefined }],
  ['accounts.devices.key', { devices: { key: new Uint8Array(31) } }],
  ['accounts.devices.key', { devices: { key: 'a text of more than thirty-two letters' } }],
  ['accounts.lockout.limit', { lockout: { limit: 0 } }],
  ['accounts.lockout.limit', { lockout: { limit: Number.NaN } }],
  ['accounts.lockout.limit', { lockout: { limit: 101 } }],
  ['accounts.lockout.windows', { lockout: { windows: '1h' } }],
  ['accounts.lockout.maxDelay', { lockout: { baseDelay: '2h' } }],
  ['accounts.mailBudget.limit', { mailBudget: { limit: Number.POSITIVE_INFINITY } }],
  ['accounts.resetLifetime', { resetLifetime: '2d' }],
  ['accounts.revocationPeriod', { revocationPeriod: 'soon' }],
])('refuses to be built with a wrong %s', (option, wrong) => {
  const options = { ...createWorld().options, ...wrong } as AccountsOptions; // what untyped code could pass
  expect(() => createAccounts(options)).toThrow(ConfigError);
  expect(() => createAccounts(options)).toThrow(expect.objectContaining({ option }));
});
