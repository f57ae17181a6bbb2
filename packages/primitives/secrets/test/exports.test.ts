import { expect, it } from 'vitest';
import * as secrets from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(secrets).sort()).toEqual([
    'SecretsError',
    'choice',
    'duration',
    'flag',
    'hidden',
    'integer',
    'isSecret',
    'jwks',
    'keyBytes',
    'list',
    'namedKeys',
    'optional',
    'readEnvironment',
    'readSecrets',
    'secret',
    'secretEquals',
    'secretText',
    'serviceUrl',
    'setting',
    'text',
    'watchSecrets',
    'withDefault',
  ]);
});
