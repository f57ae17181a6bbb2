import { expect, it } from 'vitest';
import * as secrets from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(secrets).sort()).toEqual([
    'SecretsError',
    'isSecret',
    'jwks',
    'keyBytes',
    'namedKeys',
    'optional',
    'readSecrets',
    'secret',
    'secretText',
    'serviceUrl',
  ]);
});
